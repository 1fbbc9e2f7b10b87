/** Allows bursts, and a rate in the long run. `take` returns whether one more is within both. */
export const createTokenBucket = (options: {
  readonly burst: number;
  readonly perSecond: number;
  readonly nowMs: () => number;
}): { take(): boolean } => {
  const { burst, perSecond, nowMs } = options;
  let tokens = burst;
  let countedMs = nowMs();
  return {
    take() {
      const now = nowMs();
      tokens = Math.min(burst, tokens + ((now - countedMs) / 1_000) * perSecond);
      countedMs = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
};
