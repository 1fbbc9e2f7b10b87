import type { LiveState, Log, Speech } from '../../core/ports.ts';
import { ConnectionPool } from './connection-pool.ts';
import { DEFAULT_PACE, type LivePace } from './pace.ts';
import { Stream } from './stream.ts';
import { type LiveFigures, newTally } from './tally.ts';
import { liveUrl } from './wire.ts';

export type { LivePace } from './pace.ts';
export type { LiveFigures } from './tally.ts';

export interface LiveSpeechOptions {
  readonly apiKey: string;
  /** The same as for recordings; `http` becomes `ws`. */
  readonly baseUrl: string;
  /** Sockets open at once. The engine's plans allow a number of streams for a whole project. Default 50. */
  readonly maxStreams?: number;
  /**
   * How long the socket of a silent speaker is kept open. Engines bill a minimum for each connection, and opening
   * one takes a moment of somebody's speech; keeping it takes a seat. Default 30 s.
   */
  readonly lingerMs?: number;
  /** Keeps what is said out of the vendor's training data. Default true. */
  readonly mipOptOut?: boolean;
  readonly pace?: Partial<LivePace>;
  /** From 0 to 1, for the spreading of waits. */
  readonly random?: () => number;
  /** Told with each caption that has words: how long after its last audio had come it came. */
  readonly onCaptionDelay?: (delayMs: number) => void;
  readonly log: Log;
}

export interface LiveSpeech {
  readonly openLive: Speech['openLive'];
  figures(): LiveFigures;
  /** Closes every stream as `LiveStream.close` does. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_MAX_STREAMS = 50;
const DEFAULT_LINGER_MS = 30_000;

/** Live speech over Deepgram's WebSocket: streams that outlive their connections, and share a number of them. */
export const createLiveSpeech = (options: LiveSpeechOptions): LiveSpeech => {
  const pace = { ...DEFAULT_PACE, ...options.pace };
  const nowMs = (): number => performance.now();
  const seats = new ConnectionPool(options.maxStreams ?? DEFAULT_MAX_STREAMS, pace, nowMs);
  const streams = new Set<Stream>();
  const tally = newTally();
  return {
    openLive(live) {
      const stream = new Stream(live, {
        url: liveUrl(options.baseUrl, live, { mipOptOut: options.mipOptOut ?? true }),
        apiKey: options.apiKey,
        seats,
        lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
        pace,
        nowMs,
        random: options.random ?? Math.random,
        tally,
        onCaptionDelay: options.onCaptionDelay ?? (() => {}),
        log: options.log,
      });
      streams.add(stream);
      void stream.whenEnded.then(() => streams.delete(stream));
      return stream;
    },
    figures() {
      const inState = (state: LiveState): number =>
        [...streams].filter((stream) => stream.state === state).length;
      return { ...tally, live: inState('live'), delayed: inState('delayed') };
    },
    async close() {
      await Promise.all([...streams].map((stream) => stream.close()));
    },
  };
};
