import type { HeardWord } from '../src/core/heard.ts';
import { measureTalkTime } from '../src/core/talk-time/measure.ts';
import { toTranscript } from '../src/core/transcript/transcribe.ts';
import type { Transcript } from '../src/core/transcript/types.ts';

export const name = 'talk time';

export interface BenchLine {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  /** The figure that `value` is a multiple of, when it is a ratio. */
  readonly ratioTo?: string;
}

/**
 * Times the counting of 1,000,000 words against 100,000 in the same run, since only their ratio (10 when the
 * time is linear) says something on any machine. Median of five after one run to warm up.
 */
export const run = async (): Promise<readonly BenchLine[]> => {
  const [few, many] = [talk(100_000), talk(1_000_000)];
  const [fewTranscript, manyTranscript] = [toTranscript(few, {}), toTranscript(many, {})];
  const fewMs = medianMs(() => measureTalkTime(fewTranscript));
  const manyMs = medianMs(() => measureTalkTime(manyTranscript));
  const transcriptMs = medianMs(() => toTranscript(many, {}));
  return [
    { figure: 'talk time of 100,000 words', value: fewMs, unit: 'ms' },
    { figure: 'talk time of 1,000,000 words', value: manyMs, unit: 'ms', goal: 'at most 1,000' },
    {
      figure: 'ten times the words',
      value: manyMs / fewMs,
      unit: 'times',
      goal: 'about 10',
      ratioTo: 'talk time of 100,000 words',
    },
    { figure: 'utterances among 1,000,000 words', value: utterances(manyTranscript), unit: '' },
    { figure: 'transcript of 1,000,000 words', value: transcriptMs, unit: 'ms' },
  ];
};

const utterances = (transcript: Transcript): number => transcript.utterances.length;

/** Four voices that talk over each other, every third word a question, the same on every run. */
const talk = (count: number) => {
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
  const times = Array.from({ length: 5 }, () => {
    const startMs = performance.now();
    work();
    return performance.now() - startMs;
  });
  return times.sort((a, b) => a - b)[2]!;
};

if (import.meta.main) {
  for (const { figure, value, unit, goal } of await run()) {
    console.log(`${figure}: ${value.toFixed(1)} ${unit}${goal === undefined ? '' : ` (goal: ${goal})`}`);
  }
}
