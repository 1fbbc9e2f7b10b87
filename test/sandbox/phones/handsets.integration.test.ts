import { readFileSync } from 'node:fs';
import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { FRAME_MS, isVoiced, SILENT_FRAME } from '../../../sandbox/phones/audio/mulaw.ts';
import { beep } from '../../../sandbox/phones/audio/tones.ts';
import type { PhonesState } from '../../../sandbox/phones/control/contract.ts';
import { createRecordedVoice } from '../../../sandbox/phones/handset/recorded-voice.ts';
import { PARLEY_NUMBER, SEEDED_PHONES } from '../../../sandbox/phones/seeded-phones.ts';
import { signatureOf } from '../../../sandbox/phones/signature.ts';
import { eventually } from '../slack/workspace.ts';
import { answering, type OpenNetwork, openNetwork, TO, TOKEN, voicedMs } from './network.ts';

let network: OpenNetwork;
beforeEach(async () => {
  network = await openNetwork();
});
afterEach(() => network.close());

const streaming = (): string => {
  const response = new twilio.twiml.VoiceResponse();
  response.connect().stream({ url: network.customer.streamUrl });
  return response.toString();
};

const STAY = '<Response><Pause length="600"/></Response>';

describe('webhooks of a call', () => {
  const statuses = () =>
    network.customer.requestsTo('/status').map(({ parameters }) => parameters.CallStatus);

  test('each step, signed, in order, as documented', async () => {
    await network.set(answering());
    network.customer.on('/voice', '<Response><Pause length="1"/></Response>');
    const call = await network.dial();
    await network.ended(call.sid);
    await eventually(() => statuses().length === 4, 'all is told');
    expect(statuses()).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
    expect(network.customer.requests.every(({ signed }) => signed)).toBe(true);
    expect(network.customer.requestsTo('/voice')).toMatchObject([
      {
        method: 'POST',
        parameters: { CallSid: call.sid, CallStatus: 'in-progress', Direction: 'outbound-api' },
      },
    ]);
    for (const [index, { parameters }] of network.customer.requestsTo('/status').entries()) {
      expect(parameters).toMatchObject({
        CallSid: call.sid,
        AccountSid: call.accountSid,
        From: PARLEY_NUMBER,
        To: TO,
        ToCountry: 'GB',
        ApiVersion: '2010-04-01',
        Direction: 'outbound-api',
        CallbackSource: 'call-progress-events',
        SequenceNumber: String(index),
        Timestamp: expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/),
      });
    }
    const { CallDuration, Duration } = network.customer.requestsTo('/status')[3]!.parameters;
    // In seconds, of which a busy machine may need more than the one; and in minutes.
    expect(Number(CallDuration)).toBeGreaterThanOrEqual(1);
    expect(Duration).toBe('1');
  });

  test('only what was asked for; by GET in the address', async () => {
    await network.set({ type: 'busy' });
    await network.ended(
      (await network.dial({ statusCallbackEvent: undefined, statusCallbackMethod: 'GET' })).sid,
    );
    await eventually(() => statuses().length > 0, 'it is told');
    expect(network.customer.requestsTo('/status')).toMatchObject([
      { method: 'GET', signed: true, parameters: { CallStatus: 'busy' } },
    ]);
  });

  test.each([
    [{ type: 'busy' } as const, ['initiated', 'busy']],
    [{ type: 'unreachable' } as const, ['initiated', 'failed']],
    [{ type: 'no-answer' } as const, ['initiated', 'ringing', 'no-answer']],
    [{ type: 'decline' } as const, ['initiated', 'ringing', 'busy']],
  ])('%j ends as %j', async (behaviour, steps) => {
    await network.set(behaviour);
    const call = await network.dial({ timeout: 2 });
    expect(await network.ended(call.sid)).toMatchObject({ status: steps.at(-1), duration: '0' });
    await eventually(() => statuses().length === steps.length, 'all is told');
    expect(statuses()).toEqual(steps);
    expect((await network.phone())?.call).toBeNull();
  });

  test('a phone in a call is busy', async () => {
    network.customer.on('/voice', STAY);
    await network.set(answering());
    await network.dial();
    await eventually(async () => (await network.phone())?.call?.state === 'in-call', 'it talks');
    expect(await network.ended((await network.dial()).sid)).toMatchObject({ status: 'busy' });
  });

  test('after the longest duration the network hangs up', async () => {
    network.customer.on('/voice', STAY);
    await network.set(answering());
    expect(await network.ended((await network.dial({ timeLimit: 1 })).sid)).toMatchObject({
      status: 'completed',
      duration: expect.stringMatching(/^[1-9]\d*$/),
    });
  });
});

describe('answering machines', () => {
  const detecting = (more: object = {}) =>
    network.dial({
      machineDetection: 'Enable',
      asyncAmd: 'true',
      asyncAmdStatusCallback: `${network.customer.url}/machine`,
      ...more,
    });
  const found = () =>
    eventually(
      () => network.customer.requestsTo('/machine')[0]?.parameters.AnsweredBy,
      'it is told who answered',
    );

  test.each([
    [answering(), {}, 'human'],
    [{ type: 'voicemail', afterMs: 0 } as const, {}, 'machine_start'],
    [
      { type: 'voicemail', afterMs: 0 } as const,
      { machineDetection: 'DetectMessageEnd' },
      'machine_end_beep',
    ],
  ])('%j with %j is %s', async (behaviour, more, answeredBy) => {
    network.customer.on('/voice', STAY);
    await network.set(behaviour);
    const call = await detecting(more);
    expect(await found()).toBe(answeredBy);
    expect(network.customer.requestsTo('/machine')).toMatchObject([
      { signed: true, parameters: { CallSid: call.sid } },
    ]);
    expect((await network.client.calls(call.sid).fetch()).answeredBy).toBe(answeredBy);
  });

  test('without AsyncAmd the document is requested after detection, with its result', async () => {
    network.customer.on('/voice', STAY);
    await network.set({ type: 'voicemail', afterMs: 0 });
    await detecting({ asyncAmd: 'false' });
    await eventually(() => network.customer.requestsTo('/voice').length > 0, 'it is asked');
    expect(network.customer.requestsTo('/voice')).toMatchObject([
      { parameters: { AnsweredBy: 'machine_start' } },
    ]);
  });
});

describe('who talks', () => {
  test('a recorded voice waits until it was answered, and hangs up at the end', async () => {
    network.customer.on('/voice', streaming());
    await network.set(answering({ turns: ['repair-shop-5', 'repair-shop-5'], hangsUp: true }));
    const call = await network.dial();
    const stream = await network.customer.stream();
    const voiced = (): number => voicedMs(stream.heard());
    await eventually(() => voiced() > 200, 'it says its first turn');
    const first = voiced();
    stream.play(beep(300));
    await network.ended(call.sid);
    expect(voiced()).toBeGreaterThan(first * 1.5);
  });

  test('frame by frame: silent until connected, then a turn for each answer, or after a long silence', () => {
    const turns = [new Uint8Array(1), new Uint8Array(2), new Uint8Array(3)];
    const voice = createRecordedVoice({ turns, timing: { quietMs: 100, longestWaitMs: 1000 } });
    const loud = beep(FRAME_MS);
    const frames = (count: number, heard: Uint8Array, more: object = {}): unknown[] =>
      Array.from({ length: count }, () =>
        voice.next({ received: heard, connected: true, speaking: false, ...more }),
      ).flatMap((act, index) =>
        act.type === 'none' ? [] : [[index, act.type, act.type === 'say' && act.mulaw.length]],
      );
    expect(frames(100, loud, { connected: false })).toEqual([]);
    expect(frames(1, SILENT_FRAME)).toEqual([[0, 'say', 1]]);
    expect(frames(100, loud, { speaking: true })).toEqual([]);
    // Two frames are a click; five are a voice, which has to end.
    expect([...frames(2, loud), ...frames(20, SILENT_FRAME)]).toEqual([]);
    expect(frames(5, loud)).toEqual([]);
    expect(frames(6, SILENT_FRAME)).toEqual([[4, 'say', 2]]);
    expect(frames(60, SILENT_FRAME)).toEqual([
      [48, 'say', 3],
      [49, 'end', false],
    ]);
  });

  test('a person on the page answers, talks, listens and hangs up', async () => {
    network.customer.on('/voice', streaming());
    await network.set({ type: 'ring' });
    const call = await network.dial();
    const live = new WebSocket(`${network.phones.url.replace('http', 'ws')}/control/phones/live`);
    const states: PhonesState[] = [];
    live.on('message', (data) => states.push(JSON.parse((data as Buffer).toString()) as PhonesState));
    const newest = () => states.at(-1)?.phones.find(({ number }) => number === TO)?.call ?? null;
    await eventually(() => newest()?.state === 'ringing', 'it is seen to ring');
    const ear = new WebSocket(
      `${network.phones.url.replace('http', 'ws')}/control/phones/${encodeURIComponent(TO)}/audio`,
    );
    const heard: Buffer[] = [];
    ear.on('message', (data) => heard.push(data as Buffer));
    await eventually(() => ear.readyState === ear.OPEN, 'the panel listens');
    await network.act('answer');
    const stream = await network.customer.stream();
    await eventually(() => newest()?.connected, 'it is connected');
    stream.play(beep(400));
    await eventually(() => heard.some((frame) => isVoiced(frame)), 'the panel hears');
    expect(new Set(heard.map(({ length }) => length))).toEqual(new Set([160]));
    ear.send(beep(200));
    await eventually(() => voicedMs(stream.heard()) > 0, 'the other side hears');
    await network.act('hang-up');
    expect(await network.ended(call.sid)).toMatchObject({ status: 'completed' });
    await eventually(() => newest() === null, 'the panel is empty');
    live.close();
    ear.close();
    await expect(network.act('keys', { keys: '1' })).rejects.toThrow('409: This phone is not in a call.');
  });

  test('an uploaded recording is played, whatever its format, and is kept', async () => {
    network.customer.on('/voice', streaming());
    await network.set(answering());
    await network.dial();
    await eventually(async () => (await network.phone())?.call?.connected, 'it is connected');
    const mp3 = readFileSync('test/fixtures/two-voices.mp3');
    const at = `/${encodeURIComponent(TO)}/speak`;
    const { durationMs } = await network.ask<{ durationMs: number }>('PUT', `${at}?name=two.mp3`, mp3);
    expect(Math.abs(durationMs - 42_975)).toBeLessThan(150);
    expect((await network.state()).recordings).toContain('two.mp3');
    await eventually(async () => {
      const said = (await network.wav('sent')).subarray(44);
      const samples = new Int16Array(new Uint8Array(said).buffer);
      return samples.some((sample) => sample > 3000);
    }, 'it is said');
    await expect(network.ask('PUT', `${at}?name=x`, new Uint8Array([1, 2, 3]))).rejects.toThrow(
      '400: This is not a recording that can be played.',
    );
    await expect(network.ask('PUT', `${at}?sample=none`)).rejects.toThrow('404: There is no recording');
  });
});

describe('dialling in', () => {
  test('the number’s address is asked, and keys are pressed once they are wanted', async () => {
    network.customer.on(
      '/incoming',
      '<Response><Gather action="/pin" timeout="60"><Say>Your PIN?</Say></Gather></Response>',
    );
    network.customer.on('/pin', streaming());
    await network.act('call', { to: PARLEY_NUMBER, keys: '123456#' });
    const stream = await network.customer.stream();
    expect(network.customer.requestsTo('/incoming')).toMatchObject([
      {
        signed: true,
        parameters: { From: TO, To: PARLEY_NUMBER, CallStatus: 'ringing', Direction: 'inbound' },
      },
    ]);
    expect(network.customer.requestsTo('/pin')).toMatchObject([
      { signed: true, parameters: { Digits: '123456' } },
    ]);
    expect((await network.phone())?.call).toMatchObject({
      state: 'in-call',
      with: PARLEY_NUMBER,
      spoken: ['Your PIN?'],
    });
    await eventually(() => stream.messages.length > 2, 'sound flows');
    await network.act('hang-up');
    await eventually(() => network.customer.requestsTo('/incoming-status').length > 0, 'the end is told');
    expect(network.customer.requestsTo('/incoming-status')).toMatchObject([
      { parameters: { CallStatus: 'completed' } },
    ]);
  });

  test('a call may be rejected without being answered', async () => {
    network.customer.on('/incoming', '<Response><Reject reason="busy"/></Response>');
    await network.act('call', { to: PARLEY_NUMBER });
    await eventually(() => network.customer.requestsTo('/incoming-status').length > 0, 'the end is told');
    expect(network.customer.requestsTo('/incoming-status')).toMatchObject([
      { parameters: { CallStatus: 'busy' } },
    ]);
  });

  test('only Parley’s number leads anywhere', async () => {
    await expect(network.act('call', { to: '+442079460000' })).rejects.toThrow(`400: Only ${PARLEY_NUMBER}`);
    await expect(network.act('call', { to: PARLEY_NUMBER }, '12')).rejects.toThrow(
      '400: The request is invalid',
    );
  });
});

test('the signature is what the document describes, for any parameters', () => {
  const url = 'https://parley.example/status?leg=L%201&x=ü';
  const parameters = { b: '2', a: 'Grüße & more', B: '', aa: '1' };
  expect(twilio.validateRequest(TOKEN, signatureOf(TOKEN, url, parameters), url, parameters)).toBe(true);
  expect(
    twilio.validateRequest(TOKEN, signatureOf(TOKEN, url, { ...parameters, b: '3' }), url, parameters),
  ).toBe(false);
});

test('a new workspace has a phone for every way a call can go, with valid numbers', async () => {
  const { phones, recordings } = await network.state();
  expect(new Set(phones.map(({ behaviour }) => behaviour.type))).toEqual(
    new Set(['ring', 'answer', 'voicemail', 'busy', 'no-answer']),
  );
  for (const { behaviour } of SEEDED_PHONES) {
    if (behaviour.type === 'answer') expect(recordings).toEqual(expect.arrayContaining([...behaviour.turns]));
  }
  const { parsePhoneNumberFromString: parse } = await import('libphonenumber-js/max');
  for (const number of [PARLEY_NUMBER, ...SEEDED_PHONES.map((one) => one.number)]) {
    expect(parse(number)).toMatchObject({ country: 'GB' });
    expect(parse(number)?.isValid()).toBe(true);
    expect(parse(number)?.getType()).toBe('FIXED_LINE');
  }
});

test('foreign pages cannot control phones', async () => {
  const response = await fetch(`${network.phones.url}/control/phones`, {
    headers: { origin: 'https://evil.example' },
  });
  expect(response.status).toBe(403);
});

test('calls continue while the customer is down, which may fetch them later', async () => {
  network.customer.on('/voice', `${streaming().replace('</Response>', '<Pause length="600"/></Response>')}`);
  await network.set(answering());
  const call = await network.dial();
  const stream = await network.customer.stream();
  await eventually(() => stream.messages.length > 2, 'sound flows');
  const { sid } = await network.client.calls(call.sid).recordings.create({ trim: 'do-not-trim' });
  // As when its process is killed: connections break, and nobody listens any more.
  await network.customer.close();
  await eventually(async () => !(await network.phone())?.call?.connected, 'the sound has broken off');
  expect(await network.statusOf(call.sid)).toBe('in-progress');
  const before = (await network.wav('sent')).length;
  await eventually(async () => (await network.wav('sent')).length > before + 8000, 'it goes on');
  await network.act('hang-up');
  expect(await network.ended(call.sid)).toMatchObject({ status: 'completed' });
  await eventually(
    async () => (await network.client.recordings(sid).fetch()).status === 'completed',
    'what was recorded is there',
  );
});
