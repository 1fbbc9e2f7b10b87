import { describe, expect, it } from 'vitest';
import { responseWith } from '../../sandbox/engine/scripted/response.ts';
import { measureTalkTime } from '../../src/core/talk-time/measure.ts';
import { toTranscript } from '../../src/core/transcript/transcribe.ts';
import { parseResponse } from '../../src/speech/response.ts';

const plain = { hearing: 'mixed' as const, approximateSpeakers: false, remarks: [] };
const wordsOf = (channels: unknown, utterances?: unknown): unknown =>
  parseResponse({ metadata: { duration: 10 }, results: { channels, utterances } }, plain)?.transcription
    .words;

describe('the engine’s answer', () => {
  it('is read although fields are missing, odd or new', () => {
    const words = [
      { word: 'bare', start: 0.1, end: 0.4 },
      {
        word: 'shown',
        punctuated_word: 'Shown.',
        start: 0.5,
        end: 0.9,
        confidence: 2,
        speaker: 3,
        novelty: [],
      },
      { word: 'backwards', start: 2, end: 1, speaker: null, confidence: 'high' },
      { word: '', start: 3, end: 4 },
      { word: 'timeless' },
      'not a word at all',
    ];
    expect(wordsOf([{ alternatives: [{ words }], novelty: true }])).toEqual([
      { text: 'bare', startMs: 100, endMs: 400, confidence: null, channel: 0, speaker: null },
      { text: 'Shown.', startMs: 500, endMs: 900, confidence: 1, channel: 0, speaker: 3 },
      { text: 'backwards', startMs: 2_000, endMs: 2_000, confidence: null, channel: 0, speaker: null },
    ]);
  });

  it('keeps each channel’s number although others are empty or broken', () => {
    const words = [{ word: 'right', start: 0, end: 1 }];
    expect(wordsOf([{}, null, { alternatives: [] }, { alternatives: [{ words }] }])).toMatchObject([
      { channel: 3 },
    ]);
  });

  it('is read from the utterances when the channels hold no words', () => {
    const utterances = [{ channel: 1, speaker: 2, words: [{ word: 'late', start: 1, end: 2 }] }];
    expect(wordsOf([{}], utterances)).toMatchObject([{ text: 'late', channel: 1, speaker: 2 }]);
  });

  it('ends the last word before a silence by its length, where the engine ends it with the silence', () => {
    const answer = responseWith({
      durationMs: 9_000,
      channels: [
        [
          { word: 'good', startMs: 200, endMs: 500 },
          { word: 'bye', punctuated: 'bye.', startMs: 500, endMs: 8_800 },
        ],
      ],
    });
    const { transcription } = parseResponse(answer, plain)!;
    expect(transcription.words.map(({ endMs }) => endMs)).toEqual([500, 2_500]);
    expect(measureTalkTime(toTranscript(transcription, {}))).toMatchObject({
      speechMs: 2_300,
      silenceMs: 6_700,
    });
  });

  it('lasts at least until its last word', () => {
    const answer = responseWith({ durationMs: 500, channels: [[{ word: 'a', startMs: 400, endMs: 720 }]] });
    expect(parseResponse(answer, plain)?.transcription.durationMs).toBe(720);
  });

  it('speaks the language of the channel with the most words', () => {
    const channel = (language: string, count: number) => ({
      detected_language: language,
      alternatives: [
        { words: Array.from({ length: count }, (_, i) => ({ word: 'w', start: i, end: i + 1 })) },
      ],
    });
    const body = { metadata: { duration: 9 }, results: { channels: [channel('fr', 1), channel('de', 5)] } };
    expect(parseResponse(body, plain)?.transcription.language).toBe('de');
  });

  it.each([
    undefined,
    null,
    '',
    'text',
    [[]],
    {},
    { metadata: {}, results: { channels: [] } },
    { ok: false },
  ])('is none when it is %j', (body) => {
    expect(parseResponse(body, plain)).toBeNull();
  });
});
