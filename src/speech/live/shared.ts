import type { Duplex } from 'node:stream';
import type { Clock, Log, SpeechHints } from '../../core/ports.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { LiveTimings } from './timings.ts';

/** What all streams of live speech share. */
export interface SharedParts {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly mipOptOut: boolean;
  readonly hints: () => SpeechHints;
  /** How sockets are opened; left out, by TCP or TLS. */
  readonly createConnection: (() => Duplex) | undefined;
  readonly pool: ConnectionPool;
  /** A socket closes once its speaker has been silent for this long. */
  readonly lingerMs: number;
  readonly timings: LiveTimings;
  readonly random: () => number;
  readonly counters: LiveCounters;
  /** From the last audio of a caption to the caption. */
  readonly onCaptionDelay: (delayMs: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Since the process began. */
export interface LiveCounters {
  /** Audio sent to the engine; what is sent again after a failure counts again, as the engine counts it. */
  sentMs: number;
  /** Audio whose words cannot be had: the engine was away for longer than it is kept, or refused it. */
  lostMs: number;
  /** Connections that broke or were refused, and are retried. */
  reconnects: number;
  /** Final captions. */
  finals: number;
  /** Audio transcribed as a recording when its stream closed. */
  leftoverMs: number;
}

export const newCounters = (): LiveCounters => ({
  sentMs: 0,
  lostMs: 0,
  reconnects: 0,
  finals: 0,
  leftoverMs: 0,
});
