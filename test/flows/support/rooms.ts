import { phonePersonId } from '../../../src/core/calls/person.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, LegId, MemberId } from '../../../src/core/ids.ts';
import type {
  AudioSink,
  LegAudioOutput,
  MeetingPerson,
  PendingPhone,
  RoomCaption,
  RoomOptions,
  Rooms,
} from '../../../src/core/ports.ts';

const FORMAT = { encoding: 'linear16', sampleRateHz: 16_000 } as const;

/** What was sent to the pages of a room, or done to it. */
export type RoomEvent =
  | { readonly type: 'caption'; readonly caption: RoomCaption }
  | { readonly type: 'captions-delayed'; readonly delayed: boolean }
  | { readonly type: 'captions-stopped'; readonly sentence: string }
  | {
      readonly type: 'talk-time';
      readonly parties: readonly { readonly partyIndex: number; readonly speakingMs: number }[];
    }
  | { readonly type: 'ended'; readonly by: string | null }
  | { readonly type: 'closed' };

/** Rooms without media: a test says who joins them, and what their microphones pick up. */
export const createTestRooms = () => {
  const open = new Map<ConversationId, OpenRoom>();
  const events: RoomEvent[] = [];
  let unavailable: string | null = null;
  let failure: (() => Promise<never>) | null = null;

  const rooms: Rooms = {
    unavailableReason: () => unavailable,
    async open(id, options) {
      if (failure !== null) await failure();
      const room = createRoom(options, (event) => events.push(event));
      open.set(id, room);
      const close = (): void => {
        if (open.get(id) === room) open.delete(id);
        for (const sink of room.sinks.splice(0)) sink.close();
      };
      return {
        ...room.port,
        end(by) {
          events.push({ type: 'ended', by });
          for (const { output } of room.phones.values()) output.removed();
          close();
        },
        close() {
          if (!open.has(id)) return;
          events.push({ type: 'closed' });
          for (const { output } of room.phones.values()) output.removed();
          close();
        },
      };
    },
  };

  return {
    rooms,
    events,
    eventsOf: <T extends RoomEvent['type']>(type: T): Extract<RoomEvent, { type: T }>[] =>
      events.filter((event): event is Extract<RoomEvent, { type: T }> => event.type === type),
    isOpen: (id: ConversationId) => open.has(id),
    /** The room of a meeting that is hosted here. */
    of: (id: ConversationId): OpenRoom => {
      const room = open.get(id);
      if (room === undefined) throw new Error(`no room is open for ${id}`);
      return room;
    },
    setUnavailable(sentence: string | null) {
      unavailable = sentence;
    },
    /** Opening a room waits for this from now on, which ends by failing; null for rooms that open. */
    setFailure(wait: (() => Promise<never>) | null) {
      failure = wait;
    },
  };
};
export type TestRooms = ReturnType<typeof createTestRooms>;

/** A room as a test sees it. */
type OpenRoom = ReturnType<typeof createRoom>;

const createRoom = (options: RoomOptions, record: (event: RoomEvent) => void) => {
  const sinks: AudioSink[] = [];
  const phones = new Map<LegId, { output: LegAudioOutput; party: number }>();
  const partyOf = new Map<MemberId, number>(options.parties.map((personId, party) => [personId, party]));
  let participants = 0;
  let pending: readonly PendingPhone[] = [];
  let fullReason: string | null = null;
  let updates = 0;
  const declined: LegId[] = [];

  const numberOf = (personId: MemberId): number => {
    const party = partyOf.get(personId) ?? partyOf.size;
    partyOf.set(personId, party);
    return party;
  };
  const join = (person: MeetingPerson) => {
    participants += 1;
    const participantId = `participant-${participants}`;
    const party = numberOf(person.personId);
    options.on.joined(participantId, party, person);
    const leave = (): void => options.on.left(participantId, { browsers: 0, phones: 0 });
    return { party, leave };
  };

  return {
    options,
    sinks,
    phones,
    declined,
    get pendingPhones() {
      return pending;
    },
    /** How often its phones were shown. */
    get updates() {
      return updates;
    },
    /** Admits no phone from now on. */
    fill(sentence: string) {
      fullReason = sentence;
    },
    /** A person joins with a browser. */
    join(person: MeetingPerson) {
      const { party, leave } = join(person);
      const sink = options.openAudioSink(party, FORMAT);
      sinks.push(sink);
      return { party, leave, sink };
    },
    port: {
      sendCaption: (caption: RoomCaption) => record({ type: 'caption', caption }),
      setCaptionsDelayed: (delayed: boolean) => record({ type: 'captions-delayed', delayed }),
      stopCaptions: (sentence: string) => record({ type: 'captions-stopped', sentence }),
      sendTalkTime: (parties: Extract<RoomEvent, { type: 'talk-time' }>['parties']) =>
        record({ type: 'talk-time', parties }),
      setPendingPhones(phones: readonly PendingPhone[]) {
        updates += 1;
        pending = phones;
      },
      async addPhone({ legId, name }: { legId: LegId; name: string }, output: LegAudioOutput) {
        if (fullReason !== null) {
          throw new AppError({ code: 'media-failed', retryable: false, userMessage: fullReason });
        }
        const { party, leave } = join({ personId: phonePersonId(legId), name, host: false });
        phones.set(legId, { output, party });
        return {
          party,
          receive: () => {},
          decline: () => void declined.push(legId),
          leave() {
            if (phones.get(legId)?.output === output) phones.delete(legId);
            leave();
          },
        };
      },
    },
  };
};
