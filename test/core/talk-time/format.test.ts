import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  describeTalkTime,
  formatDuration,
  formatShare,
  roundShares,
} from '../../../src/core/talk-time/format.ts';
import { exportInput, transcriptionOf, word } from '../make.ts';

test.each([
  [0, '0:00'],
  [499, '0:00'],
  [500, '0:01'],
  [7_000, '0:07'],
  [59_499, '0:59'],
  [59_500, '1:00'],
  [179_999, '3:00'],
  [725_000, '12:05'],
  [3_599_600, '1:00:00'],
  [3_729_000, '1:02:09'],
  [360_000_000, '100:00:00'],
  [-5, '0:00'],
])('%i ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [0, '0%'],
  [0.001, '<1%'],
  [0.005, '1%'],
  [0.624, '62%'],
  [1, '100%'],
])('a share of %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

describe('rounded shares', () => {
  test.each([
    [
      [1 / 3, 1 / 3, 1 / 3],
      [34, 33, 33],
    ],
    [
      [0.625, 5 / 14.4, 0.4 / 14.4],
      [62, 35, 3],
    ],
    [
      [0.995, 0.005],
      [100, 0],
    ],
    [[1], [100]],
    [
      [0, 0],
      [0, 0],
    ],
    [[], []],
  ])('of %j are %j', (shares, perCent) => {
    expect(roundShares(shares)).toEqual(perCent);
  });

  test('sum to 100 and stay within one of the share', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 30 }), (parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0);
        fc.pre(total > 0);
        const shares = parts.map((part) => part / total);
        const rounded = roundShares(shares);
        expect(rounded.reduce((sum, value) => sum + value, 0)).toBe(100);
        rounded.forEach((value, i) => {
          expect(Number.isInteger(value)).toBe(true);
          expect(Math.abs(value - shares[i]! * 100)).toBeLessThan(1 + 1e-9);
        });
      }),
    );
  });
});

describe('talk time in a sentence', () => {
  const sentence = (...given: Parameters<typeof exportInput>): string => {
    const { transcript, talkTime } = exportInput(...given);
    return describeTalkTime(transcript, talkTime);
  };

  test('names every speaker with share and time, and the whole', () => {
    const from = transcriptionOf(
      330_000,
      word('0:0', 0, 190_000),
      word('0:1', 184_000, 300_000),
      word('0:2', 310_000, 310_000),
    );
    expect(sentence(from, { '0:0': { name: 'Ann' }, '0:1': { name: 'Bob\n\u202e' } })).toBe(
      'Pie chart of talk time: Ann 62% (3:10), Bob 38% (1:56). Speech 5:00 of 5:30, overlap 0:06, silence 0:30.',
    );
  });

  test('says so when no one speaks', () => {
    expect(sentence(transcriptionOf(5_000))).toBe(
      'No one speaks. Speech 0:00 of 0:05, overlap 0:00, silence 0:05.',
    );
  });

  test('stays within 2,000 characters by shortening names and counting who is left', () => {
    const words = Array.from({ length: 60 }, (_, i) => word(`0:${i}`, i * 1_000, i * 1_000 + 900));
    const names = Object.fromEntries(words.map((_, i) => [`0:${i}`, { name: `${i} ${'👩‍🚀'.repeat(50)}` }]));
    const text = sentence(transcriptionOf(60_000, ...words), names);
    expect(text.length).toBeLessThanOrEqual(2_000);
    expect(text).toMatch(/^Pie chart of talk time: 0 (👩‍🚀){15}… 2% \(0:01\), 1 .*, and \d+ more\. Speech /u);
    const shown = text.split('…').length - 1;
    expect(text).toContain(`and ${60 - shown} more`);
  });
});
