import { expect, test } from 'vitest';
import { storable, toJson } from '../../src/storage/json.ts';

test.each([
  ['a\0b', 'ab'],
  ['\0', ''],
  ['half \ud83d', 'half \ufffd'],
  ['\ude00 half', '\ufffd half'],
  ['whole 😀', 'whole 😀'],
  ['the letters \\u0000', 'the letters \\u0000'],
  ['the letters \\\0', 'the letters \\'],
])('%j is kept as %j', (given, kept) => {
  expect(storable(given)).toBe(kept);
  expect(JSON.parse(toJson({ list: [given], n: 1 }))).toEqual({ list: [kept], n: 1 });
});
