import { expect, test } from 'vitest';
import { describeVoices } from '../../../src/core/transcript/transcribe.ts';
import { speech, transcriptionOf, word } from '../make.ts';

test('every voice is described by its own words, merged voices apart', () => {
  const from = transcriptionOf(
    60_000,
    ...speech('0:0', 0, 1_000, 'I begin this.'),
    ...speech('0:1', 10_000, 1_000, 'And I go on now'),
    word('0:0', 20_000, 21_000, 'Fine.'),
    word('0:2', 30_000, 34_000, 'Me.'),
  );
  const names = { '0:0': { name: 'Ann', memberId: 'U1' }, '0:2': { name: 'Ann', memberId: 'U1' } };
  expect(describeVoices(from, names)).toEqual([
    {
      voice: '0:0',
      party: 0,
      currentName: 'Ann',
      named: true,
      memberId: 'U1',
      speakingMs: 4_000,
      excerpt: 'I begin this.',
      sampleStartMs: 0,
      sampleEndMs: 3_000,
    },
    {
      voice: '0:1',
      party: 1,
      currentName: 'Speaker 2',
      named: false,
      memberId: null,
      speakingMs: 5_000,
      excerpt: 'And I go on now',
      sampleStartMs: 10_000,
      sampleEndMs: 15_000,
    },
    {
      voice: '0:2',
      party: 0,
      currentName: 'Ann',
      named: true,
      memberId: 'U1',
      speakingMs: 4_000,
      excerpt: 'Me.',
      sampleStartMs: 30_000,
      sampleEndMs: 34_000,
    },
  ]);
});

test('without words there are no voices', () => {
  expect(describeVoices(transcriptionOf(1_000), {})).toEqual([]);
});

const sampleOf = (voice: string, ...given: Parameters<typeof transcriptionOf>) => {
  const described = describeVoices(transcriptionOf(...given), {}).find((one) => one.voice === voice)!;
  return [described.sampleStartMs, described.sampleEndMs];
};

test('a sample avoids the time in which others speak as well', () => {
  // Alone from 0 to 2 s, and from 6 to 10 s.
  expect(sampleOf('0:0', 20_000, word('0:0', 0, 10_000), word('0:1', 2_000, 6_000))).toEqual([6_000, 10_000]);
});

test('a sample ends at another voice’s word, however short', () => {
  expect(sampleOf('0:0', 20_000, word('0:0', 0, 10_000), word('0:1', 3_000, 3_200))).toEqual([3_200, 10_000]);
});

test('a sample is 8 s at most', () => {
  expect(sampleOf('0:0', 90_000, word('0:0', 5_000, 65_000))).toEqual([5_000, 13_000]);
});

test('a sample continues over short pauses in which no other voice speaks', () => {
  const bursts = [word('0:0', 0, 1_500), word('0:0', 2_500, 4_000), word('0:0', 6_000, 8_900)];
  expect(sampleOf('0:0', 90_000, ...bursts)).toEqual([0, 4_000]);
  expect(sampleOf('0:0', 90_000, ...bursts, word('0:1', 1_800, 2_000))).toEqual([5_950, 8_950]);
});

test.each([
  ['in the middle: evenly', 10_000, word('0:0', 5_000, 5_400), [3_700, 6_700]],
  ['at the beginning: onwards', 10_000, word('0:0', 200, 400), [0, 3_000]],
  ['at the end: backwards', 10_000, word('0:0', 9_800, 10_000), [7_000, 10_000]],
  ['in a shorter recording: all of it', 2_000, word('0:0', 500, 600), [0, 2_000]],
])('a short burst is widened to 3 s, %s', (_, durationMs, burst, expected) => {
  expect(sampleOf('0:0', durationMs, burst)).toEqual(expected);
});

test('a voice that never speaks alone is sampled at its longest', () => {
  expect(
    sampleOf('0:1', 60_000, word('0:0', 0, 60_000), word('0:1', 10_000, 14_000, 'Yes, of course.')),
  ).toEqual([10_000, 14_000]);
});

test('an excerpt is cut between words and within 120 characters', () => {
  const text = Array.from({ length: 40 }, (_, i) => `word${i}`).join(' ');
  const { excerpt } = describeVoices(transcriptionOf(90_000, ...speech('0:0', 0, 100, text)), {})[0]!;
  expect(excerpt.length).toBeLessThanOrEqual(120);
  expect(excerpt).toMatch(/^word0 .* word1\d…$/);
  expect(text.startsWith(`${excerpt.slice(0, -1)} `)).toBe(true);
});

test('an excerpt without spaces is cut between whole characters', () => {
  const family = '👨‍👩‍👧‍👦';
  const { excerpt } = describeVoices(transcriptionOf(9_000, word('0:0', 0, 900, family.repeat(30))), {})[0]!;
  expect(excerpt).toBe(`${family.repeat(10)}…`);
});
