import { expect, it } from 'vitest';
import { reconnectDelayMs } from '../../../src/speech/live/timings.ts';

const timings = { firstRetryMs: 100, longestRetryMs: 5_000 };

it.each([
  // failures, retry after, the shortest and the longest wait
  [0, null, 0, 0],
  [1, null, 0, 100],
  [2, null, 100, 200],
  [4, null, 400, 800],
  [7, null, 2_500, 5_000],
  [1_000, null, 2_500, 5_000],
  [1, 2_000, 2_000, 2_000],
  [9, 3_000, 3_000, 5_000],
  [1, 3_600_000, 15_000, 15_000],
])(
  'after %d failures and Retry-After %s ms, it waits from %d to %d ms',
  (failures, retryAfterMs, least, most) => {
    expect(reconnectDelayMs(failures, retryAfterMs, timings, () => 0)).toBe(least);
    expect(reconnectDelayMs(failures, retryAfterMs, timings, () => 1)).toBe(most);
  },
);
