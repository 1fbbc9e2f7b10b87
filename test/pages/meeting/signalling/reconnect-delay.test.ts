import { expect, it } from 'vitest';
import { reconnectDelayMs } from '../../../../src/pages/meeting/signalling/reconnect-delay.ts';

it.each([
  [0, 0, 150],
  [0, 1, 300],
  [3, 1, 2_400],
  [50, 0, 2_500],
  [50, 1, 5_000],
])('after %i attempts, with jitter %f, is %i ms', (attempts, random, delayMs) => {
  expect(reconnectDelayMs(attempts, random)).toBe(delayMs);
});
