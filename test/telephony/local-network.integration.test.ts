import { describe, expect, it } from 'vitest';
import type { PhoneBehaviour, PhonesState } from '../../sandbox/phones/control/contract.ts';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../sandbox/phones/server.ts';
import { decodeMulaw } from '../../src/core/audio/g711.ts';
import type { PhoneNumber } from '../../src/core/ids.ts';
import { until } from '../support/until.ts';
import { type Behaviour, describePhone, type PhoneSubject, TO, TONE } from './phone-contract.ts';
import { ACCOUNT, AUTH_TOKEN, LEG, openTestServer, rememberingLog } from './support.ts';

const CALLER_ID = PARLEY_NUMBER as PhoneNumber;

/** Both ends were written from the vendor's documents; here they meet. */
const openNetwork = async () => {
  const phones = await startPhones({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    parleyNumber: CALLER_ID,
    incomingUrl: () => `${parley.url}/telephony/incoming`,
    timing: {
      charactersPerSecond: 500,
      ringAfterMs: 1,
      quietMs: 100,
      longestWaitMs: 300,
      detectMs: 20,
      greetingMs: 100,
      processingMs: 1,
      // Parley waits in no time here.
      restLagMs: 0,
    },
    log: rememberingLog(),
  });
  const parley = await openTestServer({
    itself: true,
    apiUrl: phones.url,
    callerId: CALLER_ID,
    timings: { lookupDelayMs: 50 },
  });
  const control = async (method: string, path: string, body: unknown = {}): Promise<Response> => {
    const response = await fetch(`${phones.url}/control/phones${path}`, {
      method,
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return response;
  };
  const phonePath = `/${encodeURIComponent(TO)}`;

  const subject: PhoneSubject = {
    phone: parley.telephony.phone,
    events: parley.events,
    url: parley.url,
    behave: async (behaviour) =>
      void (await control('PUT', phonePath, { behaviour: behaviourOf(behaviour) })),
    hangUp: async () => void (await control('POST', `${phonePath}/hang-up`)),
    dialIn: async (digits) =>
      void (await control('POST', `${phonePath}/call`, { to: CALLER_ID, keys: digits })),
    async spoken() {
      const { phones: all } = (await (await control('GET', '')).json()) as PhonesState;
      return all.find(({ number }) => number === TO)?.call?.spoken ?? [];
    },
    async heardTone() {
      const wav = Buffer.from(await (await control('GET', `${phonePath}/received.wav`)).arrayBuffer());
      return loudest(wav, 0, 1) === LOUDEST_OF_TONE;
    },
    until: (check, what) => until(check, { everyMs: 10, ...(what === undefined ? {} : { what }) }),
    async close() {
      await phones.close();
      await parley.close();
    },
  };
  return subject;
};

const behaviourOf = (behaviour: Behaviour): PhoneBehaviour => {
  switch (behaviour.type) {
    case 'answer':
      return {
        type: 'answer',
        afterMs: 0,
        turns: behaviour.speaks ? ['ben-1'] : [],
        hangsUp: behaviour.hangsUp ?? false,
        ...(behaviour.keys === undefined ? {} : { keys: behaviour.keys }),
      };
    case 'voicemail':
      return { type: 'voicemail', afterMs: 0 };
    default:
      return { type: behaviour.type };
  }
};

/** Of 16-bit samples. */
const loudest = (wav: Buffer, channel: number, channels = 2): number => {
  let most = 0;
  for (let at = 44 + 2 * channel; at + 1 < wav.length; at += 2 * channels)
    most = Math.max(most, Math.abs(wav.readInt16LE(at)));
  return most;
};
const LOUDEST_OF_TONE = Math.max(...Array.from(TONE, decodeMulaw));

describe('the phone network of the local workspace', () => {
  describePhone(openNetwork);

  it('records what the phone says on channel 0, and what it is played on channel 1', async () => {
    const subject = await openNetwork();
    await subject.behave({ type: 'answer', speaks: true, hangsUp: true });
    const outputs: { play(mulaw: Uint8Array): void }[] = [];
    const broken = { say: [], pausesMs: [1_000] };
    subject.events.answered.mockImplementation(async (legId) => ({
      next: 'connect',
      legId,
      say: [],
      url: subject.url,
      progress: { noticePlayed: true, attempts: 0, connects: 1 },
      broken,
    }));
    subject.events.connect.mockImplementation(async (_leg, _call, output) => {
      outputs.push(output);
      return { audio: () => {}, key: () => {}, closed: () => {} };
    });
    const order = { legId: LEG, to: TO, ringTimeoutMs: 60_000, maxDurationMs: 600_000, detectMachine: false };
    const callId = await subject.phone.dial(order);
    const output = await subject.until(() => outputs[0]);
    const recordingId = await subject.phone.startRecording(LEG, callId);
    for (let frame = 0; frame < 25; frame += 1) output.play(TONE);
    await subject.until(async () => (await subject.phone.fetchRecordingState(recordingId)) === 'ready');
    const { bytes } = await subject.phone.openRecording(recordingId, {
      signal: new AbortController().signal,
    });
    const wav = Buffer.concat(await Array.fromAsync(bytes));
    // What was played is louder than any voice.
    expect(loudest(wav, 0)).toBeGreaterThan(1_000);
    expect(loudest(wav, 0)).toBeLessThan(LOUDEST_OF_TONE);
    expect(loudest(wav, 1)).toBe(LOUDEST_OF_TONE);
    await subject.close();
  });
});
