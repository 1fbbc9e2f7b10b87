import { expect, test } from 'vitest';
import { firstCharacters, shorten, toSingleLine } from '../../src/core/single-line.ts';

test.each([
  [' a\r\n\tb\u2028c ', 'a b c'],
  ['a\u0000\u001b[31mb', 'a [31mb'],
  ['user\u202egpj.exe\u2069', 'usergpj.exe'],
  ['שלום \u200fעולם', 'שלום \u200fעולם'],
  ['👩‍🚀', '👩‍🚀'],
  ['x\ud83d', 'x\ufffd'],
])('%j as a line is %j', (text, line) => {
  expect(toSingleLine(text)).toBe(line);
});

test('the first characters are whole as people see them', () => {
  expect(firstCharacters('ab👩‍🚀c', 6)).toBe('ab');
  expect(firstCharacters('ab👩‍🚀c', 7)).toBe('ab👩‍🚀');
  expect(firstCharacters('e\u0301e\u0301', 3)).toBe('e\u0301');
  expect(firstCharacters('абв', 4, (character) => character.length * 2)).toBe('аб');
});

test('a shortened text is within its limit, ellipsis and all', () => {
  expect(shorten('abcde', 5)).toBe('abcde');
  expect(shorten('abcdef', 5)).toBe('abcd…');
  expect(shorten('abc def', 5)).toBe('abc…');
});
