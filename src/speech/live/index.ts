import type { Duplex } from 'node:stream';
import type { Clock, LiveState, Log, Speech, SpeechHints } from '../../core/ports.ts';
import { ConnectionPool } from './connection-pool.ts';
import { type LiveCounters, newCounters, type SharedParts } from './shared.ts';
import { Stream } from './stream.ts';
import { DEFAULT_TIMINGS, type LiveTimings } from './timings.ts';

export interface LiveSpeechOptions {
  readonly apiKey: string;
  /** The same as for recordings; `http` becomes `ws`. */
  readonly baseUrl: string;
  /** Open sockets at once: a plan of the engine allows a number of streams for a whole project. Default 50. */
  readonly maxStreams?: number;
  /**
   * How long the socket of a silent speaker stays open. Engines bill a minimum for each connection, and opening one
   * delays the first words; an open one counts against `maxStreams`. Default 30 s.
   */
  readonly lingerMs?: number;
  /** Excludes audio from the vendor's training data. Default true. */
  readonly mipOptOut?: boolean;
  /** Asked for each stream. Default: none. */
  readonly hints?: () => SpeechHints;
  readonly timings?: Partial<LiveTimings>;
  /** From 0 to 1, to spread waits. */
  readonly random?: () => number;
  /** For each caption with words: from the arrival of its last audio to the caption. */
  readonly onCaptionDelay?: (delayMs: number) => void;
  /** How sockets to the engine are opened. Default: TCP or TLS, by `baseUrl`. */
  readonly createConnection?: () => Duplex;
  readonly clock: Clock;
  readonly log: Log;
}

/** Counters since the process began, and how many streams are open. */
export interface LiveFigures extends Readonly<LiveCounters> {
  /** Open streams whose captions are on time, and those whose captions are late. */
  readonly live: number;
  readonly delayed: number;
  /** The most connections at once: the configured number, or what the engine was found to admit. */
  readonly seats: number;
}

export interface LiveSpeech {
  readonly openLive: Speech['openLive'];
  figures(): LiveFigures;
  /** Closes every stream as `LiveStream.close` does. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_MAX_STREAMS = 50;
const DEFAULT_LINGER_MS = 30_000;

/** Live speech over Deepgram's WebSocket: streams outlive their connections, and share a pool of them. */
export const createLiveSpeech = (options: LiveSpeechOptions): LiveSpeech => {
  const { clock, log } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const streams = new Set<Stream>();
  const counters = newCounters();
  const shared: SharedParts = {
    baseUrl: options.baseUrl,
    apiKey: options.apiKey,
    mipOptOut: options.mipOptOut ?? true,
    hints: options.hints ?? (() => ({ languages: [], terms: [] })),
    createConnection: options.createConnection,
    pool: new ConnectionPool(options.maxStreams ?? DEFAULT_MAX_STREAMS, timings, clock),
    lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
    timings,
    random: options.random ?? Math.random,
    counters,
    onCaptionDelay: options.onCaptionDelay ?? (() => {}),
    clock,
    log,
  };
  return {
    openLive(live) {
      const stream = new Stream(live, shared);
      streams.add(stream);
      void stream.whenEnded.then(() => streams.delete(stream));
      return stream;
    },
    figures() {
      const inState = (state: LiveState): number =>
        [...streams].filter((stream) => stream.state === state).length;
      return {
        ...counters,
        live: inState('live'),
        delayed: inState('delayed'),
        seats: shared.pool.size,
      };
    },
    async close() {
      await Promise.all([...streams].map((stream) => stream.close()));
    },
  };
};
