import type { WorkspaceId } from '../../core/ids.ts';
import type { CancelTimer, Clock } from '../../core/ports.ts';

/** A write of a message that changes often, waiting for its turn. */
interface Waiting {
  /** Monotonic: when what it shows last changed. */
  readonly changedAtMs: () => number;
  /** Called once, possibly before `request` returns. */
  readonly go: () => void;
}

/**
 * The edits a minute that the chat service allows in a workspace, shared by all messages that follow something live: the
 * captions and cards of meetings, the progress of recordings.
 */
export interface EditBudget {
  /** The turn is given up by calling the result. */
  request(workspaceId: WorkspaceId, waiting: Waiting): CancelTimer;
  /** The service asked for a wait, which concerns the whole workspace. */
  hold(workspaceId: WorkspaceId, forMs: number): void;
}

/**
 * Slack allows 50 edits a minute in a workspace. In any minute these two add up to that; a new process of Parley, or
 * results that are shown meanwhile, exceed it now and then, and `hold` is for that.
 * @see https://docs.slack.dev/apis/web-api/rate-limits (Tier 3, chat.update)
 */
const PER_MINUTE = 45;
const BURST = 5;
/** The latest change goes first; one that has waited for so long goes before all others. */
const LONGEST_WAIT_MS = 10_000;

export const createEditBudget = (clock: Clock): EditBudget => {
  const workspaces = new Map<WorkspaceId, WorkspaceBudget>();
  const budgetOf = (id: WorkspaceId): WorkspaceBudget => {
    const known = workspaces.get(id) ?? createWorkspaceBudget(clock);
    workspaces.set(id, known);
    return known;
  };
  return {
    request: (id, waiting) => budgetOf(id).request(waiting),
    hold: (id, forMs) => budgetOf(id).hold(forMs),
  };
};

interface WorkspaceBudget {
  request(waiting: Waiting): CancelTimer;
  hold(forMs: number): void;
}

const createWorkspaceBudget = (clock: Clock): WorkspaceBudget => {
  const waiting = new Map<Waiting, { readonly sinceMs: number }>();
  let edits = BURST;
  let countedAtMs = clock.monotonicMs();
  let heldUntilMs = 0;
  let cancelTimer: CancelTimer | null = null;

  /** Until the next edit may be made. */
  const waitMs = (nowMs: number): number => {
    const perMs = PER_MINUTE / 60_000;
    edits = Math.min(BURST, edits + (nowMs - countedAtMs) * perMs);
    countedAtMs = nowMs;
    return Math.ceil(Math.max(heldUntilMs - nowMs, (1 - edits) / perMs));
  };

  const next = (nowMs: number): Waiting => {
    // In the order in which they began to wait.
    const all = [...waiting];
    const [longest] = all;
    if (longest !== undefined && nowMs - longest[1].sinceMs >= LONGEST_WAIT_MS) return longest[0];
    return all.map(([one]) => one).reduce((a, b) => (b.changedAtMs() > a.changedAtMs() ? b : a));
  };

  const serve = (): void => {
    while (cancelTimer === null && waiting.size > 0) {
      const nowMs = clock.monotonicMs();
      const ms = waitMs(nowMs);
      if (ms > 0) {
        cancelTimer = clock.after(ms, () => {
          cancelTimer = null;
          serve();
        });
        return;
      }
      edits -= 1;
      const chosen = next(nowMs);
      waiting.delete(chosen);
      chosen.go();
    }
  };

  return {
    request(one) {
      waiting.set(one, { sinceMs: clock.monotonicMs() });
      serve();
      return () => void waiting.delete(one);
    },
    hold(forMs) {
      heldUntilMs = Math.max(heldUntilMs, clock.monotonicMs() + forMs);
    },
  };
};
