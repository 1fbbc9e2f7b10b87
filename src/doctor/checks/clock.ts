import { type Finding, findings } from '../finding.ts';
import { CLOCK } from '../sentences.ts';

/** The clock of another machine: null when it does not respond. */
export interface OtherClock {
  readonly name: string;
  readonly nowMs: () => Promise<number | null>;
}

/** Links last ten minutes, Slack's signatures five, and a relay's credentials are counted from now. */
const MAX_SKEW_MS = 30_000;
/** Dates in headers have whole seconds, and a round trip takes some time. */
const TOLERANCE_MS = 2_000;

/** Compares this machine's clock with the first other one that responds. */
export const checkClock = async (others: readonly OtherClock[], nowMs: () => number): Promise<Finding> => {
  const result = findings('Clock');
  for (const other of others) {
    const startedMs = nowMs();
    const otherMs = await other.nowMs().catch(() => null);
    if (otherMs === null) continue;
    const skewMs = (startedMs + nowMs()) / 2 - otherMs;
    if (Math.abs(skewMs) <= TOLERANCE_MS) return result.ok(CLOCK.ok(other.name));
    const message = CLOCK.off(Math.round(Math.abs(skewMs) / 1_000), skewMs > 0, other.name);
    return Math.abs(skewMs) <= MAX_SKEW_MS
      ? result.ok(message)
      : result.failed({ message, advice: CLOCK.advice });
  }
  return result.skipped(CLOCK.nothingToCompare);
};

/** By the `Date` header of any response of an HTTP server, refusals included. */
export const clockOf = (url: string): OtherClock => ({
  name: new URL(url).host,
  nowMs: async () => {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    });
    const atMs = Date.parse(response.headers.get('date') ?? '');
    // The header's second began half a second ago, on average.
    return Number.isNaN(atMs) ? null : atMs + 500;
  },
});
