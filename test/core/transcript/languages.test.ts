import { describe, expect, test } from 'vitest';
import {
  describeDoubt,
  describeLanguages,
  doubtedShare,
  spokenLanguages,
} from '../../../src/core/transcript/languages.ts';
import { transcriptionOf } from '../make.ts';

const shares = (all: Record<string, number>) => Object.entries(all).map(([tag, share]) => ({ tag, share }));

test.each([
  [{ de: 0.9, en: 0.1 }, 'German, some English'],
  [{ de: 0.6, en: 0.4 }, 'German and English'],
  [{ de: 0.5, en: 0.35, fr: 0.1, es: 0.05 }, 'German and English, some French and Spanish'],
  [{ en: 0.99, cy: 0.01 }, 'English'],
  [{ 'pt-BR': 1 }, 'Brazilian Portuguese'],
  [{ 'no such tag': 1 }, 'no such tag'],
  [{}, null],
])('languages %j are "%s"', (given, expected) => {
  expect(describeLanguages(shares(given))).toBe(expected);
});

test('a transcription of an earlier version has its one language', () => {
  expect(spokenLanguages(transcriptionOf(1_000))).toEqual([{ tag: 'en', share: 1 }]);
  expect(spokenLanguages({ ...transcriptionOf(1_000), language: null })).toEqual([]);
});

describe('doubt', () => {
  const words = (...confidences: (number | null)[]) => confidences.map((confidence) => ({ confidence }));

  test('is the share of words that the engine rather doubts', () => {
    expect(doubtedShare(words(0.9, 0.4, null, 0.5))).toBeCloseTo(1 / 3);
    expect(doubtedShare(words(null))).toBe(0);
    expect(doubtedShare([])).toBe(0);
  });

  test('is said from a tenth of the words on', () => {
    expect(describeDoubt({ doubtedShare: 0.124 })).toBe('12% of the words are uncertain.');
    expect(describeDoubt({ doubtedShare: 0.09 })).toBeNull();
  });
});
