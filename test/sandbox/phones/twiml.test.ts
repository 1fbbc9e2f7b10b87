import twilio from 'twilio';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTwiml, TwimlFault } from '../../../sandbox/phones/twiml/parse.ts';
import { eventually } from '../slack/workspace.ts';
import { answering, type OpenNetwork, openNetwork, soundMs } from './network.ts';

describe('what is read', () => {
  test('what Twilio’s builder writes', () => {
    const response = new twilio.twiml.VoiceResponse();
    const gather = response.gather({
      input: ['dtmf'],
      numDigits: 1,
      finishOnKey: '',
      timeout: 1,
      action: 'https://parley.example/key',
    });
    gather.say({ voice: 'Polly.Amy-Neural', language: 'en-GB' }, 'Tom & “Ana” <call>\n  you.');
    const stream = response.connect().stream({ url: 'wss://parley.example/stream' });
    stream.parameter({ name: 'token', value: 'a.b.c' });
    response.redirect({ method: 'POST' }, 'https://parley.example/voice?a=1&b=2');
    expect(parseTwiml(response.toString())).toEqual([
      {
        verb: 'Gather',
        spoken: [{ verb: 'Say', text: 'Tom & “Ana” <call> you.', times: 1 }],
        action: 'https://parley.example/key',
        method: 'POST',
        timeoutMs: 1000,
        numDigits: 1,
        finishOnKey: '',
        actionOnEmptyResult: false,
      },
      {
        verb: 'Connect',
        action: null,
        method: 'POST',
        stream: {
          url: 'wss://parley.example/stream',
          name: null,
          statusCallback: null,
          statusCallbackMethod: 'POST',
          parameters: { token: 'a.b.c' },
        },
      },
      { verb: 'Redirect', url: 'https://parley.example/voice?a=1&b=2', method: 'POST' },
    ]);
  });

  test.each([
    ['', 12_100],
    ['not XML', 12_100],
    ['<Response><Say>Tom & Ana</Say></Response>', 12_100],
    ['<Response><Say>never closed</Response>', 12_100],
    ['<Answer/>', 12_102],
    ['<Response><Dance/></Response>', 12_200],
    ['<Response><say>lower case</say></Response>', 12_200],
    ['<Response>text</Response>', 12_200],
    ['<Response><Say speed="2">x</Say></Response>', 12_200],
    ['<Response><Say/></Response>', 13_520],
    ['<Response><Gather><Hangup/></Gather></Response>', 12_200],
    ['<Response><Gather input="speech"/></Response>', 13_335],
    ['<Response><Gather numDigits="none"/></Response>', 13_314],
    ['<Response><Gather finishOnKey="##"/></Response>', 13_310],
    ['<Response><Connect/></Response>', 12_200],
    ['<Response><Connect><Stream url="https://x.example/"/></Connect></Response>', 31_940],
    ['<Response><Connect><Stream url="wss://x.example/?token=1"/></Connect></Response>', 31_940],
    ['<Response><Connect><Stream url="wss://x.example/" track="both_tracks"/></Connect></Response>', 31_941],
    [
      `<Response><Connect><Stream url="wss://x.example/"><Parameter name="a" value="${'x'.repeat(500)}"/></Stream></Connect></Response>`,
      31_942,
    ],
  ])('%j is refused with %d', (text, code) => {
    const parse = () => parseTwiml(text);
    expect(parse).toThrow(TwimlFault);
    expect(parse).toThrow(expect.objectContaining({ code }));
  });
});

describe('what is done', () => {
  let network: OpenNetwork;
  beforeEach(async () => {
    network = await openNetwork();
    await network.set(answering());
  });
  afterEach(() => network.close());

  const faults = async (): Promise<number[]> => (await network.webhooks()).faults.map(({ code }) => code);

  test('sentences are shown, and take as long as a voice needs', async () => {
    await network.close();
    network = await openNetwork({ timing: { charactersPerSecond: 28 } });
    await network.set(answering());
    network.customer.on(
      '/voice',
      '<Response><Say loop="2">Half a second.</Say><Pause length="600"/></Response>',
    );
    await network.dial();
    await eventually(async () => soundMs(await network.wav('received')) >= 1000, 'it was spoken twice');
    expect(soundMs(await network.wav('received'))).toBe(1000);
    expect((await network.phone())?.call?.spoken).toEqual(['Half a second.', 'Half a second.']);
  });

  test('keys interrupt what is spoken and are sent to the action, whose document continues', async () => {
    network.customer.on(
      '/voice',
      `<Response><Gather numDigits="4" action="/key"><Say>${'long '.repeat(10_000)}</Say></Gather></Response>`,
    );
    network.customer.on('/key', '<Response><Hangup/></Response>');
    const call = await network.dial();
    await eventually(async () => (await network.phone())?.call?.wantsKeys, 'keys are wanted');
    await network.act('keys', { keys: '12' });
    await network.act('keys', { keys: '349' });
    await network.ended(call.sid);
    expect(network.customer.requestsTo('/key')).toMatchObject([
      {
        signed: true,
        parameters: { Digits: '1234', CallSid: call.sid, CallStatus: 'in-progress', msg: 'Gather End' },
      },
    ]);
  });

  test('# ends the keys without being one of them', async () => {
    network.customer.on(
      '/voice',
      '<Response><Gather action="/key?leg=1&amp;try=2" timeout="60"/></Response>',
    );
    network.customer.on('/key', '<Response/>');
    const call = await network.dial();
    await eventually(async () => (await network.phone())?.call?.wantsKeys, 'keys are wanted');
    await network.act('keys', { keys: '98#' });
    await network.ended(call.sid);
    expect(network.customer.requestsTo('/key')).toMatchObject([
      { signed: true, parameters: { Digits: '98', FinishedOnKey: '#' } },
    ]);
  });

  test('without keys the document continues, or the action is requested with actionOnEmptyResult', async () => {
    network.customer.on('/voice', '<Response><Gather timeout="0"/><Redirect>/empty</Redirect></Response>');
    network.customer.on(
      '/empty',
      '<Response><Gather timeout="0" action="/nothing" actionOnEmptyResult="true"/></Response>',
    );
    network.customer.on('/nothing', '<Response/>');
    await network.ended((await network.dial()).sid);
    expect(network.customer.requestsTo('/nothing')).toMatchObject([{ parameters: { Digits: '' } }]);
  });

  test('what cannot be had is asked for at the fallback, and then the call ends with an apology', async () => {
    network.customer.on('/voice', '<Response><Dance/></Response>');
    network.customer.on('/fallback', '<Response><Redirect>/gone</Redirect></Response>');
    const call = await network.dial({
      fallbackUrl: `${network.customer.url}/fallback`,
      url: `${network.customer.url}/voice`,
    });
    expect((await network.ended(call.sid)).status).toBe('completed');
    expect(network.customer.requestsTo('/fallback')).toMatchObject([{ parameters: { ErrorCode: '12200' } }]);
    // `/gone` answers 204, without a document.
    expect(await faults()).toEqual([12_200, 12_300]);
  });

  test('no server at the address is 11200, and so is no answer in time', async () => {
    await network.ended((await network.dial({ url: 'http://127.0.0.1:1/voice' })).sid);
    expect(await faults()).toEqual([11_200]);
    await network.close();
    network = await openNetwork({ timing: { webhookTimeoutMs: 100 } });
    await network.set(answering());
    network.customer.on('/voice', () => new Promise<string>(() => {}));
    await network.ended((await network.dial()).sid);
    expect(await faults()).toEqual([11_200]);
  });
});
