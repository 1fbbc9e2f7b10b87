import { SignJWT } from 'jose';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { LegId } from '../../../src/core/ids.ts';
import type { LegAudioInput, LegAudioOutput } from '../../../src/core/ports.ts';
import { signStreamPass } from '../../../src/telephony/stream/pass.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/clock.ts';
import { until as untilEvery } from '../../support/until.ts';
import {
  ACCOUNT,
  AUTH_TOKEN,
  CALL,
  LEG,
  mediaMessage,
  OTHER_CALL,
  openSocket,
  openTestServer,
  post,
  SECRET,
  STREAM_SIGNATURE,
  sign,
  startMessage,
  type TestServer,
} from '../support.ts';

const until = <T>(check: () => T | Promise<T>) => untilEvery(check, { everyMs: 1 });
const OTHER_LEG = 'another-leg' as LegId;
const FRAME = new Uint8Array(160).fill(0x20);

let parley: TestServer;
let clock: VirtualClock;
beforeEach(async () => {
  clock = createVirtualClock();
  parley = await openTestServer({ clock });
});
afterEach(async () => {
  await parley.close();
  const log = parley.log.text();
  expect(log).not.toContain(AUTH_TOKEN);
  // No token of ours: all begin with the same header.
  expect(log).not.toContain('eyJhbGciOiJIUzI1NiJ9');
});

const token = (leg = LEG, call = CALL): Promise<string> =>
  signStreamPass({ legId: leg, callId: call }, SECRET, clock.nowMs());
const inputOf = () => ({
  audio: vi.fn<LegAudioInput['audio']>(),
  key: vi.fn<LegAudioInput['key']>(),
  closed: vi.fn<LegAudioInput['closed']>(),
});
/** An admitted socket, and both ends of its audio. */
const connect = async (at: TestServer = parley) => {
  const input = inputOf();
  const connected = Promise.withResolvers<LegAudioOutput>();
  at.events.connect.mockImplementationOnce(async (_leg, _call, output) => {
    connected.resolve(output);
    return input;
  });
  const socket = openSocket(at, STREAM_SIGNATURE);
  expect(await socket.opened).toBe('open');
  socket.send({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  socket.send(startMessage({ leg: LEG, token: await token() }));
  return { ...socket, input, output: await connected.promise };
};

describe('the sockets of leg audio', () => {
  it.each([
    ['no signature', null],
    ['a signature of another address', sign('wss://parley.example/telephony/other')],
    ['a signature over https', sign('https://parley.example/telephony/stream')],
    ['a signature over the host it names', sign('wss://127.0.0.1/telephony/stream')],
    ['a signature by another token', sign('wss://parley.example/telephony/stream', {}, 'other')],
  ])('refuse %s', async (_what, signature) => {
    expect(await openSocket(parley, signature).opened).toContain('403');
    expect(parley.events.connect).not.toHaveBeenCalled();
  });

  it('have one path', async () => {
    for (const path of ['/telephony/stream?x=1', '/telephony/stream/other', '/telephony']) {
      expect(await openSocket(parley, STREAM_SIGNATURE, path).opened).not.toBe('open');
    }
  });

  it('accept a signature over the URL of this instance, or over the public one', async () => {
    const two = await openTestServer({ clock, nodeUrl: () => 'https://two.example' });
    for (const url of ['wss://two.example/telephony/stream', 'wss://parley.example/telephony/stream']) {
      expect(await openSocket(two, sign(url)).opened).toBe('open');
    }
    expect(await openSocket(two, sign('wss://three.example/telephony/stream')).opened).toContain('403');
    await two.close();
  });

  it.each(['/telephony/stream', '/telephony/stream/'])(
    'accept a signature with or without a slash, at %s',
    async (path) => {
      for (const url of ['wss://parley.example/telephony/stream', 'wss://parley.example/telephony/stream/']) {
        expect(await openSocket(parley, sign(url), path).opened).toBe('open');
      }
    },
  );

  it('accept a stand-in on this machine, without encryption', async () => {
    const local = await openTestServer({ clock, itself: true, apiUrl: 'http://127.0.0.1:1' });
    const url = `${local.url.replace('http', 'ws')}/telephony/stream`;
    expect(await openSocket(local, sign(url)).opened).toBe('open');
    await local.close();
  });

  it('are limited in number', async () => {
    const small = await openTestServer({ clock, maxSockets: 1 });
    const first = openSocket(small, STREAM_SIGNATURE);
    expect(await first.opened).toBe('open');
    expect(await openSocket(small, STREAM_SIGNATURE).opened).toContain('503');
    first.ws.terminate();
    await until(async () => (await openSocket(small, STREAM_SIGNATURE).opened) === 'open');
    await small.close();
  });
});

describe('figures', () => {
  it('count connections, and requests that the network did not sign', async () => {
    const own = await openTestServer({ clock });
    const figures = () => own.telephony.figures();
    expect(figures()).toEqual({
      sockets: 0,
      failed: 0,
      skippedMs: 0,
      cleared: 0,
      refused: { webhooks: 0, streams: 0 },
    });
    await openSocket(own, null).opened;
    await post(own, `/telephony/legs/${LEG}/status`, { CallStatus: 'ringing' }, { signature: 'x' });
    const socket = openSocket(own, STREAM_SIGNATURE);
    await socket.opened;
    expect(figures()).toMatchObject({ sockets: 1, refused: { webhooks: 1, streams: 1 } });
    socket.ws.terminate();
    await until(() => figures().sockets === 0);
    await own.close();
  });

  it('keep the audio that a phone was not sent, also once it has hung up', async () => {
    const { output, ws } = await connect();
    ws.pause();
    // Buffers of sockets grow, but not for ever.
    for (let at = 0; at < 100_000 && parley.telephony.figures().skippedMs === 0; at += 1) output.play(FRAME);
    const { skippedMs } = parley.telephony.figures();
    expect(skippedMs).toBeGreaterThan(0);
    ws.terminate();
    await until(() => parley.telephony.figures().sockets === 0);
    expect(parley.telephony.figures().skippedMs).toBe(skippedMs);
  });
});

describe('a start', () => {
  const begin = async (message: unknown) => {
    const socket = openSocket(parley, STREAM_SIGNATURE);
    await socket.opened;
    socket.send(message);
    return socket;
  };
  const foreignToken = (changes: { audience?: string; secret?: string }) =>
    new SignJWT({ l: LEG, c: CALL })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(changes.audience ?? 'parley:phone')
      .setJti('1')
      .setExpirationTime('5m')
      .sign(changes.secret === undefined ? SECRET : new TextEncoder().encode(changes.secret));

  it('with a token of ours is admitted', async () => {
    const { input } = await connect();
    expect(parley.events.connect).toHaveBeenCalledExactlyOnceWith(LEG, CALL, expect.anything());
    expect(input.closed).not.toHaveBeenCalled();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['no token', async () => startMessage({ leg: LEG })],
    ['nonsense for a token', async () => startMessage({ leg: LEG, token: 'a.b.c' })],
    ['a token of another leg', async () => startMessage({ leg: LEG, token: await token(OTHER_LEG) })],
    ['another leg than its token’s', async () => startMessage({ leg: OTHER_LEG, token: await token() })],
    ['a token of another call', async () => startMessage({ leg: LEG, token: await token(LEG, OTHER_CALL) })],
    [
      'another call than its token’s',
      async () => startMessage({ leg: LEG, token: await token() }, { callSid: OTHER_CALL }),
    ],
    [
      'a token for something else',
      async () => startMessage({ leg: LEG, token: await foreignToken({ audience: 'parley:meeting' }) }),
    ],
    [
      'a token by another secret',
      async () => startMessage({ leg: LEG, token: await foreignToken({ secret: 'x'.repeat(32) }) }),
    ],
    [
      'another account',
      async () => startMessage({ leg: LEG, token: await token() }, { accountSid: `AC${'2'.repeat(32)}` }),
    ],
    [
      'another audio format',
      async () =>
        startMessage(
          { leg: LEG, token: await token() },
          { mediaFormat: { encoding: 'audio/l16', sampleRate: 16_000, channels: 1 } },
        ),
    ],
    ['no JSON', async () => 'nonsense'],
    ['audio instead', async () => mediaMessage(0, FRAME)],
  ])('with %s is closed', async (_what, message) => {
    const { closed } = await begin(await message());
    expect(await closed).toBe(1008);
    expect(parley.events.connect).not.toHaveBeenCalled();
  });

  it('with a token that expired is closed', async () => {
    const old = await token();
    await clock.advance(11 * 60_000);
    expect(await (await begin(startMessage({ leg: LEG, token: old }))).closed).toBe(1008);
  });

  it('with a token that was used is closed', async () => {
    const once = await token();
    const first = await begin(startMessage({ leg: LEG, token: once }));
    // The flows do not accept it.
    expect(await first.closed).toBe(1000);
    expect(await (await begin(startMessage({ leg: LEG, token: once }))).closed).toBe(1008);
    expect(parley.events.connect).toHaveBeenCalledOnce();
  });

  it('that comes twice is closed', async () => {
    const { send, closed, input } = await connect();
    send(startMessage({ leg: LEG, token: await token() }));
    expect(await closed).toBe(1008);
    expect(input.closed).toHaveBeenCalledOnce();
  });

  it('has to come within 5 s', async () => {
    const socket = openSocket(parley, STREAM_SIGNATURE);
    await socket.opened;
    await clock.advance(4_999);
    expect(socket.ws.readyState).toBe(WebSocket.OPEN);
    await clock.advance(1);
    expect(await socket.closed).toBe(1008);
  });

  it('for which the flows fail is closed', async () => {
    parley.events.connect.mockRejectedValueOnce(new Error('no room'));
    expect(await (await begin(startMessage({ leg: LEG, token: await token() }))).closed).toBe(1011);
  });

  it('brings the token of its TwiML, within the length of a parameter', async () => {
    parley.events.answered.mockResolvedValueOnce({
      next: 'connect',
      legId: LEG,
      say: [],
      url: 'https://parley.example',
      progress: { noticePlayed: true, attempts: 0, connects: 1 },
      broken: { say: [], pausesMs: [1_000] },
    });
    const { body } = await post(parley, `/telephony/legs/${LEG}/voice`, {});
    const given = /name="token" value="([^"]+)"/.exec(body)![1]!;
    expect(given.length + 'token'.length).toBeLessThan(500);
    expect(
      (await signStreamPass({ legId: 'x'.repeat(64) as LegId, callId: CALL }, SECRET, clock.nowMs())).length,
    ).toBeLessThan(490);
    await begin(startMessage({ leg: LEG, token: given }));
    await until(() => parley.events.connect.mock.calls.length === 1);
  });
});

describe('a connected phone', () => {
  it('is heard at the time of its sound, in order, also while it is being admitted', async () => {
    const accepted = Promise.withResolvers<LegAudioInput>();
    const input = inputOf();
    parley.events.connect.mockReturnValueOnce(accepted.promise);
    const { send, opened } = openSocket(parley, STREAM_SIGNATURE);
    await opened;
    send(startMessage({ leg: LEG, token: await token() }));
    await until(() => parley.events.connect.mock.calls.length === 1);
    send(mediaMessage(20, FRAME));
    send({ event: 'dtmf', streamSid: 'MZ', dtmf: { track: 'inbound_track', digit: '5' } });
    send({ event: 'something new', more: [1] });
    // One between them was lost, and its stamp trembles.
    send(mediaMessage(81, FRAME.fill(0x21), 3));
    accepted.resolve(input);
    await until(() => input.audio.mock.calls.length === 2);
    expect(input.audio.mock.calls.map(([mulaw, atMs]) => [mulaw[0], mulaw.length, atMs])).toEqual([
      [0x20, 160, 0],
      [0x21, 160, 40],
    ]);
    expect(input.key).toHaveBeenCalledExactlyOnceWith('5');
  });

  it('is played audio and marks, under the id of its stream', async () => {
    const { output, received } = await connect();
    for (let at = 0; at < 5; at += 1) output.play(FRAME);
    await until(() => received.length === 6);
    const streamSid = `MZ${'c'.repeat(32)}`;
    expect(received[0]).toEqual({
      event: 'media',
      streamSid,
      media: { payload: Buffer.from(FRAME).toString('base64') },
    });
    expect(received[5]).toEqual({ event: 'mark', streamSid, mark: { name: '1' } });
  });

  it('is late when its marks send so, and what waits is cleared', async () => {
    const { output, received, send, input } = await connect();
    const playUntilMark = async (name: string) => {
      for (let at = 0; at < 5; at += 1) output.play(FRAME);
      await until(() => received.some((one) => (one.mark as { name: string } | undefined)?.name === name));
    };
    const returnMark = async (name: string) => {
      send({ event: 'mark', streamSid: 'MZ', mark: { name } });
      // Messages are handled in order: once the key was received, the mark was.
      const keys = input.key.mock.calls.length;
      send({ event: 'dtmf', dtmf: { digit: '1' } });
      await until(() => input.key.mock.calls.length > keys);
    };
    await playUntilMark('1');
    await clock.advance(60);
    await returnMark('1');
    await playUntilMark('2');
    await clock.advance(900);
    await returnMark('2');
    output.play(FRAME);
    await until(() => received.some(({ event }) => event === 'clear'));
  });

  it('ends once, when it stops', async () => {
    const { send, closed, input, output } = await connect();
    send({ event: 'stop', streamSid: 'MZ', stop: { accountSid: ACCOUNT, callSid: CALL } });
    expect(await closed).toBe(1000);
    expect(input.closed).toHaveBeenCalledExactlyOnceWith('ended');
    output.play(FRAME);
    output.removed();
    expect(input.closed).toHaveBeenCalledOnce();
  });

  it('ends as broken when its socket breaks', async () => {
    const { ws, input } = await connect();
    ws.terminate();
    await until(() => input.closed.mock.calls.length === 1);
    expect(input.closed).toHaveBeenCalledExactlyOnceWith('broken');
  });

  it('ends when it is removed', async () => {
    const { output, closed, input } = await connect();
    output.removed();
    expect(await closed).toBe(1000);
    expect(input.closed).toHaveBeenCalledExactlyOnceWith('ended');
  });

  it('ends when it was accepted too late', async () => {
    const accepted = Promise.withResolvers<LegAudioInput>();
    const input = inputOf();
    parley.events.connect.mockReturnValueOnce(accepted.promise);
    const { send, opened, closed } = openSocket(parley, STREAM_SIGNATURE);
    await opened;
    send(startMessage({ leg: LEG, token: await token() }));
    await until(() => parley.events.connect.mock.calls.length === 1);
    send({ event: 'stop' });
    await closed;
    accepted.resolve(input);
    await until(() => input.closed.mock.calls.length === 1);
    expect(input.audio).not.toHaveBeenCalled();
  });

  it.each([
    [
      'faster than time passes',
      () => Array.from({ length: 100 }, (_, at) => mediaMessage(at * 500, new Uint8Array(4_000))),
      1008,
    ],
    ['in pieces too large', () => [mediaMessage(0, new Uint8Array(9_000))], 1008],
    ['in messages too large', () => [mediaMessage(0, new Uint8Array(100_000))], 1009],
    ['at no time', () => [mediaMessage(Number.NaN, FRAME)], 1008],
    ['that is no base64', () => [{ event: 'media', media: { timestamp: '1', payload: '<>' } }], 1008],
  ])('that sends audio %s is cut off', async (_what, messages, code) => {
    const { send, closed, input } = await connect();
    for (const message of messages()) send(message);
    expect(await closed).toBe(code);
    await until(() => input.closed.mock.calls.length === 1);
  });

  it('that answers no pings is given up', async () => {
    const { ws, input } = await connect();
    // Pings stay in the socket from here on.
    (ws as unknown as { _socket: { pause(): void } })._socket.pause();
    await clock.advance(10_000);
    expect(input.closed).not.toHaveBeenCalled();
    await clock.advance(5_000);
    expect(input.closed).toHaveBeenCalledExactlyOnceWith('broken');
    ws.terminate();
  });

  it('that answers pings stays', async () => {
    const { ws, input } = await connect();
    let pings = 0;
    ws.on('ping', () => {
      pings += 1;
    });
    await clock.advance(30_000);
    expect(pings).toBe(6);
    expect(input.closed).not.toHaveBeenCalled();
  });

  it('ends when Parley closes', async () => {
    const { input, closed } = await connect();
    await parley.close();
    await closed;
    expect(input.closed).toHaveBeenCalledOnce();
    parley = await openTestServer({ clock });
  });
});

describe('after the audio of a leg ended', () => {
  afterEach(() => nock.cleanAll());
  const stop = async (status: string) => {
    const requested = nock('https://api.twilio.com')
      .get(`/2010-04-01/Accounts/${ACCOUNT}/Calls/${CALL}.json`)
      .reply(200, { sid: CALL, status });
    const fetchCall = vi.spyOn(parley.telephony.phone, 'fetchCall');
    const { send, closed } = await connect();
    send({ event: 'stop' });
    await closed;
    await clock.advance(1_499);
    expect(fetchCall).not.toHaveBeenCalled();
    await clock.advance(1);
    await until(() => fetchCall.mock.settledResults[0]?.type === 'fulfilled');
    expect(requested.isDone()).toBe(true);
    await clock.advance(0);
  };

  it('the call’s state is fetched, since the network does not report incoming calls', async () => {
    await stop('completed');
    expect(parley.events.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      type: 'ended',
      how: 'hung-up',
      reason: null,
    });
  });

  it('nothing is reported while the call goes on', async () => {
    await stop('in-progress');
    expect(parley.events.handleEvent).not.toHaveBeenCalled();
  });
});
