import { expect, test } from 'vitest';
import { exportTranscript } from '../../../src/core/exports/index.ts';
import { exportInput, transcriptionOf, word } from '../make.ts';

test('the JSON export has the documented shape, version 1', () => {
  const from = {
    ...transcriptionOf(9_000, word('0:0', 1_000, 3_000, 'So?'), word('0:1', 3_500, 5_500, '<!channel>')),
    approximateSpeakers: true,
    remarks: ['English only.'],
  };
  const { text } = exportTranscript('json', exportInput(from, { '0:1': { name: 'Ann', memberId: 'U1' } }));
  expect(JSON.parse(text)).toEqual({
    version: 1,
    title: 'Weekly review.mp3',
    recordedAt: '2026-11-22T08:05:09.000Z',
    durationMs: 9_000,
    language: 'en',
    languages: [{ tag: 'en', share: 1 }],
    approximateSpeakers: true,
    remarks: ['English only.'],
    talkTime: { speechMs: 4_000, overlapMs: 0, silenceMs: 5_000 },
    speakers: [
      {
        name: 'Speaker 1',
        memberId: null,
        named: false,
        speakingMs: 2_000,
        share: 0.5,
        turns: 1,
        longestTurnMs: 2_000,
        words: 1,
        wordsPerMinute: 30,
        charactersPerMinute: null,
        questions: 1,
        interruptions: 0,
        responseMs: null,
      },
      {
        name: 'Ann',
        memberId: 'U1',
        named: true,
        speakingMs: 2_000,
        share: 0.5,
        turns: 1,
        longestTurnMs: 2_000,
        words: 1,
        wordsPerMinute: 30,
        charactersPerMinute: null,
        questions: 0,
        interruptions: 0,
        responseMs: 500,
      },
    ],
    utterances: [
      { speaker: 0, startMs: 1_000, endMs: 3_000, text: 'So?' },
      { speaker: 1, startMs: 3_500, endMs: 5_500, text: '<!channel>' },
    ],
  });
});

test('a recording without words has empty lists', () => {
  const { text } = exportTranscript('json', exportInput(transcriptionOf(1_000)));
  expect(JSON.parse(text)).toMatchObject({ speakers: [], utterances: [], talkTime: { silenceMs: 1_000 } });
});
