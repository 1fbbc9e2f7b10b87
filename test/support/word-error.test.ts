import { describe, expect, it } from 'vitest';
import { normalisedWords, wordErrorRate } from './word-error.ts';

describe('the word error rate', () => {
  it.each([
    ['the cat sat', 'the cat sat', 0],
    ['The cat, sat!', 'the CAT sat', 0],
    ['the cat sat', 'the cat', 1 / 3],
    ['the cat sat', 'the big cat sat', 1 / 3],
    ['the cat sat', 'the dog sat', 1 / 3],
    ['', '', 0],
    ['', 'something', 1],
    ['one', 'two three', 2],
    ["it's fine", 'its fine', 0],
    ['forty two dollars', '$42', 0],
    ['tomorrow at ten', 'tomorrow at 10', 0],
    ['the twenty first of June', 'the 21st of June', 0],
    ['one hundred and five', '105', 1 / 4],
    ['eleven thirty', '11:30', 0],
    ['five percent', '5%', 0],
    ['well known', 'well-known', 0],
  ])('of %j transcribed as %j is %f', (reference, hypothesis, rate) => {
    expect(wordErrorRate(reference, hypothesis)).toBeCloseTo(rate);
  });

  it('keeps words of other scripts', () => {
    expect(normalisedWords('Привет, Мир! 你好')).toEqual(['привет', 'мир', '你好']);
  });
});
