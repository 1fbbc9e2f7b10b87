import type { Clock } from '../../core/ports.ts';

/** A person waits for it: on the meeting page, or on the phone. */
const TIMEOUT_MS = 2_000;

/** What the chat service answers; null when it does not answer in time. */
export const inTime = async <T>(clock: Clock, answer: Promise<T>): Promise<T | null> => {
  const answered = new AbortController();
  const timeout = clock.sleep(TIMEOUT_MS, answered.signal).catch(() => {});
  try {
    return (await Promise.race([answer, timeout])) ?? null;
  } finally {
    answered.abort();
  }
};
