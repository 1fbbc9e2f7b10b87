import type { WebSocket } from 'ws';
import { AppError } from '../core/error.ts';
import type { ConversationId, LegId, MemberId } from '../core/ids.ts';
import type { Log, MeetingPerson, Room, RoomOptions, Rooms } from '../core/ports.ts';
import { ENGINE_FORMATS } from './audio/engine-formats.ts';
import { createFrameClock } from './phones/frame-clock.ts';
import { Refused } from './refused.ts';
import { createResumeTokens } from './resume-tokens.ts';
import { Meeting } from './signalling/meeting.ts';
import type { MeetingParts } from './signalling/meeting-options.ts';
import type { IceServer } from './signalling/messages.ts';
import type { Identity, Participant } from './signalling/participant.ts';
import { serveSession } from './signalling/session.ts';
import { pipeSpeakerAudio } from './speaker-pipeline.ts';
import type { Workers } from './workers.ts';

/** The Rooms port over mediasoup, and the way in for sockets of pages. */
export interface MediaRooms extends Rooms {
  /** Serves a page whose link was checked. Where the room is not open (any more), the page is told to come again. */
  serve(
    id: ConversationId,
    ws: WebSocket,
    person: MeetingPerson & Pick<Identity, 'browser' | 'mustResume'>,
  ): void;
  figures(): MediaFigures;
  /** Closes every room. Workers are their owner's. Idempotent. */
  close(): void;
}

/** How things are in this process. */
export interface MediaFigures {
  readonly meetings: number;
  /** Browsers that are in one, those that are coming back included. */
  readonly people: number;
  /** Telephones that are in one. */
  readonly telephones: number;
  readonly workersAlive: number;
  /** Since the process began. */
  readonly workerDeaths: number;
}

/** @see https://www.iana.org/assignments/websocket/websocket.xhtml#close-code-number */
const TRY_AGAIN = 1013;

export const createRooms = (options: {
  /** The workers, or why there are none (yet). */
  readonly workers: () => Workers | { readonly missing: string };
  readonly iceServers: (personId: string) => readonly IceServer[];
  /** Seals the tokens with which people take up their places again. */
  readonly secret: Uint8Array;
  readonly log: Log;
}): MediaRooms => {
  const { log } = options;
  const meetings = new Map<ConversationId, Meeting>();
  const frameClock = createFrameClock(() => performance.now());

  const open = async (id: ConversationId, room: RoomOptions): Promise<Room> => {
    const workers = options.workers();
    if ('missing' in workers) throw missingWorkers(workers.missing);
    /** Closed by `end`: then nobody has to be told what they asked for. */
    let ending = false;
    const meeting = await Meeting.create({
      title: room.title,
      workers,
      log,
      nowMs: room.nowMs,
      captionsOn: room.captionsOn,
      captionsStopped: room.captionsStopped,
      mayAddPhone: room.mayAddPhone,
      frameClock,
      parties: room.parties,
      removedPersons: room.removed,
      seats: createResumeTokens({ secret: options.secret, meeting: id }),
      parts: partsFor(room, { log, iceServers: options.iceServers, isEnding: () => ending }),
    });
    meetings.set(id, meeting);
    const forget = (): void => {
      if (meetings.get(id) === meeting) meetings.delete(id);
    };
    return {
      sendCaption: (caption) => meeting.caption(caption),
      setCaptionsDelayed: (delayed) => meeting.captions.setDelayed(delayed),
      stopCaptions: (sentence) => meeting.captions.stop(sentence),
      addPhone: (phone, line) => meeting.phones.add(phone, line).catch(throwNoPlace),
      setPendingPhones: (phones) => meeting.phones.setOutside(phones),
      sendTalkTime: (parties) => meeting.talkTime(parties),
      end(by) {
        ending = true;
        forget();
        meeting.end(by === null ? null : { personId: '', name: by, host: true });
      },
      close() {
        forget();
        meeting.close();
      },
    };
  };

  const placesBy = (wanted: (place: Participant) => boolean): number =>
    [...meetings.values()].reduce(
      (total, { places }) => total + [...places.values()].filter(wanted).length,
      0,
    );

  return {
    unavailableReason() {
      const workers = options.workers();
      return 'missing' in workers ? workers.missing : null;
    },
    open,
    serve(id, ws, person) {
      const meeting = meetings.get(id);
      if (meeting === undefined) ws.close(TRY_AGAIN, 'Please come again.');
      else serveSession({ ws, identity: person, meeting, log, nowMs: () => performance.now() });
    },
    figures() {
      const workers = options.workers();
      return {
        meetings: meetings.size,
        people: placesBy((place) => place.phone === null),
        telephones: placesBy((place) => place.phone !== null),
        workersAlive: 'missing' in workers ? 0 : workers.pids().length,
        workerDeaths: 'missing' in workers ? 0 : workers.deaths(),
      };
    },
    close() {
      for (const meeting of meetings.values()) meeting.close();
      meetings.clear();
    },
  };
};

/** What a meeting of this room has from the flows, in its own words. */
const partsFor = (
  room: RoomOptions,
  around: {
    readonly log: Log;
    readonly iceServers: (personId: string) => readonly IceServer[];
    readonly isEnding: () => boolean;
  },
): MeetingParts => ({
  listen: (speaker) =>
    pipeSpeakerAudio({
      speaker,
      ear: room.openAudioSink(speaker.partyIndex, ENGINE_FORMATS[speaker.codec]),
      nowMs: room.nowMs,
      log: around.log,
    }),
  transcript(since) {
    const { lines, last, more, parties } = room.transcript(since);
    return {
      lines: lines.map(({ party, id, text, startMs, endMs }) => ({
        partyIndex: party,
        id,
        text,
        startMs,
        endMs,
      })),
      last,
      more,
      parties: parties.map(({ name }, partyIndex) => ({ partyIndex, name })),
    };
  },
  iceServers: ({ personId }) => around.iceServers(personId),
  joined: ({ peerId, partyIndex, identity }) => room.on.joined(peerId, partyIndex, personOf(identity)),
  left: ({ peerId, here }) => room.on.left(peerId, here),
  removed: ({ personId }) => room.on.removed(personId as MemberId),
  captionsSwitched: (on) => room.on.captionsSwitched(on),
  phoneAsked: (by, number) => room.on.phoneRequested(personOf(by), number),
  hangUpAsked: (by, legId) => room.on.hangUpRequested(personOf(by), legId as LegId),
  ended: ({ personId }) => {
    if (!around.isEnding()) room.on.ended(personId as MemberId);
  },
});

/** The link said who they are, and the flows made the link. */
const personOf = ({ personId, name, host }: Identity): MeetingPerson => ({
  personId: personId as MemberId,
  name,
  host,
});

/** What keeps a telephone out is put in the room's own words; anything else that fails is ours. */
const throwNoPlace = (error: unknown): never => {
  if (!(error instanceof Refused)) throw error;
  throw new AppError({
    code: 'media-failed',
    retryable: false,
    userMessage: error.sentence,
    cause: error,
  });
};

const missingWorkers = (sentence: string): AppError =>
  new AppError({ code: 'media-failed', retryable: false, userMessage: sentence });
