import { systemClock } from '../../../src/clock.ts';
import type { Clock } from '../../../src/core/ports.ts';

/**
 * Time for a bot beside a real server, where virtual time would not wait for the network: a sleep takes at most
 * a moment, and a deadline passes when a test says so, and never by itself.
 */
export interface ImpatientClock extends Clock {
  /** Lets all deadlines pass that are set now. Returns how many there were. */
  expireDeadlines(): number;
}

const LONGEST_SLEEP_MS = 50;

export const createImpatientClock = (): ImpatientClock => {
  const deadlines = new Set<() => void>();
  return {
    ...systemClock,
    sleep: (ms, signal) => systemClock.sleep(Math.min(ms, LONGEST_SLEEP_MS), signal),
    after(_ms, work) {
      const deadline = (): void => work();
      deadlines.add(deadline);
      return () => void deadlines.delete(deadline);
    },
    expireDeadlines() {
      const expired = [...deadlines];
      deadlines.clear();
      for (const expire of expired) expire();
      return expired.length;
    },
  };
};
