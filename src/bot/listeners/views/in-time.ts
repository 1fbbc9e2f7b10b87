import { setTimeout as delay } from 'node:timers/promises';

/** Slack shows an error after 3 s without an answer, and no dialogue later than that; this leaves time to travel. */
const ANSWER_WITHIN_MS = 2_300;

/** What `work` resolves to, or null when a submitted dialogue, or one that is to open, can wait for it no longer. */
export const inTime = <T>(work: Promise<T>): Promise<T | null> =>
  Promise.race([work, delay(ANSWER_WITHIN_MS, null, { ref: false })]);
