import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatNumber,
  nameOfNumber,
  parseNumber,
  phoneLabel,
} from '../../../../sandbox/page/phones/numbers.ts';
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
  ])('typed as %j are parsed as %j', (typed, number) => {
    expect(parseNumber(typed)).toBe(number);
  });

  it('are formatted as people read them', () => {
    expect(formatNumber('+442079460101')).toBe('+44 20 7946 0101');
    expect(formatNumber('+1')).toBe('+1');
  });

  it('are shown with their owner’s name', () => {
    const behaviour: PhoneBehaviour = { type: 'ring' };
    const ana = { number: '+442079460101', owner: 'Ana', behaviour, call: null, lastSpoken: [] };
    const network = { parley: '+442079460100', phones: [ana], recordings: [] };
    expect(nameOfNumber(network, network.parley)).toBe('Parley');
    expect(nameOfNumber(network, ana.number)).toBe('Ana');
    expect(nameOfNumber(network, '+442079460177')).toBe('+44 20 7946 0177');
    expect(phoneLabel(ana)).toBe('Ana’s phone');
    expect(phoneLabel({ ...ana, owner: null })).toBe('Phone +44 20 7946 0101');
  });
});

it.each([
  [0, '0:00'],
  [-500, '0:00'],
  [65_900, '1:05'],
  [3_605_000, '1:00:05'],
])('formats %i ms as %s', (durationMs, shown) => {
  expect(formatDuration(durationMs)).toBe(shown);
});
