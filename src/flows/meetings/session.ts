import { phonePersonId } from '../../core/calls/person.ts';
import type { Leg } from '../../core/calls/types.ts';
import type { Conversation, MeetingConversation } from '../../core/conversation/types.ts';
import type { LegId } from '../../core/ids.ts';
import type { Clock, LegAudioInput, LegAudioOutput, Room, RoomOptions, Rooms } from '../../core/ports.ts';
import { isMeeting, type PostedMeeting } from '../util/conversations.ts';
import { type CaptionPipeline, type CaptionPorts, openCaptionPipeline } from './captions/pipeline.ts';
import { loadCardFacts } from './card.ts';
import { createSessionClosing, type SessionClosing } from './closing.ts';
import { type Instance, keepLease, type LeaseKeeper } from './lease.ts';
import { createParticipants, type Participants } from './participants.ts';
import { createPhoneBridge, type PhoneBridge } from './phones/bridge.ts';
import { type CallOptions, dialInNumber, dialInto } from './phones/dial-out.ts';
import { createMeetingWrites, type MeetingWrites } from './writes.ts';

/** A meeting that this process hosts: joins its room, the speech engine, the database and the thread. */
export interface MeetingSession extends Pick<SessionClosing, 'end' | 'suspend'> {
  /** The audio of a phone begins to flow. Null when the phone is not admitted (any more). */
  connect(leg: Leg, output: LegAudioOutput, onKey: (key: string) => void): Promise<LegAudioInput | null>;
  /** A phone was just told to connect its audio. */
  connecting(id: LegId): void;
  /** Something about its phones was stored. */
  legsChanged(): void;
}

export interface SessionPorts extends CaptionPorts {
  readonly rooms: Rooms;
  readonly instance: Instance;
  readonly calls: CallOptions | null;
}

/**
 * Opens a meeting here, as it was left. This instance holds the lease already.
 * @param onClosed called when it is not hosted here any more
 * @throws AppError when its room can't be opened, or the database fails
 */
export const openMeetingSession = async (
  ports: SessionPorts,
  conversation: PostedMeeting,
  onClosed: () => void,
): Promise<MeetingSession> => {
  const { id } = conversation;
  const { record, lines, facts } = await loadMeeting(ports, conversation);
  const nowMs = meetingClock(conversation, lines.at(-1)?.endMs ?? 0, ports.clock);
  const writes = createMeetingWrites(ports, id);

  await using opening = new AsyncDisposableStack();
  opening.defer(() => writes.flushed());
  const participants: Participants = opening.use(
    createParticipants(ports, {
      conversation,
      parties: record.parties,
      facts,
      phones: () => phones,
      writes,
      onAlone: () => void closing.end(null),
    }),
  );
  const captions = opening.use(
    await openCaptionPipeline(ports, {
      conversation,
      known: lines,
      parties: () => participants.parties,
      room: () => room,
      retryUntilStored: writes.retryUntilStored,
      onUnsaved: (unsaved) => participants.captionsUnsaved(unsaved),
      onRefused: () => void lease.renew(),
    }),
  );
  const room: Room = await ports.rooms.open(id, {
    title: conversation.title,
    captionsOn: record.captionsOn,
    captionsStopped: null,
    mayAddPhone: ports.calls !== null && ports.calls.phone.unavailableReason() === null,
    parties: record.parties.map(({ personId }) => personId),
    removed: record.removed,
    nowMs,
    transcript: (since) => ({ ...captions.after(since), parties: participants.parties }),
    openAudioSink: (party, audio) => captions.openSink(party, audio),
    on: listenTo(ports, { conversation, participants, captions, writes }, () => ({ phones, closing })),
  });
  opening.defer(() => room.close());
  // Closed before the room: phones then wait for the instance that hosts the meeting next.
  const phones: PhoneBridge = opening.use(
    createPhoneBridge(ports, {
      conversation,
      legs: facts.legs,
      room,
      wasIn: (legId) => participants.nameOf(phonePersonId(legId)) !== null,
      nowMs,
      persist: writes.persist,
      onChange: () => participants.phonesChanged(),
      onLoaded: (stored) => endIfEnding(stored),
    }),
  );
  const closing = createSessionClosing(ports, {
    id,
    room,
    participants,
    writes,
    resources: opening.move(),
    lease: () => lease,
    onClosed,
  });
  const endIfEnding = (stored: Conversation | null): void => {
    if (isMeeting(stored) && stored.state.name === 'ending') void closing.end(stored.state.by);
  };
  const lease: LeaseKeeper = keepLease(ports, {
    id,
    onRenewed(stored) {
      if (closing.isClosing) return;
      endIfEnding(stored);
      // Another instance may have stored events of its phones.
      if (phones.legs.length > 0) phones.changed();
    },
    onLost: () => void closing.lose(),
  });
  participants.phonesChanged();

  return {
    connect: async (leg, output, onKey) => (closing.isClosing ? null : phones.connect(leg, output, onKey)),
    connecting: (legId) => phones.connecting(legId),
    legsChanged: () => phones.changed(),
    end: (by) => closing.end(by),
    suspend: () => closing.suspend(),
  };
};

const loadMeeting = ({ store, calls }: SessionPorts, { id }: PostedMeeting) =>
  store.transact(async (tx) => ({
    record: await tx.meeting(id),
    lines: await tx.lines(id),
    facts: await loadCardFacts(tx, id, dialInNumber(calls)),
  }));

/** What follows from the events of the room. `later`: parts that are there once the room is. */
const listenTo = (
  ports: SessionPorts,
  session: {
    readonly conversation: PostedMeeting;
    readonly participants: Participants;
    readonly captions: CaptionPipeline;
    readonly writes: MeetingWrites;
  },
  later: () => { readonly phones: PhoneBridge; readonly closing: SessionClosing },
): RoomOptions['on'] => {
  const { conversation, participants, captions, writes } = session;
  const { id } = conversation;
  return {
    joined(participantId, party, person) {
      participants.joined(participantId, party, person);
      captions.resendTalkTime();
    },
    left: (participantId) => participants.left(participantId),
    removed: (personId) => writes.enqueue((tx) => tx.saveRemoved(id, personId)),
    captionsSwitched(on) {
      participants.captionsSwitched(on);
      writes.enqueue((tx) => tx.saveCaptionsOn(id, on));
    },
    ended: (by) => void later().closing.end(by),
    async phoneRequested(by, number) {
      const refusal = await dialInto(ports, conversation, by.personId, number);
      if (refusal === null) later().phones.changed();
      return refusal;
    },
    hangUpRequested: (_by, legId) =>
      void later()
        .phones.hangUp(legId)
        .catch((error: unknown) =>
          ports.log.warn({ err: error, leg: legId }, 'a phone could not be hung up'),
        ),
  };
};

/**
 * Milliseconds since the meeting began, here or in an earlier process. Never goes back, and never behind what is
 * transcribed.
 */
const meetingClock = (
  { startedAtMs }: MeetingConversation,
  transcribedUntilMs: number,
  clock: Clock,
): (() => number) => {
  const openedMs = clock.monotonicMs();
  const wallMs = clock.nowMs();
  const offsetMs = Math.max(wallMs - (startedAtMs ?? wallMs), transcribedUntilMs);
  return () => offsetMs + (clock.monotonicMs() - openedMs);
};
