import type { WebSocket } from 'ws';
import { AppError } from '../core/error.ts';
import type { ConversationId } from '../core/ids.ts';
import type { Clock, Log, Room, RoomOptions, Rooms } from '../core/ports.ts';
import { createFrameClock } from './phones/frame-clock.ts';
import { createResumeTokens } from './resume-tokens.ts';
import { Meeting } from './signalling/meeting.ts';
import type { IceServer } from './signalling/messages.ts';
import type { Participant } from './signalling/participant.ts';
import { serveSession, type Visitor } from './signalling/session.ts';
import { pipeSpeakerAudio } from './speaker-pipeline.ts';
import type { Workers } from './workers.ts';

/** The Rooms port over mediasoup, and the sockets of pages. */
export interface ServedRooms extends Rooms {
  /** Serves a page whose link was verified. Where the room is not open (any more), the page has to try again. */
  serve(id: ConversationId, ws: WebSocket, visitor: Visitor): void;
  stats(): RoomStats;
  /** Closes every room. Workers belong to their owner. Idempotent. */
  close(): void;
}

/** Of this process. */
export interface RoomStats {
  readonly meetings: number;
  /** Participants in browsers, those who may resume included. */
  readonly browsers: number;
  readonly phones: number;
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
  /** Signs resume tokens. */
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}): ServedRooms => {
  const { iceServers, secret, clock, log } = options;
  const meetings = new Map<ConversationId, Meeting>();
  const frameClock = createFrameClock(() => clock.monotonicMs());

  const open = async (id: ConversationId, room: RoomOptions): Promise<Room> => {
    const workers = options.workers();
    if ('missing' in workers) throw workersMissing(workers.missing);
    const meeting: Meeting = await Meeting.create({
      room,
      workers,
      resumeTokens: createResumeTokens({ secret, meeting: id }),
      iceServers,
      pipeAudio: ({ codec }, sink) => pipeSpeakerAudio({ codec, sink, nowMs: room.nowMs, clock, log }),
      frameClock,
      clock,
      log,
      closed: () => {
        if (meetings.get(id) === meeting) meetings.delete(id);
      },
    });
    meetings.set(id, meeting);
    return meeting;
  };

  const count = (isCounted: (participant: Participant) => boolean): number =>
    [...meetings.values()].reduce(
      (total, { roster }) => total + [...roster.participants.values()].filter(isCounted).length,
      0,
    );

  return {
    unavailableReason() {
      const workers = options.workers();
      return 'missing' in workers ? workers.missing : null;
    },
    open,
    serve(id, ws, visitor) {
      const meeting = meetings.get(id);
      if (meeting === undefined) ws.close(TRY_AGAIN, 'The meeting is not open here.');
      else serveSession({ ws, visitor, meeting, clock, log });
    },
    stats() {
      const workers = options.workers();
      return {
        meetings: meetings.size,
        browsers: count(({ phone }) => phone === null),
        phones: count(({ phone }) => phone !== null),
        workersAlive: 'missing' in workers ? 0 : workers.pids().length,
        workerDeaths: 'missing' in workers ? 0 : workers.deaths(),
      };
    },
    close() {
      for (const meeting of meetings.values()) meeting.close();
    },
  };
};

const workersMissing = (sentence: string): AppError =>
  new AppError({ code: 'media-failed', retryable: false, userMessage: sentence });
