import { expect, it } from 'vitest';
import { createTokenBucket } from '../../src/media/token-bucket.ts';

it('allows a burst, then a rate, and never saves up more than a burst', () => {
  let nowMs = 0;
  const bucket = createTokenBucket({ burst: 3, perSecond: 2, nowMs: () => nowMs });
  const takes = (count: number): boolean[] => Array.from({ length: count }, () => bucket.take());
  expect(takes(4)).toEqual([true, true, true, false]);
  nowMs = 499;
  expect(takes(1)).toEqual([false]);
  nowMs = 500;
  expect(takes(2)).toEqual([true, false]);
  nowMs = 3_600_000;
  expect(takes(4)).toEqual([true, true, true, false]);
});
