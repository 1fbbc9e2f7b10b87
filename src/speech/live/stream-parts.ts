import type { Log } from '../../core/ports.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { LivePace } from './pace.ts';
import type { Tally } from './tally.ts';

/** What all streams of live speech share. */
export interface StreamParts {
  readonly url: string;
  readonly apiKey: string;
  readonly seats: ConnectionPool;
  /** A socket closes when its speaker has been silent for this long. */
  readonly lingerMs: number;
  readonly pace: LivePace;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Counted into, by all streams. */
  readonly tally: Tally;
  /** How long after its last audio had come a caption came. */
  readonly onCaptionDelay: (delayMs: number) => void;
  readonly log: Log;
}
