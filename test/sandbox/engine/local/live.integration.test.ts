import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Engine, startEngine } from '../../../../sandbox/engine/local/index.ts';
import { wordErrorRate } from '../../../support/word-error.ts';
import { fixture, scriptOf, silentLog, textOf } from './fixtures.ts';

const key = 'a key of the test';
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ apiKeys: [key], log: silentLog });
  await engine.warm();
});
afterAll(() => engine.close());

interface Message {
  type: string;
  is_final?: boolean;
  speech_final?: boolean;
  from_finalize?: boolean;
  start?: number;
  duration?: number;
  timestamp?: number;
  last_word_end?: number;
  parley_local_engine?: boolean;
  sha256?: string;
  channel?: { alternatives: { transcript: string; words: { start: number; end: number }[] }[] };
}

const usual =
  'model=nova-3&encoding=linear16&sample_rate=16000&channels=1&interim_results=true&smart_format=true' +
  '&endpointing=300&utterance_end_ms=1000&vad_events=true';

/** A client that keeps what it is told, and lets a test wait for a message. */
const connect = async (to: Engine, query = usual, apiKey = key) => {
  const socket = new WebSocket(`${to.url.replace('http', 'ws')}/v1/listen?${query}`, {
    headers: { authorization: `Token ${apiKey}` },
  });
  const messages: Message[] = [];
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString()) as Message);
    for (const check of waiting) check();
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    messages,
    closed,
    say: (type: string) => socket.send(JSON.stringify({ type })),
    until: (wanted: (message: Message) => boolean): Promise<Message> =>
      new Promise((resolve, reject) => {
        socket.once('close', () => reject(new Error('The stream closed without the message waited for.')));
        const check = () => {
          const found = messages.find(wanted);
          if (found) resolve(found);
          if (found) waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
  };
};
type Client = Awaited<ReturnType<typeof connect>>;

/** In tenths of a second, as clients send; `seconds` from the start. */
const sendAudio = ({ socket }: Client, pcm: Buffer, bytesASecond = 32_000): void => {
  for (let at = 0; at < pcm.length; at += bytesASecond / 10)
    socket.send(pcm.subarray(at, at + bytesASecond / 10));
};
const twoVoices = async (seconds = Number.POSITIVE_INFINITY): Promise<Buffer> =>
  (await fixture('two-voices.wav')).subarray(44, Math.min(44 + seconds * 32_000, 1e9));

const results = (client: Client, isFinal: boolean) =>
  client.messages.filter((message) => message.type === 'Results' && message.is_final === isFinal);
const transcript = (message: Message) => message.channel?.alternatives[0]?.transcript ?? '';
const finalText = (client: Client) => results(client, true).map(transcript).join(' ');

describe('a live stream of two voices', () => {
  let client: Client;
  beforeAll(async () => {
    client = await connect(engine);
    sendAudio(client, await twoVoices());
    client.say('CloseStream');
    await client.closed;
  });

  it('ends up with at most 15 in 100 words wrong', async () => {
    expect(wordErrorRate(textOf(await scriptOf('two-voices')), finalText(client))).toBeLessThanOrEqual(0.15);
  });

  it('has finals that follow each other without gap or overlap, from the first to the last sample', () => {
    let end = 0;
    for (const final of results(client, true)) {
      expect(final.start).toBeCloseTo(end, 4);
      end = (final.start ?? 0) + (final.duration ?? 0);
    }
    expect(end).toBeGreaterThan(42.9);
  });

  it('has word times that ascend and lie within their finals', () => {
    let last = 0;
    for (const final of results(client, true))
      for (const { start, end } of final.channel?.alternatives[0]?.words ?? []) {
        expect(start).toBeGreaterThanOrEqual(last - 1e-6);
        expect(end).toBeLessThanOrEqual((final.start ?? 0) + (final.duration ?? 0) + 1e-6);
        last = end;
      }
    expect(last).toBeGreaterThan(41);
  });

  it('says when speech starts and when an utterance has ended', async () => {
    const script = await scriptOf('two-voices');
    const starts = client.messages.filter(({ type }) => type === 'SpeechStarted');
    expect(starts).toHaveLength(script.utterances.length);
    starts.forEach(({ timestamp }, i) => {
      expect(Math.abs((timestamp ?? 0) - (script.utterances[i]?.startMs ?? 0) / 1000)).toBeLessThan(0.2);
    });
    // The script holds one silence of more than a second, before the sixth utterance.
    const ends = client.messages.filter(({ type }) => type === 'UtteranceEnd');
    expect(ends).toHaveLength(1);
    expect(Math.abs((ends[0]?.last_word_end ?? 0) - (script.utterances[4]?.endMs ?? 0) / 1000)).toBeLessThan(
      0.4,
    );
  });

  it('closes with metadata that names the local engine, and with code 1000', async () => {
    expect(client.messages.at(-1)).toMatchObject({ type: 'Metadata', parley_local_engine: true });
    expect(await client.closed).toMatchObject({ code: 1000 });
  });
});

it('captions a sentence while it is being said, before its final', async () => {
  const client = await connect(engine);
  const pcm = await twoVoices(6);
  // The first sentence lasts from 0.4 to 4.7 s. Each caption must come before the audio after it is sent.
  let sentSeconds = 0;
  for (const [i, untilSeconds] of [1.2, 2.1, 3.2].entries()) {
    sendAudio(client, pcm.subarray(sentSeconds * 32_000, untilSeconds * 32_000));
    sentSeconds = untilSeconds;
    await client.until(() => results(client, false).length > i);
  }
  expect(transcript(results(client, false).at(-1) as Message)).toMatch(/^Good morning/);
  expect(results(client, true)).toEqual([]);
  sendAudio(client, pcm.subarray(sentSeconds * 32_000));
  const final = await client.until((message) => message.is_final === true && transcript(message) !== '');
  expect(final.speech_final).toBe(true);
  expect(transcript(final)).toMatch(/^Good morning.*new school\?$/);
  client.say('CloseStream');
  await client.closed;
});

it('Finalize brings what was said so far at once, and the stream goes on', async () => {
  const client = await connect(engine);
  const pcm = await twoVoices(10);
  sendAudio(client, pcm.subarray(0, 3 * 32_000));
  client.say('Finalize');
  const first = await client.until((message) => message.from_finalize === true);
  expect(first.is_final).toBe(true);
  expect(transcript(first)).toMatch(/^Good morning/);
  expect((first.start ?? 0) + (first.duration ?? 0)).toBeGreaterThan(2.7);
  sendAudio(client, pcm.subarray(3 * 32_000));
  client.say('CloseStream');
  await client.closed;
  expect(finalText(client)).toMatch(/pond/);
});

it('transcribes mu-law at 8 kHz, as phones send it', async () => {
  const client = await connect(engine, 'encoding=mulaw&sample_rate=8000&punctuate=true');
  // The left channel of the call: every other byte after the header.
  const stereo = (await fixture('call-two-channels.wav')).subarray(-2 * 8000 * 33);
  const clerk = Buffer.from(stereo.filter((_, i) => i % 2 === 0));
  sendAudio(client, clerk.subarray(0, 8000 * 15), 8000);
  client.say('CloseStream');
  await client.closed;
  expect(results(client, false)).toEqual([]);
  expect(finalText(client)).toMatch(/good afternoon.*one moment/i);
});

it('two streams at once each get their own words', async () => {
  const [one, other] = await Promise.all([connect(engine), connect(engine)]);
  sendAudio(one, await twoVoices(5));
  sendAudio(other, (await fixture('one-word.wav')).subarray(44));
  one.say('CloseStream');
  other.say('CloseStream');
  await Promise.all([one.closed, other.closed]);
  expect(finalText(one)).toMatch(/garden plan/);
  expect(wordErrorRate('hello', finalText(other))).toBe(0);
});

describe('what it refuses', () => {
  it('a wrong key: 401 before the upgrade', async () => {
    await expect(connect(engine, usual, 'wrong')).rejects.toThrow('401');
  });

  it('a stream without an encoding, or in another language: 400', async () => {
    await expect(connect(engine, 'sample_rate=16000')).rejects.toThrow('400');
    await expect(connect(engine, `${usual}&language=fr`)).rejects.toThrow('400');
  });

  it('a text message that it does not know: closes with 1008', async () => {
    const client = await connect(engine);
    client.socket.send('hello');
    expect(await client.closed).toMatchObject({ code: 1008 });
  });
});

it('closes a silent stream with net0001; KeepAlive keeps it open once there was audio', async () => {
  const impatient = await startEngine({ apiKeys: [key], log: silentLog, liveIdleMs: 600 });
  try {
    const [kept, left] = await Promise.all([connect(impatient), connect(impatient)]);
    kept.socket.send(Buffer.alloc(3_200));
    const alive = setInterval(() => {
      kept.say('KeepAlive');
      left.say('KeepAlive');
    }, 100);
    const { code, reason } = await left.closed;
    clearInterval(alive);
    expect([code, reason]).toEqual([1011, expect.stringMatching(/net0001$/)]);
    expect(left.messages.at(-1)).toMatchObject({ type: 'Metadata', sha256: 'incomplete' });
    expect(kept.socket.readyState).toBe(WebSocket.OPEN);
    expect(await kept.closed).toMatchObject({ code: 1011 });
  } finally {
    await impatient.close();
  }
});

it('closing the engine ends its streams, and closing it twice is harmless', async () => {
  const brief = await startEngine({ apiKeys: [key], log: silentLog });
  const client = await connect(brief);
  await Promise.all([brief.close(), brief.close()]);
  expect((await client.closed).code).toBe(1006);
});
