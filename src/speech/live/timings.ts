/** In milliseconds. The defaults are for Deepgram; tests shorten them. */
export interface LiveTimings {
  /** A socket that does not open within this is given up. */
  readonly connectTimeoutMs: number;
  /**
   * Three pings without a sign of life (twice as many after a failure, and so on), and a connection is given up. Audio
   * meant for it waits that long, so this bounds how late captions are after a connection died silently.
   */
  readonly pingEveryMs: number;
  /** Between two KeepAlives in silence. The engine closes after some 12 s of neither audio nor KeepAlive. */
  readonly keepAliveMs: number;
  /**
   * An engine that answers pings, but has returned nothing for this long while seconds of audio or the end of a stream
   * are pending, is stalled. Doubled by each failure in a row, since a new connection only burdens a slow engine.
   */
  readonly stalledAfterMs: number;
  /** Before reconnecting: up to the first after one failure, doubled by each further one. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** Audio may wait this long for a connection before captions count as delayed. */
  readonly delayedAfterMs: number;
  /** A speaker silent for this long may lose the connection to a waiter. */
  readonly idleAfterMs: number;
  /** After waiting this long, a waiter takes over from a speaker who has held a connection for as long. */
  readonly preemptAfterMs: number;
  /** The engine was asked for finals at a pause: without them for this long, what is shown is final. */
  readonly finalizeTimeoutMs: number;
  /** The longest that closing a stream waits for its last finals; then what is left is sent as a recording. */
  readonly closeTimeoutMs: number;
  /** The longest that it waits for the words of that. */
  readonly leftoverTimeoutMs: number;
  /** With more than this to send, a stream that closes does not wait: the engine hears little faster than people speak. */
  readonly farBehindMs: number;
  /** How much audio is kept while the engine is away; beyond it the oldest is dropped. */
  readonly maxBufferedMs: number;
}

export const DEFAULT_TIMINGS: LiveTimings = {
  connectTimeoutMs: 5_000,
  // Three make a second: an engine on a busy machine has taken 800 ms to answer.
  pingEveryMs: 350,
  keepAliveMs: 4_000,
  stalledAfterMs: 30_000,
  firstRetryMs: 100,
  longestRetryMs: 5_000,
  delayedAfterMs: 1_000,
  idleAfterMs: 1_000,
  preemptAfterMs: 10_000,
  finalizeTimeoutMs: 3_000,
  // With the next one less than the 30 s within which a process has to end after SIGTERM.
  closeTimeoutMs: 10_000,
  leftoverTimeoutMs: 19_000,
  farBehindMs: 6_000,
  // 19 MB of 16 kHz linear16 for one speaker who never pauses.
  maxBufferedMs: 10 * 60_000,
};

/**
 * The wait before reconnecting after `failures` in a row, spread at random so that the streams of one meeting do not
 * return at the same time. `retryAfterMs` is what the engine requested, up to three of the longest waits.
 */
export const reconnectDelayMs = (
  failures: number,
  retryAfterMs: number | null,
  timings: Pick<LiveTimings, 'firstRetryMs' | 'longestRetryMs'>,
  random: () => number,
): number => {
  if (failures === 0) return 0;
  const ceiling = Math.min(timings.longestRetryMs, timings.firstRetryMs * 2 ** (failures - 1));
  // A first failure is mostly a single one, and someone is speaking: any wait will do, also none.
  const own = failures === 1 ? random() * ceiling : ceiling * (0.5 + random() / 2);
  return Math.max(own, Math.min(retryAfterMs ?? 0, 3 * timings.longestRetryMs));
};
