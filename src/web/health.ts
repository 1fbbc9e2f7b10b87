import type { WallClock } from '../core/ports.ts';

/** What an instance needs to work: each either works now or does not. */
interface Parts {
  /** The connection to the chat service. */
  readonly chat: () => boolean;
  readonly database: () => Promise<boolean>;
  /** Whether jobs that are due are found and taken. */
  readonly jobs: () => boolean;
}

export interface Health {
  /** What does not work, as words for an administrator. Ready when there is nothing. */
  missing(): Promise<readonly string[]>;
  /** Whether only a new process can continue: a restart ends meetings, so it must be worth it. */
  isStuck(): Promise<boolean>;
}

/** Anyone may ask, as often as they like, so the database is asked no more often. */
const ASK_EVERY_MS = 1_000;
/** For a queue that does not go on although the database answers. Longer than each of its timeouts. */
const STUCK_AFTER_MS = 120_000;

export const createHealth = ({ chat, database, jobs }: Parts, clock: WallClock): Health => {
  let asked: { readonly atMs: number; readonly answer: Promise<boolean> } | null = null;
  let stoppedSinceMs: number | null = null;

  const askDatabase = (): Promise<boolean> => {
    const nowMs = clock.nowMs();
    // A clock that was set back must not keep an old answer.
    if (asked === null || Math.abs(nowMs - asked.atMs) >= ASK_EVERY_MS) {
      asked = { atMs: nowMs, answer: database() };
    }
    return asked.answer;
  };

  return {
    async missing() {
      const parts = { Slack: chat(), database: await askDatabase(), jobs: jobs() };
      return Object.entries(parts).flatMap(([name, works]) => (works ? [] : [name]));
    },
    async isStuck() {
      if (jobs() || !(await askDatabase())) {
        stoppedSinceMs = null;
        return false;
      }
      stoppedSinceMs ??= clock.nowMs();
      return clock.nowMs() - stoppedSinceMs >= STUCK_AFTER_MS;
    },
  };
};
