import { expect, test } from 'vitest';
import { countCharacters, joinWords, withBlanks } from '../../../src/core/transcript/join-words.ts';

const split = (text: string) => (text.match(/\S/gu) ?? []).map((one) => ({ text: one }));

test.each([
  '你好，我是 Anna，今年 25 岁。',
  '今日は2024年です。iPhone 15を買いました。',
  '我在Google工作，email 是 a@b.com。',
  '你好 世界',
  'สวัสดี ครับ 2024',
])('one word a character becomes the engine’s own transcript again: %s', (transcript) => {
  const words = withBlanks(split(transcript), transcript);
  expect(joinWords(words)).toBe(transcript);
});

test('only what differs from the scripts’ own rule is marked', () => {
  const text = (one: string) => ({ text: one });
  expect(withBlanks(['Good', 'morning.', '你', '好'].map(text), 'Good morning. 你好')).toEqual(
    ['Good', 'morning.', '你', '好'].map(text),
  );
  expect(withBlanks(['你', '2', '5', '好'].map(text), '你25好')).toEqual([
    { text: '你' },
    { text: '2', blankBefore: false },
    { text: '5', blankBefore: false },
    { text: '好', blankBefore: false },
  ]);
});

test('a word that the transcript lacks is joined by its script, and costs nothing else', () => {
  const words = ['we', 'gonna', 'do', 'it'].map((text) => ({ text }));
  expect(joinWords(withBlanks(words, 'we are going to do it'))).toBe('we gonna do it');
  expect(joinWords(withBlanks(words, ''))).toBe('we gonna do it');
});

test('characters are counted where most of the text has no words', () => {
  expect(countCharacters('你好，我是 Anna。')).toBe(8);
  expect(countCharacters('My name is 小明.')).toBeNull();
  expect(countCharacters('안녕하세요 여러분')).toBeNull();
  expect(countCharacters('Hello.')).toBeNull();
});
