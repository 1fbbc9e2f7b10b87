import type { Heard, HeardWord } from '../src/core/heard.ts';
import { measureTalkTime } from '../src/core/talk-time/measure.ts';
import { toTranscript } from '../src/core/transcript/transcribe.ts';
import { type BenchResult, isShort, quantile } from './result.ts';

export const name = 'talk time';

/**
 * Times the counting of 1,000,000 words against 100,000 in the same run, since only their ratio (10 when the
 * time is linear) says something on any machine. Medians, after a run to warm up.
 */
export const run = async (): Promise<readonly BenchResult[]> => {
  const [few, many] = [talk(100_000), talk(1_000_000)];
  const [fewTranscript, manyTranscript] = [toTranscript(few, {}), toTranscript(many, {})];
  const fewMs = medianMs(() => measureTalkTime(fewTranscript));
  const manyMs = medianMs(() => measureTalkTime(manyTranscript));
  return [
    { figure: 'talk time of 100,000 words', value: fewMs, unit: 'ms' },
    { figure: 'talk time of 1,000,000 words', value: manyMs, unit: 'ms', goal: { atMost: 1_000 } },
    // 10 is linear; sorting and a fuller cache may cost half as much again before it is a fault.
    { figure: '1,000,000 words against 100,000', value: manyMs / fewMs, unit: 'times', goal: { atMost: 15 } },
    { figure: 'words of 1,000,000 to utterances', value: medianMs(() => toTranscript(many, {})), unit: 'ms' },
    { figure: 'utterances among them', value: manyTranscript.utterances.length, unit: '' },
  ];
};

/** Four voices that talk over each other, every third word a question, the same on every run. */
const talk = (count: number): Heard => {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const words: HeardWord[] = [];
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

const medianMs = (work: () => unknown): number => {
  work();
  const times = Array.from({ length: isShort() ? 3 : 7 }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return quantile(times, 0.5);
};
