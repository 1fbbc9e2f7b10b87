import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { measureTalkTime } from '../../src/core/talk-time/measure.ts';
import { joinWords } from '../../src/core/transcript/join-words.ts';
import { toParagraphs, toTranscript } from '../../src/core/transcript/transcribe.ts';
import { parseResponse } from '../../src/speech/response.ts';

interface Recorded {
  readonly metadata: { readonly duration: number };
  readonly results: {
    readonly channels: readonly {
      readonly alternatives: readonly { readonly transcript: string; readonly words: readonly object[] }[];
    }[];
  };
}

const FOLDER = new URL('./deepgram/recorded/', import.meta.url);
const ENGINE = { hearing: 'mixed' as const, approximateSpeakers: false, remarks: [] };
const withoutBlanks = (text: string): string => text.replaceAll(/\s/gu, '');

describe.each(readdirSync(FOLDER))('the recorded answer %s', (file) => {
  const answer = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Recorded;
  const { transcript: engineText, words } = answer.results.channels[0]!.alternatives[0]!;
  const { transcription } = parseResponse(answer, ENGINE)!;
  const transcript = toTranscript(transcription, {});

  test('goes through to the transcript with no word lost and no blank of ours', () => {
    expect(transcription.words).toHaveLength(words.length);
    expect(joinWords(transcription.words)).toBe(engineText.trim());
    expect(transcript.utterances.reduce((sum, { wordCount }) => sum + wordCount, 0)).toBe(words.length);
    const shown = toParagraphs(transcript).map(({ text }) => text);
    expect(withoutBlanks(shown.join(''))).toBe(withoutBlanks(engineText));
    for (const text of shown) expect(engineText).toContain(text);
  });

  test('has speech and silence that are the duration, to the millisecond', () => {
    const { durationMs, speechMs, silenceMs } = measureTalkTime(transcript);
    expect(speechMs + silenceMs).toBe(durationMs);
    expect(durationMs).toBe(Math.round(answer.metadata.duration * 1_000));
    expect(speechMs).toBeGreaterThan(0);
  });
});
