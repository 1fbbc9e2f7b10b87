import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { responseWith } from '../../sandbox/engine/scripted/response.ts';
import { systemClock } from '../../src/clock.ts';
import { AppError } from '../../src/core/error.ts';
import { type ClosableSpeech, createSpeech, type SpeechOptions } from '../../src/speech/index.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { longWav, noise, recordingLog, shortWav, source, wav } from './support.ts';

const MIB = 1024 ** 2;
const signal = new AbortController().signal;
const quiet = { signal, progress: () => {} };

let engine: ScriptedEngine;
let speech: ClosableSpeech;
const log = recordingLog();
const speechWith = (options: Partial<SpeechOptions> = {}): ClosableSpeech =>
  createSpeech({ apiKey: engine.apiKey, baseUrl: engine.url, clock: systemClock, log, ...options });

beforeEach(async () => {
  engine = await startScriptedEngine();
  speech = speechWith();
  log.lines.length = 0;
});
afterEach(async () => {
  await speech.close();
  await engine.close();
});

/** Until a number has not grown in some turns of the event loop. */
const untilSteady = async (count: () => number): Promise<void> => {
  for (let before = -1; before !== count(); ) {
    before = count();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const HELLO = { word: 'hello', startMs: 0, endMs: 300 };

describe('a recording', () => {
  it('becomes words with speakers, times, language and duration', async () => {
    const transcription = await speech.transcribe(source([shortWav()]), quiet);
    expect(transcription).toEqual({
      durationMs: 2_000,
      language: 'en',
      languages: [{ tag: 'en', share: 1 }],
      approximateSpeakers: false,
      remarks: [],
      words: [
        { text: 'Hello,', startMs: 100, endMs: 500, confidence: 0.98, channel: 0, speaker: 0 },
        { text: 'there.', startMs: 520, endMs: 900, confidence: 0.98, channel: 0, speaker: 0 },
        { text: 'Hi!', startMs: 1_200, endMs: 1_500, confidence: 0.98, channel: 0, speaker: 1 },
      ],
    });
  });

  it('is sent with exactly these parameters', async () => {
    await speech.transcribe(source([shortWav()]), quiet);
    const request = engine.requests[0]!;
    expect(Object.fromEntries(request.query)).toEqual({
      model: 'nova-3',
      language: 'multi',
      diarize_model: 'latest',
      mip_opt_out: 'true',
      punctuate: 'true',
      smart_format: 'true',
      tag: 'parley-recording',
      utterances: 'true',
    });
    expect(request.authorized).toBe(true);
    expect(request.contentType).toBe('audio/wav');
    // The name of a file stays within the team.
    expect(request.headerNames).not.toContain('content-disposition');
  });

  it('is sent with its size where that is known, and in chunks where it is not', async () => {
    await speech.transcribe(source([shortWav()]), quiet);
    await speech.transcribe(source(longWav(3 * MIB), 3 * MIB), quiet);
    await speech.transcribe(source(longWav(3 * MIB)), quiet);
    expect(engine.requests.map(({ contentLength, chunked }) => ({ contentLength, chunked }))).toEqual([
      { contentLength: shortWav().length, chunked: false },
      { contentLength: 3 * MIB, chunked: false },
      { contentLength: undefined, chunked: true },
    ]);
    expect(engine.requests.map(({ totalBytes }) => totalBytes)).toEqual([
      shortWav().length,
      3 * MIB,
      3 * MIB,
    ]);
  });

  it('is sent with the hints that people gave', async () => {
    const hints = { languages: ['de'], terms: ['Kubernetes', 'Anna, Berta', ' '] };
    await speechWith({ hints: () => hints }).transcribe(source([shortWav()]), quiet);
    await speechWith({ hints: () => ({ languages: ['de', 'en'], terms: [] }) }).transcribe(
      source([shortWav()]),
      quiet,
    );
    const [first, second] = engine.requests.map(({ query }) => query);
    expect(first!.get('language')).toBe('de');
    expect(first!.getAll('keyterm')).toEqual(['Kubernetes', 'Anna Berta']);
    expect(second!.get('language')).toBe('multi');
    expect(second!.has('keyterm')).toBe(false);
  });

  it('is excluded from training data unless configured otherwise', async () => {
    await speechWith({ mipOptOut: false }).transcribe(source([shortWav()]), quiet);
    expect(engine.requests[0]!.query.get('mip_opt_out')).toBe('false');
  });

  it('is transcribed by channel when two parties have one each, without separating speakers', async () => {
    const left = noise(1);
    const right = noise(2);
    const call = wav({
      sampleRateHz: 8_000,
      channels: 2,
      frames: 8_000 * 6,
      // Each second belongs to one of them.
      sample: (frame, channel) =>
        Math.floor(frame / 8_000) % 2 === channel ? (channel ? right() : left()) / 3 : 0,
    });
    const word = (text: string, startMs: number) => ({ word: text, startMs, endMs: startMs + 300 });
    engine.script({
      mode: 'ok',
      answer: responseWith({
        durationMs: 6_000,
        channels: [[word('hello', 0)], [word('hi', 1_000)]],
        metadata: { parley_local_engine: true },
      }),
    });
    const transcription = await speechWith({ approximateSpeakers: true }).transcribe(source([call]), quiet);
    const { query } = engine.requests[0]!;
    expect(query.get('multichannel')).toBe('true');
    expect(query.has('diarize_model')).toBe(false);
    expect(transcription.words.map(({ text, channel, speaker }) => ({ text, channel, speaker }))).toEqual([
      { text: 'hello', channel: 0, speaker: null },
      { text: 'hi', channel: 1, speaker: null },
    ]);
    expect(transcription.approximateSpeakers).toBe(false);
  });

  it('is transcribed by channel when that is known, whatever the channels contain', async () => {
    const voice = noise(1);
    const samples = Array.from({ length: 8_000 * 3 }, () => voice() / 3);
    // An echo as loud as the voice itself.
    const call = wav({ sampleRateHz: 8_000, channels: 2, frames: 8_000 * 3, sample: (at) => samples[at]! });
    engine.script({ mode: 'ok', answer: responseWith({ durationMs: 3_000, channels: [[HELLO], [HELLO]] }) });
    await speechWith().transcribe({ ...source([call]), partyPerChannel: true }, quiet);
    await speechWith().transcribe(source([call]), quiet);
    expect(engine.requests.map(({ query }) => query.has('multichannel'))).toEqual([true, false]);
  });

  it('has approximate speakers when the local engine separated them', async () => {
    engine.script({
      mode: 'ok',
      answer: responseWith({
        durationMs: 1_000,
        channels: [[{ word: 'hello', startMs: 0, endMs: 300, speaker: 0 }]],
        metadata: { parley_local_engine: true },
      }),
    });
    const transcription = await speechWith({ remarks: ['A remark of ours.'] }).transcribe(
      source([shortWav()]),
      quiet,
    );
    expect(transcription.approximateSpeakers).toBe(true);
    expect(transcription.remarks).toEqual([
      'A remark of ours.',
      'Transcribed by the local engine: English only.',
    ]);
  });

  it('without speech is not retried', async () => {
    engine.script({ mode: 'ok', answer: responseWith({ durationMs: 1_000, channels: [[]] }) });
    await expect(speech.transcribe(source([shortWav()]), quiet)).rejects.toMatchObject({
      code: 'no-speech',
      retryable: false,
    });
  });
});

describe('streaming', () => {
  it('brings every byte, in order, and reports progress', async () => {
    const sizeBytes = 3 * MIB;
    const file = Buffer.concat([...longWav(sizeBytes)]);
    const reported: { sentBytes: number; sent: boolean }[] = [];
    await speech.transcribe(source(longWav(sizeBytes), sizeBytes), {
      signal,
      progress: (p) => reported.push(p),
    });
    const request = engine.requests[0]!;
    expect(request.totalBytes).toBe(sizeBytes);
    expect(request.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(reported.at(-1)).toEqual({ sentBytes: sizeBytes, sent: true });
    expect(reported.filter(({ sent }) => sent)).toHaveLength(1);
  });

  it('closes the source when the engine refuses early', async () => {
    engine.script({ mode: 'busy', retryAfterS: '7', readBytes: MIB });
    const recording = source(longWav(1_000 * MIB));
    await expect(speech.transcribe(recording, quiet)).rejects.toMatchObject({
      code: 'engine-busy',
      retryAfterMs: 7_000,
    });
    expect(recording.returned).toBe(true);
    expect(recording.takenBytes).toBeLessThan(100 * MIB);
  });

  it('aborts the request when the source fails, and fails with its error', async () => {
    const gone = new AppError({ code: 'recording-gone', retryable: false, userMessage: 'Deleted.' });
    const recording = source(
      (function* () {
        yield* longWav(4 * MIB);
        throw gone;
      })(),
    );
    await expect(speech.transcribe(recording, quiet)).rejects.toBe(gone);
    const request = await engine.until(({ aborted }) => aborted);
    expect(request.bodyEnded).toBe(false);
  });

  it('aborts the request when the caller stops, and closes the source', async () => {
    const caller = new AbortController();
    const recording = source(longWav(1_000 * MIB));
    const running = speech.transcribe(recording, { signal: caller.signal, progress: () => {} });
    const outcome = expect(running).rejects.toMatchObject({ code: 'unexpected', retryable: true });
    await engine.until(({ totalBytes }) => totalBytes > MIB);
    caller.abort();
    await outcome;
    await recording.whenReturned;
    await engine.until(({ aborted }) => aborted);
  });

  it('stops while a silent source still owes its first byte', async () => {
    const caller = new AbortController();
    const requested = Promise.withResolvers<void>();
    const recording = source(
      (async function* (): AsyncGenerator<Uint8Array> {
        requested.resolve();
        yield await new Promise<Uint8Array>(() => {});
      })(),
    );
    const running = speech.transcribe(recording, { signal: caller.signal, progress: () => {} });
    const outcome = expect(running).rejects.toMatchObject({ code: 'unexpected', retryable: true });
    await requested.promise;
    caller.abort();
    await outcome;
    expect(recording.returned).toBe(true);
  });

  it.each([
    ['within its beginning', 1_000],
    ['halfway', 4 * MIB],
    ['with more than it declared', 9 * MIB],
  ])('does not transcribe a source that ends %s as if it were whole', async (_, arrives) => {
    const recording = source(longWav(arrives), 8 * MIB);
    await expect(speech.transcribe(recording, quiet)).rejects.toMatchObject({
      code: 'recording-unreadable',
      retryable: true,
    });
    expect(engine.requests.filter(({ bodyEnded }) => bodyEnded)).toEqual([]);
  });
});

describe('a file that is not a recording', () => {
  it('is refused without a request', async () => {
    const cases: [Iterable<Uint8Array>, number | null, object][] = [
      [[], 0, { code: 'recording-empty', retryable: false }],
      [[], null, { code: 'recording-empty', retryable: false }],
      [[Buffer.from('Dear diary, today')], null, { code: 'not-a-recording', retryable: false }],
      [[shortWav()], 2 * 1024 * MIB + 1, { code: 'recording-too-large', retryable: false }],
    ];
    for (const [chunks, sizeBytes, expected] of cases) {
      await expect(speech.transcribe(source(chunks, sizeBytes), quiet)).rejects.toMatchObject(expected);
    }
    expect(engine.requests).toEqual([]);
  });

  it('is described', async () => {
    const pdf = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');
    await expect(speech.transcribe(source([pdf]), quiet)).rejects.toMatchObject({
      userMessage: 'This file is a PDF, not audio. Post an audio or video file.',
    });
  });
});

describe('the engine’s failures', () => {
  const outcome = (): Promise<unknown> =>
    speech.transcribe(source([shortWav()]), quiet).then(
      () => 'transcribed',
      (error: unknown) => error,
    );

  it.each([
    [{ mode: 'busy', retryAfterS: '30' }, 'engine-busy', true, 30_000],
    [{ mode: 'busy' }, 'engine-busy', true, undefined],
    [{ mode: 'busy', retryAfterS: 'soon' }, 'engine-busy', true, undefined],
    [{ mode: 'reject-key' }, 'engine-refused', false, undefined],
    [{ mode: 'error', status: 403 }, 'engine-refused', false, undefined],
    [{ mode: 'error', status: 402 }, 'engine-refused', false, undefined],
    [{ mode: 'error', status: 413 }, 'recording-too-large', false, undefined],
    [
      {
        mode: 'error',
        status: 400,
        errCode: 'Bad Request',
        errMsg: 'Bad Request: failed to process audio: corrupt or unsupported data',
      },
      'recording-unreadable',
      false,
      undefined,
    ],
    [{ mode: 'error', status: 400, errMsg: 'No such model' }, 'engine-failed', false, undefined],
    [{ mode: 'error', status: 404 }, 'engine-failed', false, undefined],
    [{ mode: 'error', status: 408 }, 'engine-failed', true, undefined],
    [{ mode: 'error', status: 500 }, 'engine-failed', true, undefined],
    [{ mode: 'error', status: 503 }, 'engine-failed', true, undefined],
    [{ mode: 'error', status: 504 }, 'engine-failed', true, undefined],
    [{ mode: 'error', status: 499 }, 'engine-failed', true, undefined],
    [
      { mode: 'error', status: 422, errMsg: 'Unable to read the entire client request.' },
      'engine-failed',
      true,
      undefined,
    ],
    [{ mode: 'error', status: 422, errMsg: 'Unprocessable.' }, 'engine-failed', false, undefined],
    [{ mode: 'reset' }, 'engine-failed', true, undefined],
    [{ mode: 'break-answer' }, 'engine-failed', true, undefined],
    [{ mode: 'truncated-json' }, 'engine-failed', true, undefined],
    [{ mode: 'html' }, 'engine-failed', true, undefined],
    [{ mode: 'ok', answer: { results: {} } }, 'engine-failed', true, undefined],
  ] as const)('%j is %s, retryable %s', async (behaviour, code, retryable, retryAfterMs) => {
    engine.script(behaviour);
    expect(await outcome()).toMatchObject({ name: 'AppError', code, retryable, retryAfterMs });
    // Retries are the job's: a stream can be sent only once.
    expect(engine.requests).toHaveLength(1);
  });

  it.each([
    [400, 'the request. Your Parley admin needs to check DEEPGRAM_URL'],
    [401, 'doesn’t accept Parley’s key'],
    [402, 'no credit left'],
    [403, 'doesn’t let Parley use the model nova-3'],
    [413, 'larger than 2 GB'],
    [415, 'can’t be read'],
    [422, 'refused the request'],
    [429, 'is busy'],
    [499, 'isn’t working properly'],
    [503, 'isn’t working properly'],
    [504, 'took too long'],
  ])('of status %i have a sentence of their own', async (status, sentence) => {
    engine.script({ mode: 'error', status });
    expect(await outcome()).toMatchObject({ userMessage: expect.stringContaining(sentence) });
  });

  it('of ten minutes of processing are worth one more try only', async () => {
    engine.script({ mode: 'error', status: 504 }, { mode: 'error', status: 503 });
    expect(await outcome()).toMatchObject({ maxAttempts: 2 });
    expect(await outcome()).toMatchObject({ maxAttempts: undefined });
  });

  it('include a server that is not there', async () => {
    await engine.close();
    expect(await outcome()).toMatchObject({ code: 'engine-failed', retryable: true });
  });

  it('include a wrong key, with a sentence for people', async () => {
    speech = speechWith({ apiKey: 'wrong-key' });
    expect(await outcome()).toMatchObject({
      code: 'engine-refused',
      userMessage: expect.stringContaining('DEEPGRAM_API_KEY'),
    });
  });

  it('include no response in time', async () => {
    engine.script({ mode: 'hang' });
    const clock = createVirtualClock();
    speech = speechWith({ clock });
    const failed = outcome();
    await engine.until(({ bodyEnded }) => bodyEnded);
    await clock.advance(2 * 3_600_000);
    expect(await failed).toMatchObject({ code: 'engine-failed', retryable: true });
    await engine.until(({ aborted }) => aborted);
  });

  it('include an engine that takes no more bytes', async () => {
    engine.script({ mode: 'hang', readBytes: MIB });
    const recording = source(longWav(500 * MIB));
    const clock = createVirtualClock();
    const failed = expect(speechWith({ clock }).transcribe(recording, quiet)).rejects.toMatchObject({
      code: 'engine-failed',
      retryable: true,
    });
    await engine.until(({ totalBytes }) => totalBytes >= MIB);
    // As much as the sockets take is still on its way.
    await untilSteady(() => recording.takenBytes);
    await clock.advance(240_000);
    await failed;
    expect(recording.returned).toBe(true);
  });

  it('are logged with the request id, and neither the key nor the engine’s message', async () => {
    engine.script({ mode: 'error', status: 500, errMsg: 'the words someone spoke' });
    const error = await outcome();
    const logged = JSON.stringify(log.lines);
    expect(logged).toContain('00000000-0000-4000-8000-00000000dead');
    for (const text of [logged, inspect(error, { depth: 10, showHidden: true })]) {
      expect(text).not.toContain('the words someone spoke');
      expect(text).not.toContain(engine.apiKey);
    }
  });
});
