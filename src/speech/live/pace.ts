/** Every wait of live speech, in milliseconds. The defaults are for Deepgram; tests shorten them. */
export interface LivePace {
  /** A socket that does not open within this is given up. */
  readonly openWithinMs: number;
  /**
   * How often a socket is asked whether the other side is there. Three questions without any answer (twice as many
   * after a failure, and so on) and it is given up: audio meant for it waits that long, so this bounds how late
   * captions are after a connection died silently.
   */
  readonly askEveryMs: number;
  /** Between two KeepAlives while nobody speaks. The engine closes after 10 s of neither audio nor KeepAlive. */
  readonly keepAliveMs: number;
  /**
   * An engine that is there, and has said nothing for this long though seconds of audio or the end of a stream wait
   * for an answer, is stuck. Doubled by each failure in a row: to ask a slow engine anew only makes it slower.
   */
  readonly stuckAfterMs: number;
  /** Waits before connecting anew: up to the first after one failure, doubled by each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Audio may wait this long for a connection before captions count as delayed. */
  readonly delayedAfterMs: number;
  /** A speaker who has been silent for this long may lose the socket to somebody who waits. */
  readonly idleAfterMs: number;
  /** After waiting this long, one takes over from a speaker who has had a socket for as long, and still speaks. */
  readonly patienceMs: number;
  /** How long closing a stream waits for its last finals, whatever is in the way. */
  readonly closeWithinMs: number;
  /** How much audio is kept for an engine that is away; past it the oldest is given up. */
  readonly keepAudioMs: number;
}

export const DEFAULT_PACE: LivePace = {
  openWithinMs: 5_000,
  // Three make a second: an engine on a machine that is busy has taken 800 ms to answer.
  askEveryMs: 350,
  keepAliveMs: 4_000,
  stuckAfterMs: 30_000,
  firstWaitMs: 100,
  longestWaitMs: 5_000,
  delayedAfterMs: 1_000,
  idleAfterMs: 1_000,
  patienceMs: 10_000,
  closeWithinMs: 30_000,
  // 19 MB of 16 kHz linear16 for one speaker who never pauses.
  keepAudioMs: 10 * 60_000,
};

/**
 * The wait before attempt `failures` + 1, spread at random so that the streams of one meeting do not return all at
 * once. `retryAfterMs` is what the engine asked for; it is taken for at most three of the longest waits.
 */
export const waitBeforeMs = (
  failures: number,
  retryAfterMs: number | null,
  pace: Pick<LivePace, 'firstWaitMs' | 'longestWaitMs'>,
  random: () => number,
): number => {
  if (failures === 0) return 0;
  const ceiling = Math.min(pace.longestWaitMs, pace.firstWaitMs * 2 ** (failures - 1));
  // The first break is mostly a single one, and somebody is speaking: any wait will do, also none.
  const own = failures === 1 ? random() * ceiling : ceiling * (0.5 + random() / 2);
  return Math.max(own, Math.min(retryAfterMs ?? 0, 3 * pace.longestWaitMs));
};
