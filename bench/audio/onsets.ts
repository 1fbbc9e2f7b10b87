import { createGate } from '../../src/media/audio/gate.ts';
import { createVoiceDetector } from '../../src/media/audio/voice-detector.ts';
import { createRandom, SAMPLES_PER_MS, type Span, samplesOf } from '../../test/media/audio/support.ts';
import { scriptOf } from '../../test/support/fixtures.ts';

export interface Onsets {
  readonly sentences: number;
  /** Sentences of which a sample at the beginning was not let through. */
  readonly cut: number;
  readonly turnMs: number;
  readonly sentMs: number;
  readonly totalMs: number;
}

/**
 * People of a meeting, each talking for a quarter of the time, in rooms from silent to loud: turns of three
 * sentences with less than half a second between them, which talk time counts as one utterance.
 */
export const measureOnsets = async (sentences: number): Promise<Onsets> => {
  const spoken = await allSentences();
  const random = createRandom(11);
  const detector = await createVoiceDetector();
  /** What was kept back, in order. */
  const kept: Span[] = [];
  let sentUntilMs = 0;
  let sentMs = 0;
  const gate = createGate(detector, {
    onFrame(frame, atMs) {
      if (atMs > sentUntilMs) kept.push({ startMs: sentUntilMs, endMs: atMs });
      sentUntilMs = atMs + frame.length / SAMPLES_PER_MS;
      sentMs += frame.length / SAMPLES_PER_MS;
    },
    onClose() {},
  });

  let nowMs = 0;
  const push = (samples: Int16Array): void => {
    gate.push(samples, nowMs);
    nowMs += samples.length / SAMPLES_PER_MS;
  };
  const starts: number[] = [];
  let turnMs = 0;
  while (starts.length < sentences) {
    const loudness = NOISE_DBFS[Math.floor(starts.length / SENTENCES_IN_A_ROOM) % NOISE_DBFS.length]!;
    const room = (lengthMs: number): Int16Array =>
      noise(Math.round(lengthMs) * SAMPLES_PER_MS, loudness, random);
    const turn = Array.from(
      { length: SENTENCES_OF_A_TURN },
      (_, at) => spoken[(starts.length + at) % spoken.length]!,
    );
    const wordsMs = turn.reduce((total, sentence) => total + sentence.length / SAMPLES_PER_MS, 0);
    push(room(wordsMs * (2 + 2 * random())));
    const startMs = nowMs;
    for (const [at, sentence] of turn.entries()) {
      if (at > 0) push(room(200 + 300 * random()));
      starts.push(nowMs);
      push(mixed(sentence, room(sentence.length / SAMPLES_PER_MS)));
    }
    turnMs += nowMs - startMs;
  }
  kept.push({ startMs: sentUntilMs, endMs: nowMs });
  detector.close();
  return {
    sentences: starts.length,
    cut: starts.filter((at) => kept.some(({ startMs, endMs }) => startMs <= at && at < endMs)).length,
    turnMs,
    sentMs,
    totalMs: nowMs,
  };
};

const SENTENCES_OF_A_TURN = 3;
/** Long enough for the detector to get used to a room, as it does in a meeting. */
const SENTENCES_IN_A_ROOM = 60;
const NOISE_DBFS = [-75, -65, -55, -50, -45, -40];

/** White noise of a loudness; random numbers of one amplitude have a root mean square of 1/√3 of it. */
const noise = (length: number, dbfs: number, random: () => number): Int16Array => {
  const amplitude = 32_768 * 10 ** (dbfs / 20) * Math.sqrt(3);
  return Int16Array.from({ length }, () => Math.round((2 * random() - 1) * amplitude));
};

const mixed = (a: Int16Array, b: Int16Array): Int16Array =>
  a.map((sample, at) => Math.max(-32_768, Math.min(32_767, sample + (b[at] ?? 0))));

const allSentences = async (): Promise<readonly Int16Array[]> => {
  const samples = await samplesOf('two-voices');
  return scriptOf('two-voices').utterances.map(({ startMs, endMs }) =>
    samples.slice(startMs * SAMPLES_PER_MS, endMs * SAMPLES_PER_MS),
  );
};
