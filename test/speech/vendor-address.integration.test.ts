import nock from 'nock';
import { afterEach, expect, it } from 'vitest';
import { DEFAULT_RESPONSE } from '../../sandbox/engine/scripted/response.ts';
import { systemClock } from '../../src/clock.ts';
import { createSpeech } from '../../src/speech/index.ts';
import { recordingLog, shortWav, source } from './support.ts';

// Alone in its file: while nock is loaded, no request of the process takes its real way.
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
  nock.restore();
});

it('a recording goes to the vendor’s own URL, whole', async () => {
  nock.disableNetConnect();
  const recording = shortWav();
  let sent = Buffer.alloc(0);
  const requested = nock('https://api.deepgram.com', { reqheaders: { authorization: 'Token real-key' } })
    .post('/v1/listen')
    .query((query) => query.model === 'nova-3' && query.diarize_model === 'latest')
    .reply(async (request: Request) => {
      sent = Buffer.from(await request.arrayBuffer());
      return [200, DEFAULT_RESPONSE];
    });
  const speech = createSpeech({
    apiKey: 'real-key',
    baseUrl: 'https://api.deepgram.com',
    clock: systemClock,
    log: recordingLog(),
  });
  const heard = await speech.transcribe(source([recording]), {
    signal: new AbortController().signal,
    progress: () => {},
  });
  await speech.close();
  expect(heard.words).toHaveLength(3);
  expect(sent.equals(recording)).toBe(true);
  expect(requested.isDone()).toBe(true);
});
