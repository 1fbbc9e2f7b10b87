import { describe, expect, it } from 'vitest';
import {
  clockOf,
  detailOf,
  nameOf,
  numberFrom,
  spelled,
  telephoneOf,
  voicesOf,
} from '../../../../sandbox/page/phones/words.ts';
import type { PhoneBehaviour } from '../../../../sandbox/phones/control/contract.ts';

describe('numbers', () => {
  it.each([
    ['+44 20 7946 0199', '+442079460199'],
    [' 0044 (20) 7946-0199 ', '+442079460199'],
    ['+81 3-1234-5678', '+81312345678'],
    ['020 7946 0199', null],
    ['+44', null],
    ['Ana', null],
    ['', null],
  ])('what is typed as %j is %j', (typed, number) => {
    expect(numberFrom(typed)).toBe(number);
  });

  it('are spelled as people read them', () => {
    expect(spelled('+442079460101')).toBe('+44 20 7946 0101');
    expect(spelled('+1')).toBe('+1');
  });

  it('are told by whose they are', () => {
    const behaviour: PhoneBehaviour = { type: 'ring' };
    const ana = { number: '+442079460101', owner: 'Ana', behaviour, call: null, lastSpoken: [] };
    const known = { parley: '+442079460100', phones: [ana], recordings: [] };
    expect(nameOf(known, known.parley)).toBe('Parley');
    expect(nameOf(known, ana.number)).toBe('Ana');
    expect(nameOf(known, '+442079460177')).toBe('+44 20 7946 0177');
    expect(telephoneOf(ana)).toBe('Ana’s telephone');
    expect(telephoneOf({ ...ana, owner: null })).toBe('The telephone +44 20 7946 0101');
  });
});

it.each([
  [0, '0:00'],
  [-500, '0:00'],
  [65_900, '1:05'],
  [3_605_000, '1:00:05'],
])('%i ms are shown as %s', (durationMs, shown) => {
  expect(clockOf(durationMs)).toBe(shown);
});

describe('recorded voices', () => {
  it('are recordings whose names differ in their last number, in its order', () => {
    const recordings = ['standup', 'ben-10', 'ben-2', 'shop-1', 'shop-2', 'take-1'];
    expect(voicesOf(recordings)).toEqual([
      { name: 'ben', turns: ['ben-2', 'ben-10'] },
      { name: 'shop', turns: ['shop-1', 'shop-2'] },
    ]);
  });

  it.each([
    [{ turns: [], hangsUp: false }, 'Says nothing, then stays on the line.'],
    [{ turns: ['ben-1', 'ben-2', 'ben-3'], hangsUp: true }, 'Says ben-1 to ben-3, then hangs up.'],
    [{ turns: ['ben-2', 'ben-1'], hangsUp: true }, 'Says ben-2, ben-1, then hangs up.'],
    [{ turns: ['ben-1', 'standup'], hangsUp: false }, 'Says ben-1, standup, then stays on the line.'],
    [
      { turns: ['a'], hangsUp: false, keys: '12#' },
      'Says a, presses 12# when asked, then stays on the line.',
    ],
  ])('%j are told in a sentence', (behaviour, sentence) => {
    expect(detailOf({ type: 'answer', afterMs: 0, ...behaviour })).toBe(sentence);
  });
});
