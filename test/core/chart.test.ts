import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { talkTimePie } from '../../src/core/chart.ts';
import { OTHERS_COLOUR, PALETTE } from '../../src/core/palette.ts';
import { exportInput, transcriptionOf, word } from './make.ts';

/** A pie of parties who speak one after the other for so many milliseconds each. */
const pie = (...lengthsMs: number[]) => {
  let atMs = 0;
  const words = lengthsMs.map((lengthMs, i) => {
    const startMs = atMs;
    atMs += lengthMs + 1;
    return word(`0:${i}`, startMs, startMs + lengthMs);
  });
  const { transcript, talkTime } = exportInput(transcriptionOf(atMs, ...words));
  return talkTimePie(transcript, talkTime).slices;
};
const labels = (...lengthsMs: number[]) => pie(...lengthsMs).map(({ label }) => label);

test('slices stand in the parties’ order, each in its own colour', () => {
  const { transcript, talkTime } = exportInput(
    transcriptionOf(100, word('0:0', 0, 25), word('0:1', 25, 100)),
    {
      '0:1': { name: 'Ann 👩‍🚀' },
    },
  );
  expect(talkTimePie(transcript, talkTime)).toEqual({
    slices: [
      { label: 'Speaker 1', letter: 'A', speakingMs: 25, share: 0.25, percent: 25, colour: PALETTE[0]!.hex },
      { label: 'Ann 👩‍🚀', letter: 'B', speakingMs: 75, share: 0.75, percent: 75, colour: PALETTE[1]!.hex },
    ],
  });
});

test('who says nothing is left out, and the others keep their colours', () => {
  expect(pie(0, 10).map(({ label, colour }) => [label, colour])).toEqual([['Speaker 2', PALETTE[1]!.hex]]);
  expect(pie()).toEqual([]);
  expect(pie(0, 0)).toEqual([]);
});

test('several shares under 3 % are grouped at the end', () => {
  expect(pie(20, 25, 955, 29).at(-1)).toEqual({
    label: 'Others (3)',
    letter: null,
    speakingMs: 74,
    share: expect.closeTo(74 / 1_029, 12),
    percent: 7,
    colour: OTHERS_COLOUR.hex,
  });
  expect(labels(20, 25, 955, 29)).toEqual(['Speaker 3', 'Others (3)']);
});

test('the per cents are those of the text, so that a group has the sum of its members’', () => {
  const slices = pie(335, 335, 14, 14, 302);
  expect(slices.map(({ percent }) => percent)).toEqual([34, 34, 30, 2]);
});

test('one share under 3 % stays, and so does one of exactly 3 %', () => {
  expect(labels(20, 980)).toEqual(['Speaker 1', 'Speaker 2']);
  expect(labels(30, 20, 10, 940)).toEqual(['Speaker 1', 'Speaker 4', 'Others (2)']);
  expect(labels(20, 480, 0, 0, 0, 0, 0, 0, 500)).toEqual(['Speaker 1', 'Speaker 2', 'Speaker 9']);
});

test('eight speakers have a slice each; of nine the smallest two share one', () => {
  expect(labels(10, 10, 10, 10, 10, 10, 10, 10)).toHaveLength(8);
  expect(labels(20, 10, 20, 20, 20, 20, 20, 20, 20)).toEqual([
    'Speaker 1',
    'Speaker 3',
    'Speaker 4',
    'Speaker 5',
    'Speaker 6',
    'Speaker 7',
    'Speaker 8',
    'Others (2)',
  ]);
});

test('a single party past the palette keeps its name, in the colour of the others', () => {
  expect(pie(50, 50, 50, 0, 0, 0, 0, 0, 50).at(-1)).toMatchObject({
    label: 'Speaker 9',
    colour: OTHERS_COLOUR.hex,
  });
});

test('when every share is small the largest are shown', () => {
  expect(labels(...Array.from({ length: 40 }, (_, i) => (i === 3 ? 11 : 10)))).toEqual([
    'Speaker 1',
    'Speaker 2',
    'Speaker 3',
    'Speaker 4',
    'Speaker 5',
    'Speaker 6',
    'Speaker 7',
    'Others (33)',
  ]);
});

test('at most eight slices, which together are everything', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(10), fc.nat(1_000)), { maxLength: 20 }), (lengthsMs) => {
      const slices = pie(...lengthsMs);
      const total = lengthsMs.reduce((sum, ms) => sum + ms, 0);
      expect(slices.length).toBeLessThanOrEqual(8);
      expect(slices.reduce((sum, { speakingMs }) => sum + speakingMs, 0)).toBe(total);
      expect(slices.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(total > 0 ? 1 : 0, 9);
      expect(new Set(slices.map(({ colour }) => colour)).size).toBe(slices.length);
    }),
  );
});
