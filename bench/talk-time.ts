import { measureTalkTime } from '../src/core/talk-time/measure.ts';
import { toTranscript } from '../src/core/transcript/transcribe.ts';
import type { TranscribedWord, Transcription } from '../src/core/transcription.ts';
import { type BenchResult, isShort } from './result.ts';

export const name = 'talk time';

/**
 * Times 1,000,000 words against 100,000 in the same run, since only their ratio (10 when the time is linear)
 * says something on any machine. The few are counted ten times over, by turns with the many, so that whatever
 * else the machine does falls on both alike; the best round counts, since it only ever adds.
 */
export const run = async (): Promise<readonly BenchResult[]> => {
  const [few, many] = [talk(100_000), talk(1_000_000)];
  const [fewTranscript, manyTranscript] = [toTranscript(few, {}), toTranscript(many, {})];
  let [fewMs, manyMs, transcriptMs] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < (isShort() ? 3 : 7); round += 1) {
    fewMs = Math.min(fewMs, timeMs(() => repeat(10, () => measureTalkTime(fewTranscript))) / 10);
    manyMs = Math.min(
      manyMs,
      timeMs(() => measureTalkTime(manyTranscript)),
    );
    transcriptMs = Math.min(
      transcriptMs,
      timeMs(() => toTranscript(many, {})),
    );
  }
  return [
    { figure: 'talk time of 100,000 words', value: fewMs, unit: 'ms' },
    { figure: 'talk time of 1,000,000 words', value: manyMs, unit: 'ms', goal: { atMost: 1_000 } },
    // Sorting and a fuller cache may cost half as much again before it is a fault.
    { figure: '1,000,000 words against 100,000', value: manyMs / fewMs, unit: 'times', goal: { atMost: 15 } },
    { figure: 'words of 1,000,000 to utterances', value: transcriptMs, unit: 'ms' },
    { figure: 'utterances among them', value: manyTranscript.utterances.length, unit: '' },
  ];
};

/** Four voices that talk over each other, every third word a question, the same on every run. */
const talk = (count: number): Transcription => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const words: TranscribedWord[] = [];
  let atMs = 0;
  for (let i = 0; i < count; i += 1) {
    atMs += random(700);
    words.push({
      text: i % 3 === 0 ? 'really?' : 'word',
      startMs: atMs,
      endMs: atMs + 100 + random(500),
      confidence: null,
      channel: 0,
      speaker: random(10) < 7 ? Math.floor(i / 12) % 4 : random(4),
    });
  }
  return { durationMs: atMs + 1_000, language: 'en', words, approximateSpeakers: false, remarks: [] };
};

const repeat = (times: number, work: () => unknown): void => {
  for (let i = 0; i < times; i += 1) work();
};

const timeMs = (work: () => unknown): number => {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
};
