import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LISTEN_PARAMETERS, problemOfQuery } from '../../sandbox/engine/listen-parameters.ts';
import { recordingQuery } from '../../sandbox/engine/local/http/query.ts';
import { recordingResponse } from '../../sandbox/engine/local/http/responses.ts';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { DEFAULT_RESPONSE, responseWith } from '../../sandbox/engine/scripted/response.ts';
import { systemClock } from '../../src/clock.ts';
import { createSpeech } from '../../src/speech/index.ts';
import { recordingLog, shortWav, source } from '../speech/support.ts';
import { listenParameters, validateAnswer } from './deepgram-reference.ts';

const expectValid = (answer: unknown): void => {
  validateAnswer(answer);
  expect(validateAnswer.errors ?? []).toEqual([]);
};

describe('the parameters that the stand-ins take', () => {
  test('are those of Deepgram’s specification', () => {
    expect(Object.keys(LISTEN_PARAMETERS).sort()).toEqual([...listenParameters.keys()].sort());
  });

  test.each(Object.entries(LISTEN_PARAMETERS))('%s has the values of the specification', (name, kind) => {
    const schemas = listenParameters.get(name)!;
    const types = schemas.map(({ type }) => type);
    const values = schemas.flatMap((schema) => schema.enum ?? []);
    if (typeof kind !== 'string') {
      for (const value of values) expect(kind).toContain(value);
      for (const value of kind) {
        expect(values.includes(value) || (types.includes('boolean') && /^(?:true|false)$/.test(value))).toBe(
          true,
        );
      }
    } else if (kind === 'flag') expect(types).toEqual(['boolean']);
    else if (kind === 'texts') expect(types).toContain('array');
    else expect(types).toContain(kind === 'text' ? 'string' : 'number');
  });

  test.each([
    ['model=nova-3&detect_languages=true', 'Unknown query parameter: detect_languages'],
    ['model=nova-3&language_hint=de', 'Unknown query parameter: language_hint'],
    ['sample_rate=8000', 'Unknown query parameter: sample_rate'],
    ['punctuate=yes', 'Invalid value of query parameter: punctuate'],
    ['diarize_model=v3', 'Invalid value of query parameter: diarize_model'],
    ['utt_split=-1', 'Invalid value of query parameter: utt_split'],
    ['model=nova-3&model=nova-2', 'Query parameter given more than once: model'],
    ['diarize=true&diarize_model=latest', 'diarize and diarize_model must not be sent together.'],
    ['keyterm=a,b', 'keyterm must not contain commas.'],
    ['summarize=v2&language=de', 'summarize supports English only.'],
  ])('do not include %s', (query, problem) => {
    expect(problemOfQuery(new URLSearchParams(query))).toBe(problem);
  });

  test('repeat where Deepgram’s do', () => {
    const query = 'keyterm=a&keyterm=b&redact=pci&redact=pii&tag=a&tag=b';
    expect(problemOfQuery(new URLSearchParams(query))).toBeNull();
  });
});

describe('the answers of the stand-ins', () => {
  test('are valid: the scripted engine', () => {
    expectValid(DEFAULT_RESPONSE);
    expectValid(responseWith({ channels: [[], []], durationMs: 0 }));
  });

  test.each(['language=multi&utterances=true', 'detect_language=true', 'multichannel=true'])(
    'are valid: the local engine, asked with %s',
    (text) => {
      const query = recordingQuery.parse(Object.fromEntries(new URLSearchParams(text)));
      const word = { text: 'Hi.', startSeconds: 0.1, endSeconds: 0.4, confidence: 0.9 };
      const answer = recordingResponse(
        {
          durationSeconds: 1,
          channels: 1,
          words: [{ ...word, channel: 0, speaker: 0, speakerConfidence: 0.8 }],
        },
        query,
        {
          requestId: '6d6f6f6e-7368-4e65-8261-736500000002',
          sha256: '0'.repeat(64),
          createdMs: 0,
          size: 'base',
        },
      );
      expectValid(JSON.parse(JSON.stringify(answer)));
    },
  );

  const FOLDER = new URL('./deepgram/recorded/', import.meta.url);
  test.each(readdirSync(FOLDER))('have the keys of the vendor’s own: %s', (file) => {
    const recorded = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as typeof DEFAULT_RESPONSE;
    const keysOf = (answer: Record<string, unknown>): Set<string> => new Set(Object.keys(answer));
    for (const key of keysOf(DEFAULT_RESPONSE)) expect(keysOf(recorded)).toContain(key);
  });
});

describe('what Parley sends', () => {
  let engine: ScriptedEngine;
  beforeEach(async () => {
    engine = await startScriptedEngine();
  });
  afterEach(() => engine.close());

  test.each([
    ['a recording', {}],
    ['a call', { partyPerChannel: true }],
  ])('%s has no parameter that the specification lacks', async (_, more) => {
    const hints = { languages: [], terms: ['Parley', 'mediasoup'] };
    const speech = createSpeech({
      apiKey: engine.apiKey,
      baseUrl: engine.url,
      clock: systemClock,
      log: recordingLog(),
      hints: () => hints,
    });
    await speech.transcribe(
      { ...source([shortWav()]), ...more },
      { signal: new AbortController().signal, progress: () => {} },
    );
    await speech.close();
    const { query } = engine.requests[0]!;
    for (const name of query.keys()) expect([...listenParameters.keys()]).toContain(name);
    expect(problemOfQuery(query)).toBeNull();
  });
});
