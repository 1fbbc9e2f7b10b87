/**
 * Slack's rate limits as token buckets. A tier is the number of calls a minute that a method sustains; "some bursts" is taken
 * as 40% of a minute's calls at once. Messages have their own limit: one a second per channel, with a short burst.
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export type Tier = 1 | 2 | 3 | 4 | 'special' | 'post';

const RATES: Record<Tier, { readonly perMinute: number; readonly burst: number }> = {
  1: { perMinute: 1, burst: 1 },
  2: { perMinute: 20, burst: 8 },
  3: { perMinute: 50, burst: 20 },
  4: { perMinute: 100, burst: 40 },
  // Documented as hundreds a minute.
  special: { perMinute: 300, burst: 100 },
  post: { perMinute: 60, burst: 4 },
};

export interface Limits {
  /** Takes one call. Null when it may go ahead, else the whole seconds to wait (`Retry-After`). */
  take(key: string, tier: Tier): number | null;
}

export const createLimits = (nowMs: () => number): Limits => {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take: (key, tier) => {
      const { perMinute, burst } = RATES[tier];
      const now = nowMs();
      const perMs = perMinute / 60_000;
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: now };
      const tokens = Math.min(burst, bucket.tokens + (now - bucket.atMs) * perMs);
      if (tokens >= 1) {
        buckets.set(key, { tokens: tokens - 1, atMs: now });
        return null;
      }
      buckets.set(key, { tokens, atMs: now });
      return Math.max(1, Math.ceil((1 - tokens) / perMs / 1000));
    },
  };
};
