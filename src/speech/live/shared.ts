import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../../core/ports.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { LiveTimings } from './timings.ts';

/** What all streams of live speech share. */
export interface SharedParts {
  readonly apiKey: string;
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
  /** Audio dropped because the engine was away for longer than it is kept. */
  lostMs: number;
  /** Connections that broke or were refused, and are retried. */
  reconnects: number;
  /** Final captions. */
  finals: number;
}

export const newCounters = (): LiveCounters => ({ sentMs: 0, lostMs: 0, reconnects: 0, finals: 0 });
