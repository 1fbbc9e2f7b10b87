import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LIVE_PARAMETERS, parseLiveQuery } from '../../sandbox/engine/live-query.ts';
import { liveMetadata, liveResults } from '../../sandbox/engine/local/live/messages.ts';
import { CLOSE_STREAM, FINALIZE, KEEP_ALIVE, listenUrl, liveUrl } from '../../src/speech/live/wire.ts';
import { type LiveSetup, listener, openLiveSetup, speaker } from '../speech/live/support.ts';

/** The live side of Parley and of both engines here, held to Deepgram's own specifications. */

const read = (file: string) => parse(readFileSync(path.join(import.meta.dirname, 'deepgram', file), 'utf8'));
const asyncapi = read('asyncapi.yml');
const openapi = read('openapi.yml');

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (instance: Ajv) => void)(ajv);
ajv.addFormat('binary', true);
ajv.addSchema({ $id: 'live', ...asyncapi });

/** The schema of a parameter of the WebSocket, by its name. */
const parameters: Record<string, { $ref: string }> =
  asyncapi.channels['/v1/listen'].bindings.ws.query.properties;
const takesLive = (name: string, value: string): boolean => {
  const parameter = parameters[name];
  return parameter !== undefined && ajv.validate({ $ref: `live${parameter.$ref}` }, value);
};

/** What is wrong with a message of the server; null for nothing. */
const problemOf = (message: object & { type?: unknown }): string | null => {
  const schema = `live#/components/schemas/ListenV1_ListenV1${String(message.type)}`;
  return ajv.validate({ $ref: schema }, message) ? null : ajv.errorsText();
};

const ASKED = {
  live: { kind: 'meeting', audio: { encoding: 'linear16', sampleRateHz: 16_000 } },
  hints: { languages: [], terms: ['Kubernetes', 'Parley'] },
  mipOptOut: true,
} as const;

describe('what Parley asks for', () => {
  it.each([
    ['in a meeting', ASKED],
    ['on a phone', { ...ASKED, live: { kind: 'call', audio: { encoding: 'mulaw', sampleRateHz: 8_000 } } }],
    ['in one language', { ...ASKED, hints: { languages: ['de'], terms: [] } }],
  ] as const)('live, %s, is in the specification, and taken by the engines here', (_, asked) => {
    const { searchParams } = new URL(liveUrl('https://api.deepgram.com', asked));
    const refused = [...searchParams].filter(([name, value]) => !takesLive(name, value));
    expect(refused).toEqual([]);
    expect(parseLiveQuery(searchParams)).toHaveProperty('query');
  });

  it('of what is left at the end is in the specification of recordings', () => {
    const known = new Map<string, { schema: object }>(
      openapi.paths['/v1/listen'].post.parameters.map((one: { name: string; schema: object }) => [
        one.name,
        one,
      ]),
    );
    // A model is one of a list or any other text there, so `oneOf` never fits a listed one.
    ajv.addSchema({
      $id: 'recorded',
      ...JSON.parse(JSON.stringify(openapi).replaceAll('"oneOf"', '"anyOf"')),
    });
    for (const [name, value] of listenUrl('https://api.deepgram.com', ASKED).searchParams) {
      expect([...known.keys()]).toContain(name);
      const schema = JSON.parse(JSON.stringify(known.get(name)!.schema).replaceAll('"#/', '"recorded#/'));
      const typed = [value, Number(value), value === 'true', [value]];
      expect(
        typed.some((one) => ajv.validate(schema, one)),
        `${name}=${value}`,
      ).toBe(true);
    }
  });

  it('is nothing that its answers are not read for', () => {
    const { searchParams } = new URL(liveUrl('https://api.deepgram.com', ASKED));
    expect(searchParams.has('vad_events')).toBe(false);
    expect(searchParams.has('utterance_end_ms')).toBe(false);
  });

  it.each([KEEP_ALIVE, FINALIZE, CLOSE_STREAM])('%s is a message of the client', (text) => {
    const { type } = JSON.parse(text);
    const schema = `live#/components/schemas/ListenV1_ListenV1${type}`;
    expect(ajv.validate({ $ref: schema }, JSON.parse(text))).toBe(true);
  });
});

describe('the engines here', () => {
  it('take no parameter that Deepgram lacks', () => {
    expect(LIVE_PARAMETERS.filter((name) => !(name in parameters))).toEqual([]);
  });

  const good = 'model=nova-3&language=multi&encoding=linear16&sample_rate=16000';
  it.each([
    ['an unknown parameter', 'detect_language=true'],
    ['a parameter of recordings', 'utterances=true'],
    ['a parameter of another model', 'language_hint=de'],
    ['an unknown model', 'model=nova-9'],
    ['a flag that is none', 'smart_format=yes'],
    ['a language that is none', 'language=german%20please'],
    ['utterance_end_ms below its range', 'utterance_end_ms=999'],
    ['utterance_end_ms above its range', 'utterance_end_ms=5001'],
    ['endpointing below zero', 'endpointing=-1'],
    ['a sample rate that is none', 'sample_rate=fast'],
    ['a key term with a comma', 'keyterm=a,b'],
    ['more than 500 key terms', Array.from({ length: 501 }, (_, i) => `keyterm=w${i}`).join('&')],
    ['a parameter twice', 'endpointing=100&endpointing=300'],
  ])('refuse %s, as Deepgram does', (_, more) => {
    const search = new URLSearchParams(good);
    expect(parseLiveQuery(search)).toHaveProperty('query');
    for (const name of new URLSearchParams(more).keys()) search.delete(name);
    expect(parseLiveQuery(new URLSearchParams(`${search.toString()}&${more}`))).toHaveProperty('problem');
  });

  it('send messages of the specification: the local one', () => {
    const words = [{ text: 'Hello.', startSeconds: 0.1, endSeconds: 0.5, confidence: 0.9 }];
    const about = { start: 0, end: 1, isFinal: true, speechFinal: true, fromFinalize: false };
    const stream = {
      requestId: '6d6f6f6e-7368-4e65-8261-736500000009',
      size: 'base',
      formatted: true,
    } as const;
    expect(problemOf(liveResults(words, about, stream))).toBeNull();
    expect(problemOf(liveResults([], { ...about, isFinal: false }, stream))).toBeNull();
    const metadata = { ...stream, createdMs: 0, durationSeconds: 1, sha256: 'incomplete' };
    expect(problemOf(liveMetadata(metadata))).toBeNull();
  });
});

describe('the scripted engine', () => {
  let setup: LiveSetup;
  beforeEach(async () => {
    setup = await openLiveSetup();
  });
  afterEach(() => setup.close());

  it('sends messages of the specification: interims, finals, answers to Finalize, the last one', async () => {
    const stream = setup.speechWith({ lingerMs: 2_000 }).openLive(listener());
    const { say, pause, flush } = speaker(stream);
    say(15);
    pause(1_500);
    flush();
    say(2);
    flush();
    await setup.untilLive(({ openNow, streams }) => streams.length === 1 && openNow === 0);
    const { sent } = setup.engine.live.streams[0]!;
    expect(new Set(sent.map((message) => (message as { type: string }).type))).toEqual(
      new Set(['Results', 'Metadata']),
    );
    expect(sent.map(problemOf).filter((problem) => problem !== null)).toEqual([]);
  });

  it('closes an idle stream as Deepgram does: a last Metadata that is incomplete, then 1011 with net0001', async () => {
    const stream = setup
      .speechWith({ lingerMs: 60_000, timings: { keepAliveMs: 60_000 } })
      .openLive(listener());
    speaker(stream).say(3);
    await setup.untilLive(({ streams }) => streams[0]?.markers.length === 3);
    const heardMs = setup.clock.monotonicMs();
    await setup.untilLive(({ openNow }) => openNow === 0);
    expect(setup.clock.monotonicMs() - heardMs).toBeGreaterThanOrEqual(11_500);
    expect(setup.clock.monotonicMs() - heardMs).toBeLessThanOrEqual(12_500);
    const last = setup.engine.live.streams[0]!.sent.at(-1)!;
    expect(last).toMatchObject({ type: 'Metadata', sha256: 'incomplete' });
    expect(problemOf(last)).toBeNull();
    expect(setup.log.lines[0]?.fields.reason).toMatch(/^closed 1011: .*net0001$/);
  });

  it('hears 1.25 times as fast as people speak, sends an interim a second, empty ones in silence', async () => {
    const stream = setup.speechWith().openLive(listener());
    const { say, pause } = speaker(stream);
    say(25);
    await setup.untilLive(({ streams }) => streams[0]?.markers.length === 25);
    // The last of the pieces of 100 ms is heard when all before it are.
    expect(setup.clock.monotonicMs()).toBeGreaterThanOrEqual(2_400 / 1.25);
    expect(setup.clock.monotonicMs()).toBeLessThan(2_400 / 1.25 + 200);
    pause(2_400);
    await setup.clock.advance(2_500);
    const results = setup.engine.live.streams[0]!.sent as {
      is_final: boolean;
      start: number;
      duration: number;
      channel: { alternatives: { words: unknown[] }[] };
    }[];
    const interims = results.filter(({ is_final }) => !is_final);
    expect(interims.slice(0, 2).map(({ duration }) => Math.round(duration))).toEqual([1, 2]);
    expect(interims.at(-1)!.channel.alternatives[0]!.words).toEqual([]);
  });
});
