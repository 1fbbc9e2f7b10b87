import { expect, test } from 'vitest';
import { likelyEndMs } from '../../../src/core/transcript/word-length.ts';

test.each([
  ['so', 9_000, 2_500],
  ['Bye.', 9_300, 3_000],
  ['好', 9_000, 2_250],
  ['unbelievable', 2_400, 2_400],
  ['2026', 3_900, 3_900],
  ['yes', 1_000, 1_000],
])('"%s" from 1 s on, which the engine ends at %i ms, is over at %i', (text, endMs, expected) => {
  expect(likelyEndMs(text, 1_000, endMs)).toBe(expected);
});
