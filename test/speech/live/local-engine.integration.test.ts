import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../../sandbox/engine/local/index.ts';
import { systemClock } from '../../../src/clock.ts';
import { createLiveSpeech } from '../../../src/speech/live/index.ts';
import { fixture, scriptOf } from '../../support/fixtures.ts';
import { wordErrorRate } from '../../support/word-error.ts';
import { recordingLog } from '../support.ts';
import { type Cuttable, startCuttable } from './cuttable.ts';
import { listener } from './support.ts';

const SPEED = 8;
const PIECE_MS = 100;
const PIECE_BYTES = 3_200;
const KEY = 'key of the local engine';

let engine: Engine;
let way: Cuttable;
beforeAll(async () => {
  engine = await startEngine({ apiKeys: [KEY], log: recordingLog() });
  await engine.warm();
  way = await startCuttable(engine.url);
});
afterAll(async () => {
  await way.close();
  await engine.close();
});

/** The last finals may take long on a busy machine; here only their words count. */
const live = (baseUrl: string) =>
  createLiveSpeech({
    apiKey: KEY,
    baseUrl,
    clock: systemClock,
    log: recordingLog(),
    timings: { closeTimeoutMs: 170_000, leftoverTimeoutMs: 170_000 },
  });

it('transcribes real speech across two broken connections with at most 15% of words wrong, on time', {
  timeout: 180_000,
}, async () => {
  const { utterances } = scriptOf('two-voices');
  const pcm = readFileSync(fixture('two-voices.wav')).subarray(44);
  const speech = live(way.url);
  const heard = listener();
  const stream = speech.openLive(heard);
  // In the middle of an utterance, where it hurts most.
  const cutsAtMs = [1, 5].map((i) => (utterances[i]!.startMs + utterances[i]!.endMs) / 2);
  const startedAtMs = performance.now();
  for (let at = 0, atMs = 0; at < pcm.length; at += PIECE_BYTES, atMs += PIECE_MS) {
    stream.send(pcm.subarray(at, at + PIECE_BYTES), atMs);
    if (cutsAtMs[0] !== undefined && atMs >= cutsAtMs[0]) {
      cutsAtMs.shift();
      way.cut();
    }
    const aheadMs = startedAtMs + atMs / SPEED - performance.now();
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
  await stream.close();
  await speech.close();

  expect(way.connections).toBeGreaterThanOrEqual(3);
  const finals = heard.captions.filter(({ isFinal }) => isFinal);
  const errors = wordErrorRate(
    utterances.map(({ text }) => text).join(' '),
    finals.map(({ text }) => text).join(' '),
  );
  console.log(`live speech over the local engine: word error rate ${(100 * errors).toFixed(1)}%`);
  expect(errors).toBeLessThanOrEqual(0.15);

  const words = finals.flatMap((caption) => caption.words);
  for (const [i, word] of words.entries()) {
    expect(word.startMs).toBeLessThanOrEqual(word.endMs);
    if (i > 0) expect(word.startMs).toBeGreaterThanOrEqual(words[i - 1]!.startMs);
  }
  expect(Math.abs(words[0]!.startMs - utterances[0]!.startMs)).toBeLessThan(400);
  expect(Math.abs(words.at(-1)!.endMs - utterances.at(-1)!.endMs)).toBeLessThan(400);
  expect(heard.states.at(-1)).toEqual({ state: 'ended', lostMs: 0 });
});

it('transcribes mulaw at 8 kHz, as phones send it', { timeout: 180_000 }, async () => {
  const { utterances } = scriptOf('call-two-channels');
  // Every other byte after the header is the first channel's.
  const stereo = readFileSync(fixture('call-two-channels.wav')).subarray(-2 * 8_000 * 33);
  const clerk = stereo.filter((_, i) => i % 2 === 0).subarray(0, 8_000 * 15);
  const speech = live(engine.url);
  const heard = listener();
  const stream = speech.openLive({ ...heard, audio: { encoding: 'mulaw', sampleRateHz: 8_000 } });
  for (let at = 0; at < clerk.length; at += 800) stream.send(clerk.subarray(at, at + 800), 60_000 + at / 8);
  await stream.close();
  const finals = heard.captions.filter(({ isFinal }) => isFinal);
  expect(finals.map(({ text }) => text).join(' ')).toMatch(/good afternoon.*one moment/i);
  expect(Math.abs(finals[0]!.words[0]!.startMs - 60_000 - utterances[0]!.startMs)).toBeLessThan(1_000);
});
