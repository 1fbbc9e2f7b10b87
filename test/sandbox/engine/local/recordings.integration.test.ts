import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Engine, startEngine } from '../../../../sandbox/engine/local/index.ts';
import { wordErrorRate } from '../../../support/word-error.ts';
import { fixture, type Script, scriptOf, silentLog, textOf } from './fixtures.ts';

const key = 'a key of the test';
/** Generous, because the machine that runs this may be busy with other tests. */
const soon = { timeout: 30_000 };
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ apiKeys: [key], log: silentLog });
  await engine.warm();
});
afterAll(() => engine.close());

interface Word {
  word: string;
  punctuated_word: string;
  start: number;
  end: number;
  confidence: number;
  speaker?: number;
}
interface Answer {
  metadata: {
    duration: number;
    channels: number;
    parley_local_engine: boolean;
    models: string[];
    model_info: Record<string, { name: string; language: string }>;
  };
  results: {
    channels: { alternatives: { transcript: string; words: Word[] }[]; detected_language?: string }[];
    utterances?: {
      start: number;
      end: number;
      channel: number;
      speaker?: number;
      transcript: string;
      words: Word[];
      id: string;
    }[];
  };
}

const usual = 'model=nova-3&diarize_model=latest&utterances=true&smart_format=true&detect_language=true';

const post = (body: Uint8Array<ArrayBuffer> | string, query = usual, headers: Record<string, string> = {}) =>
  fetch(`${engine.url}/v1/listen?${query}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}`, ...headers },
    body: body,
  });

const hear = async (name: string, query = usual): Promise<Answer> => {
  const response = await post(await fixture(name), query);
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};

/** Speaking time by voice as shares, in the order of the largest. */
const sharesOf = (answer: Answer): number[] => {
  const seconds = new Map<number, number>();
  for (const { speaker, start, end } of answer.results.utterances ?? [])
    seconds.set(speaker ?? -1, (seconds.get(speaker ?? -1) ?? 0) + end - start);
  const total = [...seconds.values()].reduce((sum, value) => sum + value, 0);
  return [...seconds.values()].map((value) => value / total).sort((a, b) => b - a);
};
const trueShares = (script: Script): number[] => Object.values(script.shares).sort((a, b) => b - a);
const transcript = (answer: Answer, channel = 0) =>
  answer.results.channels[channel]?.alternatives[0]?.transcript ?? '';

describe('a recording of two voices', () => {
  let answer: Answer;
  let script: Script;
  beforeAll(async () => {
    answer = await hear('two-voices.wav');
    script = await scriptOf('two-voices');
  });

  it('has at most 10% word error', () => {
    expect(wordErrorRate(textOf(script), transcript(answer))).toBeLessThanOrEqual(0.1);
  });

  it('has two voices with shares within three points of the script', () => {
    const shares = sharesOf(answer);
    expect(shares).toHaveLength(2);
    trueShares(script).forEach((share, i) => {
      expect(Math.abs((shares[i] as number) - share)).toBeLessThan(0.03);
    });
  });

  it('puts every utterance within a third of a second of where it was said', () => {
    const utterances = answer.results.utterances ?? [];
    expect(utterances).toHaveLength(script.utterances.length);
    script.utterances.forEach((spoken, i) => {
      expect(Math.abs((utterances[i]?.start ?? 0) - spoken.startMs / 1000)).toBeLessThan(0.33);
      expect(Math.abs((utterances[i]?.end ?? 0) - spoken.endMs / 1000)).toBeLessThan(0.33);
    });
  });

  it('has words in order, within the recording, each with a confidence and a speaker', () => {
    const words = answer.results.channels[0]?.alternatives[0]?.words ?? [];
    let last = 0;
    for (const word of words) {
      expect(word.start).toBeGreaterThanOrEqual(last);
      expect(word.end).toBeGreaterThan(word.start);
      expect(word.confidence).toBeGreaterThan(0);
      expect(word.confidence).toBeLessThanOrEqual(1);
      expect([0, 1]).toContain(word.speaker);
      last = word.end;
    }
    expect(last).toBeLessThanOrEqual(answer.metadata.duration);
    expect(answer.metadata.duration).toBeCloseTo(script.durationMs / 1000, 1);
  });

  it('is marked as from the local engine, in English', () => {
    expect(answer.metadata.parley_local_engine).toBe(true);
    const about = answer.metadata.model_info[answer.metadata.models[0] ?? ''];
    expect(about).toMatchObject({ name: 'moonshine-base', language: 'en' });
    expect(answer.results.channels[0]?.detected_language).toBe('en');
  });

  it('keeps capitals and punctuation only when asked to', () => {
    const word = answer.results.channels[0]?.alternatives[0]?.words[0];
    expect(word).toMatchObject({ word: 'good', punctuated_word: 'Good' });
    expect(transcript(answer)).toContain('Good morning');
  });
});

it('serves two recordings at once: three voices that talk across each other, and one word', async () => {
  const [long, short] = await Promise.all([hear('three-voices.wav'), hear('one-word.wav')]);
  expect(wordErrorRate('hello', transcript(short))).toBe(0);
  const script = await scriptOf('three-voices');
  expect(wordErrorRate(textOf(script), transcript(long))).toBeLessThanOrEqual(0.1);
  const shares = sharesOf(long);
  expect(shares).toHaveLength(3);
  trueShares(script).forEach((share, i) => {
    expect(Math.abs((shares[i] as number) - share)).toBeLessThan(0.06);
  });
});

it('transcribes a two-channel call by channel', async () => {
  const answer = await hear(
    'call-two-channels.wav',
    'model=nova-3&multichannel=true&utterances=true&smart_format=true',
  );
  const script = await scriptOf('call-two-channels');
  expect(answer.metadata.channels).toBe(2);
  script.channels?.forEach((party, channel) => {
    const said = textOf(script, party);
    expect(wordErrorRate(said, transcript(answer, channel))).toBeLessThanOrEqual(0.1);
  });
  const starts = (answer.results.utterances ?? []).map(({ start }) => start);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(answer.results.utterances?.every(({ speaker }) => speaker === undefined)).toBe(true);
});

it('mixes the channels of a call when not asked to keep them apart', async () => {
  const whole = await fixture('call-two-channels.wav');
  const response = await post(whole.subarray(0, Math.floor(whole.length * 0.32)), 'punctuate=true');
  const answer = (await response.json()) as Answer;
  expect(answer.metadata.channels).toBe(1);
  expect(transcript(answer)).toMatch(/how can I help you.*blue touring bike/i);
  expect(answer.results.utterances).toBeUndefined();
});

it('transcribes the audio of a video', async () => {
  const answer = await hear('two-voices.mp4');
  expect(wordErrorRate(textOf(await scriptOf('two-voices')), transcript(answer))).toBeLessThanOrEqual(0.1);
  expect(sharesOf(answer)).toHaveLength(2);
});

it('transcribes one word', async () => {
  const answer = await hear('one-word.wav');
  expect(answer.results.utterances).toHaveLength(1);
  expect(wordErrorRate('hello', transcript(answer))).toBe(0);
});

it('answers silence with no words', async () => {
  const answer = await hear('silence.wav');
  expect(answer.metadata.duration).toBeCloseTo(5);
  expect(answer.results.channels[0]?.alternatives[0]).toMatchObject({ transcript: '', words: [] });
  expect(answer.results.utterances).toEqual([]);
});

describe('bad input', () => {
  const refused = async (response: Response, status: number, message: RegExp) => {
    const body = (await response.json()) as { err_code: string; err_msg: string; request_id: string };
    expect([response.status, body.err_msg]).toEqual([status, expect.stringMatching(message)]);
    expect(body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  };
  const corrupt = /^Bad Request: failed to process audio: corrupt or unsupported data$/;

  it.each([
    ['zero bytes', () => new Uint8Array(0)],
    ['text', () => Buffer.from('Dear diary, today nobody said anything.\n'.repeat(400))],
    ['random bytes', () => randomBytes(200_000)],
    ['a WAV header and nothing else', async () => (await fixture('two-voices.wav')).subarray(0, 44)],
    [
      'a playlist that names a file',
      () => Buffer.from('#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n'),
    ],
    ['an MP4 without its index', async () => (await fixture('two-voices.m4a')).subarray(0, 30_000)],
  ])('%s: 400', async (_name, bytes) => {
    await refused(await post(await bytes()), 400, corrupt);
  });

  it('a truncated file is transcribed up to its end', async () => {
    const whole = await fixture('two-voices.mp3');
    const response = await post(whole.subarray(0, Math.floor(whole.length * 0.2)), 'smart_format=true');
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Answer;
    expect(answer.metadata.duration).toBeCloseTo(0.2 * 43, 0);
    expect(transcript(answer)).toMatch(/^Good morning/);
  });

  it('an address instead of a recording: 400 with what to do', async () => {
    const response = await post('{"url":"https://example.com/a.mp3"}', usual, {
      'content-type': 'application/json',
    });
    await refused(response, 400, /send the recording as the body/);
  });

  it('a wrong key, or none: 401', async () => {
    const bytes = await fixture('one-word.wav');
    await refused(await post(bytes, usual, { authorization: 'Token wrong' }), 401, /Invalid credentials/);
    await refused(await post(bytes, usual, { authorization: '' }), 401, /Invalid credentials/);
  });

  it('another language than English: 400', async () => {
    await refused(await post(await fixture('one-word.wav'), 'language=de'), 400, /English only/);
  });
});

it('goes on after clients hang up, and leaves no files behind', async () => {
  const impatient = new AbortController();
  const hungUp = fetch(`${engine.url}/v1/listen?${usual}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}` },
    body: await fixture('two-voices.wav'),
    signal: impatient.signal,
  });
  await vi.waitFor(async () => expect(await spooled()).toHaveLength(1), soon);
  impatient.abort();
  await expect(hungUp).rejects.toThrow();
  await hear('one-word.wav');
  await vi.waitFor(async () => expect(await spooled()).toEqual([]), soon);
});

const spooled = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`parley-engine-${process.pid}-`));

it('can be closed in the middle of a recording', async () => {
  const brief = await startEngine({ apiKeys: [key], log: silentLog, model: 'tiny' });
  await brief.warm();
  const cutOff = fetch(`${brief.url}/v1/listen?${usual}`, {
    method: 'POST',
    headers: { authorization: `Token ${key}` },
    body: await fixture('two-voices.wav'),
  });
  cutOff.catch(() => {});
  await vi.waitFor(async () => expect(await spooled()).toHaveLength(1), soon);
  await brief.close();
  await expect(cutOff).rejects.toThrow();
  expect(await spooled()).toEqual([]);
});
