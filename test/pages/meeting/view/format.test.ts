import { expect, it } from 'vitest';
import {
  formatClock,
  formatDuration,
  initialsOf,
  splitByMatch,
} from '../../../../src/pages/meeting/view/format.ts';

it.each([
  [-5, '0:00'],
  [59_999, '0:59'],
  [247_000, '4:07'],
  [3_729_000, '1:02:09'],
])('writes %i ms on the clock as %s', (ms, text) => expect(formatClock(ms)).toBe(text));

it.each([
  [900, '1 s'],
  [125_000, '2 min 5 s'],
])('says %i ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

it.each([
  ['Maya Lindqvist', 'ML'],
  ['  ida  ', 'I'],
  ['Ida van der 田中', 'I田'],
  ['👩‍🚀 Astronaut', '👩‍🚀A'],
  ['', ''],
])('shortens %s to %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

it.each([
  ['Two or two', 'two', '[Two] or [two]'],
  ['Nothing', 'x', 'Nothing'],
  ['All', '', 'All'],
  ['aaa', 'aa', '[aa]a'],
  ['.*', '.*', '[.*]'],
  // The small letter is longer than the capital here.
  ['İstanbul', 'stan', '[İstanbul]'],
])('finds in "%s" what is sought as "%s"', (text, sought, marked) => {
  const pieces = splitByMatch(text, sought);
  expect(pieces.map((piece) => (piece.isMatch ? `[${piece.text}]` : piece.text)).join('')).toBe(marked);
});
