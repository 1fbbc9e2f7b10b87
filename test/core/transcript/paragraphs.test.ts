import { expect, test } from 'vitest';
import { toParagraphs, toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { Transcript } from '../../../src/core/transcript/types.ts';
import { speech, transcriptionOf, word } from '../make.ts';

test('utterances of one party up to 3 s apart are one paragraph', () => {
  const from = transcriptionOf(
    20_000,
    word('0:0', 0, 1_000, 'a'),
    word('0:0', 4_000, 5_000, 'b'),
    word('0:0', 8_001, 9_000, 'c'),
  );
  expect(toParagraphs(toTranscript(from, {}))).toEqual([
    { party: 0, startMs: 0, endMs: 5_000, text: 'a b' },
    { party: 0, startMs: 8_001, endMs: 9_000, text: 'c' },
  ]);
});

test('another party’s utterance in between ends a paragraph', () => {
  const from = transcriptionOf(
    20_000,
    word('0:0', 0, 1_000, 'a'),
    word('0:1', 500, 1_200, 'b'),
    word('0:0', 2_000, 3_000, 'c'),
  );
  expect(toParagraphs(toTranscript(from, {})).map(({ text }) => text)).toEqual(['a', 'b', 'c']);
});

test('a monologue starts a new paragraph at the end of a sentence once it has lasted a minute', () => {
  // 25 sentences of 3 s without a pause: the 21st is the first to end after a minute.
  const text = Array.from({ length: 25 }, () => 'One two three.').join(' ');
  const paragraphs = toParagraphs(
    toTranscript(transcriptionOf(80_000, ...speech('0:0', 0, 1_000, text)), {}),
  );
  expect(paragraphs.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 60_000],
    [60_000, 75_000],
  ]);
  expect(paragraphs.map(({ text: one }) => one).join(' ')).toBe(text);
});

test('a monologue without sentences is cut at 90 s', () => {
  const text = Array.from({ length: 200 }, (_, i) => `w${i}`).join(' ');
  const paragraphs = toParagraphs(
    toTranscript(transcriptionOf(200_000, ...speech('0:0', 0, 1_000, text)), {}),
  );
  expect(paragraphs.map(({ startMs }) => startMs)).toEqual([0, 90_000, 180_000]);
});

test('a sentence ends in any script, closing quotes aside', () => {
  for (const end of ['"so."', '対。', 'هذا؟', 'है।', 'so!”']) {
    const words = [word('0:0', 0, 61_000, end), word('0:0', 61_000, 62_000, 'next')];
    expect(toParagraphs(toTranscript(transcriptionOf(90_000, ...words), {})), end).toHaveLength(2);
  }
});

test('utterances without word times are cut by the length of their text', () => {
  const transcript: Transcript = {
    ...toTranscript(transcriptionOf(100_000), {}),
    parties: [{ name: 'Ann', memberId: null, voices: ['0:0'], named: true }],
    utterances: [
      { party: 0, startMs: 0, endMs: 100_000, text: `${'a'.repeat(69)}. ${'b'.repeat(29)}`, wordCount: 2 },
    ],
  };
  expect(toParagraphs(transcript).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [0, 70_000],
    [71_000, 100_000],
  ]);
});
