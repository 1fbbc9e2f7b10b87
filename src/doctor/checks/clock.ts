import { type Finding, findings } from '../finding.ts';

/** Somebody else's clock: null when it does not answer. */
export interface OtherClock {
  readonly name: string;
  readonly nowMs: () => Promise<number | null>;
}

/** Links last ten minutes, Slack's signatures five, and a relay's credentials are counted from now. */
const MOST_SKEW_MS = 30_000;
/** Dates in headers have whole seconds, and the way there takes some time. */
const ROUGHLY_MS = 2_000;

/** Compares this machine's clock with the first other one that answers. */
export const checkClock = async (others: readonly OtherClock[], nowMs: () => number): Promise<Finding> => {
  const tell = findings('Clock');
  for (const other of others) {
    const startedMs = nowMs();
    const theirs = await other.nowMs().catch(() => null);
    if (theirs === null) continue;
    const skewMs = (startedMs + nowMs()) / 2 - theirs;
    const seconds = Math.round(Math.abs(skewMs) / 1_000);
    if (Math.abs(skewMs) <= ROUGHLY_MS) return tell.ok(`agrees with that of ${other.name}`);
    const said = `is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} that of ${other.name}`;
    if (Math.abs(skewMs) <= MOST_SKEW_MS) return tell.ok(said);
    return tell.failed(
      said,
      'Links, signatures and relays then fail: let the machine set its clock (timedatectl set-ntp true).',
    );
  }
  return tell.skipped('nobody else’s clock to compare it with');
};

/** By the `Date` of any answer of an HTTP server, its refusals included. */
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
