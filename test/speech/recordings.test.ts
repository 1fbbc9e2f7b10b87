import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  type Behaviour,
  type ScriptedEngine,
  startScriptedEngine,
} from '../../sandbox/engine/scripted/index.ts';
import { responseWith } from '../../sandbox/engine/scripted/response.ts';
import { systemClock } from '../../src/clock.ts';
import { type ClosableSpeech, createSpeech } from '../../src/speech/index.ts';
import { matroska, quickTime, tone } from './container/movies.ts';
import { recordingLog, shortWav, source, wav } from './support.ts';

let engine: ScriptedEngine;
let speech: ClosableSpeech;
beforeEach(async () => {
  engine = await startScriptedEngine();
  speech = createSpeech({
    apiKey: engine.apiKey,
    baseUrl: engine.url,
    clock: systemClock,
    log: recordingLog(),
  });
});
afterEach(async () => {
  await speech.close();
  await engine.close();
});

const quiet = { signal: new AbortController().signal, progress: () => {} };
const transcribe = (file: Buffer, { again = true } = {}) =>
  speech.transcribe(source([file]), again ? { ...quiet, reopen: async () => source([file]) } : quiet);

/** The engine hears these words, a second each, in one channel or in each. */
const hears = (...channels: readonly string[]): Behaviour => ({
  mode: 'ok',
  answer: responseWith({
    durationMs: 3_000,
    channels: channels.map((text) =>
      text
        .split(' ')
        .filter(Boolean)
        .map((word, i) => ({ word, startMs: i * 1_000, endMs: i * 1_000 + 500, speaker: 0 })),
    ),
  }),
});
const wordsOf = ({ words }: Awaited<ReturnType<typeof transcribe>>) =>
  words.map(({ text, channel, speaker }) => `${channel}:${speaker} ${text}`);

const AUDIO = { kind: 'audio', samples: tone(300, 3) } as const;
const VIDEO = { kind: 'video', samples: tone(1, 8) } as const;

describe.each([
  ['QuickTime', quickTime],
  ['Matroska', matroska],
])('several audio tracks of %s', (_, make) => {
  const two = make([AUDIO, AUDIO]);

  test('are heard one by one, each with one track that players see', async () => {
    engine.script(hears('hello there'), hears('hi'));
    await transcribe(two);
    expect(engine.requests).toHaveLength(2);
    expect(new Set(engine.requests.map(({ sha256 }) => sha256)).size).toBe(2);
    expect(engine.requests.map(({ totalBytes }) => totalBytes)).toEqual([two.length, two.length]);
  });

  test('of which the first is silent have the words of the second', async () => {
    engine.script(hears(''), hears('hello there'));
    const transcription = await transcribe(two);
    expect(wordsOf(transcription)).toEqual(['0:0 hello', '0:0 there']);
    expect(transcription.remarks).toEqual([]);
  });

  test('with one person each are parties of their own', async () => {
    engine.script(hears('hello there'), hears('hi'));
    expect(wordsOf(await transcribe(two))).toEqual(['0:0 hello', '0:0 there', '1:0 hi']);
  });

  test('of which one is the mix of all count once', async () => {
    engine.script(hears('hello there friend'), hears('hello there'));
    expect(wordsOf(await transcribe(two))).toEqual(['0:0 hello', '0:0 there', '0:0 friend']);
  });

  test('are said where the recording cannot be had again', async () => {
    engine.script(hears('hello there'));
    const { remarks } = await transcribe(two, { again: false });
    expect(remarks).toEqual(['This file has 2 audio tracks; only the first one could be transcribed.']);
  });

  test('are said where one cannot be read, and the first is kept', async () => {
    engine.script(hears('hello there'), { mode: 'error', status: 400, errMsg: 'unsupported data' });
    const { remarks, words } = await transcribe(two);
    expect(words).toHaveLength(2);
    expect(remarks).toHaveLength(1);
  });

  test('are all tried again when the engine is busy with one', async () => {
    engine.script(hears('hello there'), { mode: 'busy' });
    await expect(transcribe(two)).rejects.toMatchObject({ code: 'engine-busy', retryable: true });
  });
});

describe('a sound that begins later than the picture', () => {
  const late = quickTime([VIDEO, { ...AUDIO, delayMs: 2_000 }]);

  test('has its words when a player plays them, and the length that a player shows', async () => {
    engine.script(hears('hello there'));
    const { words, durationMs } = await transcribe(late);
    expect(words.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [2_000, 2_500],
      [3_000, 3_500],
    ]);
    expect(durationMs).toBe(8_000);
  });

  test('is not moved twice by an engine that counts the wait', async () => {
    engine.script({
      mode: 'ok',
      answer: responseWith({
        durationMs: 8_000,
        channels: [[{ word: 'hello', startMs: 2_000, endMs: 2_500 }]],
      }),
    });
    expect((await transcribe(late)).words[0]?.startMs).toBe(2_000);
  });
});

describe('two channels of which one is upside down', () => {
  const inverted = wav({
    sampleRateHz: 44_100,
    channels: 2,
    frames: 44_100,
    sample: (frame, channel) => (Math.sin(frame / 20) / 2) * (channel === 0 ? 1 : -1),
  });

  it('are heard apart, and one of them is taken', async () => {
    engine.script(hears('hello there', 'hello'));
    expect(wordsOf(await transcribe(inverted))).toEqual(['0:0 hello', '0:0 there']);
    const [{ query }] = engine.requests as [(typeof engine.requests)[number]];
    expect([query.get('multichannel'), query.get('diarize_model')]).toEqual(['true', 'latest']);
  });

  it('are heard apart in any format whose mix has no words', async () => {
    engine.script(hears(''), hears('hello there', 'hello there'));
    expect(wordsOf(await transcribe(quickTime([AUDIO])))).toEqual(['0:0 hello', '0:0 there']);
    expect(engine.requests.map(({ query }) => query.has('multichannel'))).toEqual([false, true]);
  });

  it('are not looked for where there is one channel, or no second chance', async () => {
    engine.script(hears(''), hears(''));
    await expect(transcribe(shortWav())).rejects.toMatchObject({ code: 'no-speech' });
    await expect(transcribe(quickTime([AUDIO]), { again: false })).rejects.toMatchObject({
      code: 'no-speech',
    });
    expect(engine.requests).toHaveLength(2);
  });
});

describe('what cannot hold speech', () => {
  test.each([
    ['QuickTime', quickTime([VIDEO])],
    ['QuickTime with its index at the end', quickTime([VIDEO], { indexLast: true })],
    ['Matroska', matroska([VIDEO])],
  ])('a video without sound says so: %s', async (_, file) => {
    await expect(transcribe(file)).rejects.toMatchObject({
      retryable: false,
      userMessage: 'This video has no sound. Check that a microphone was recorded, and post it again.',
    });
  });

  test('a WAV with nothing after its header is empty', async () => {
    await expect(transcribe(shortWav().subarray(0, 44))).rejects.toMatchObject({ code: 'recording-empty' });
    expect(engine.requests).toEqual([]);
  });

  test('a recording of no length is empty', async () => {
    engine.script({ mode: 'ok', answer: responseWith({ durationMs: 0, channels: [[]] }) });
    await expect(transcribe(shortWav())).rejects.toMatchObject({ code: 'recording-empty' });
  });

  test('what is not recognised is sent all the same', async () => {
    engine.script(hears('hello'));
    expect(
      wordsOf(await transcribe(Buffer.from('TTA1\x01\0\x01\0\x10\0'.padEnd(500, '\x07'), 'latin1'))),
    ).toEqual(['0:0 hello']);
    expect(engine.requests[0]!.contentType).toBe('application/octet-stream');
  });
});
