import { SignJWT } from 'jose';
import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { LegAudioInput, LegAudioOutput } from '../../../src/core/ports.ts';
import { signStreamPass } from '../../../src/telephony/stream/token.ts';
import { until } from '../../support/until.ts';
import {
  ACCOUNT,
  AUTH_TOKEN,
  CALL,
  type House,
  LEG,
  mediaMessage,
  OTHER_CALL,
  openHouse,
  openSocket,
  post,
  SECRET,
  STREAM_SIGNATURE,
  sign,
  startMessage,
} from '../support.ts';

const OTHER_LEG = 'another-leg' as LegId;
const FRAME = new Uint8Array(160).fill(0x20);

let house: House;
beforeEach(async () => {
  house = await openHouse({ pace: { startWithinMs: 60_000, lookAfterMs: 3_600_000 } });
});
afterEach(async () => {
  await house.close();
  const log = house.log.text();
  expect(log).not.toContain(AUTH_TOKEN);
  // No token of ours: all begin with the same header.
  expect(log).not.toContain('eyJhbGciOiJIUzI1NiJ9');
});

const token = (leg = LEG, call = CALL): Promise<string> =>
  signStreamPass({ legId: leg, callId: call }, SECRET, Date.now() + house.time.offsetMs);
const earOf = () => ({
  audio: vi.fn<LegAudioInput['audio']>(),
  key: vi.fn<LegAudioInput['key']>(),
  closed: vi.fn<LegAudioInput['closed']>(),
});
/** A socket that is let in, and both ends of its sound. */
const connect = async (at: House = house) => {
  const ear = earOf();
  const lined = Promise.withResolvers<LegAudioOutput>();
  at.calls.connect.mockImplementationOnce(async (_leg, _call, line) => {
    lined.resolve(line);
    return ear;
  });
  const socket = openSocket(at, STREAM_SIGNATURE);
  expect(await socket.opened).toBe('open');
  socket.say({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  socket.say(startMessage({ leg: LEG, token: await token() }));
  return { ...socket, ear, line: await lined.promise };
};

describe('the way in for a telephone’s sound', () => {
  it.each([
    ['no signature', null],
    ['a signature of another address', sign('wss://parley.example/telephony/other')],
    ['a signature over https', sign('https://parley.example/telephony/stream')],
    ['a signature over the host it names', sign('wss://127.0.0.1/telephony/stream')],
    ['a signature by another token', sign('wss://parley.example/telephony/stream', {}, 'other')],
  ])('is closed to %s', async (_what, signature) => {
    expect(await openSocket(house, signature).opened).toContain('403');
    expect(house.calls.connect).not.toHaveBeenCalled();
  });

  it('is at one path alone', async () => {
    for (const path of ['/telephony/stream?x=1', '/telephony/stream/', '/telephony']) {
      expect(await openSocket(house, STREAM_SIGNATURE, path).opened).not.toBe('open');
    }
  });

  it('takes what was signed over the address of this very copy, or over everybody’s', async () => {
    const two = await openHouse({ nodeUrl: () => 'https://two.example' });
    for (const url of ['wss://two.example/telephony/stream', 'wss://parley.example/telephony/stream']) {
      expect(await openSocket(two, sign(url)).opened).toBe('open');
    }
    expect(await openSocket(two, sign('wss://three.example/telephony/stream')).opened).toContain('403');
    await two.close();
  });

  it('takes a stand-in on this machine, without encryption', async () => {
    const local = await openHouse({ itself: true, apiUrl: 'http://127.0.0.1:1' });
    const url = `${local.url.replace('http', 'ws')}/telephony/stream`;
    expect(await openSocket(local, sign(url)).opened).toBe('open');
    await local.close();
  });

  it('holds so many telephones and no more', async () => {
    const small = await openHouse({ mostSockets: 1 });
    const first = openSocket(small, STREAM_SIGNATURE);
    expect(await first.opened).toBe('open');
    expect(await openSocket(small, STREAM_SIGNATURE).opened).toContain('503');
    first.ws.terminate();
    await until(async () => (await openSocket(small, STREAM_SIGNATURE).opened) === 'open');
    await small.close();
  });
});

describe('figures', () => {
  it('count who is connected, and whom the network did not sign', async () => {
    const own = await openHouse();
    const figures = () => own.telephony.figures();
    expect(figures()).toEqual({
      sockets: 0,
      leftOutMs: 0,
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

  it('keep what a telephone was not sent, also once it is gone', async () => {
    const { line, ws } = await connect();
    ws.pause();
    // Buffers of sockets grow, but not for ever.
    for (let at = 0; at < 100_000 && house.telephony.figures().leftOutMs === 0; at += 1) line.play(FRAME);
    const { leftOutMs } = house.telephony.figures();
    expect(leftOutMs).toBeGreaterThan(0);
    ws.terminate();
    await until(() => house.telephony.figures().sockets === 0);
    expect(house.telephony.figures().leftOutMs).toBe(leftOutMs);
  });
});

describe('a start', () => {
  const begin = async (message: unknown) => {
    const socket = openSocket(house, STREAM_SIGNATURE);
    await socket.opened;
    socket.say(message);
    return socket;
  };
  const foreignToken = (changes: { audience?: string; secret?: string }) =>
    new SignJWT({ l: LEG, c: CALL })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(changes.audience ?? 'parley:telephone')
      .setJti('1')
      .setExpirationTime('5m')
      .sign(changes.secret === undefined ? SECRET : new TextEncoder().encode(changes.secret));

  it('with a token of ours is let in', async () => {
    const { ear } = await connect();
    expect(house.calls.connect).toHaveBeenCalledExactlyOnceWith(LEG, CALL, expect.anything());
    expect(ear.closed).not.toHaveBeenCalled();
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
      'another kind of sound',
      async () =>
        startMessage(
          { leg: LEG, token: await token() },
          { mediaFormat: { encoding: 'audio/l16', sampleRate: 16_000, channels: 1 } },
        ),
    ],
    ['no JSON', async () => 'nonsense'],
    ['sound instead', async () => mediaMessage(0, FRAME)],
  ])('with %s is closed', async (_what, message) => {
    const { closed } = await begin(await message());
    expect(await closed).toBe(1008);
    expect(house.calls.connect).not.toHaveBeenCalled();
  });

  it('with a token that expired is closed', async () => {
    const old = await token();
    house.time.offsetMs = 11 * 60_000;
    expect(await (await begin(startMessage({ leg: LEG, token: old }))).closed).toBe(1008);
  });

  it('with a token that was used is closed', async () => {
    const once = await token();
    const first = await begin(startMessage({ leg: LEG, token: once }));
    // The flows have no place for it.
    expect(await first.closed).toBe(1000);
    expect(await (await begin(startMessage({ leg: LEG, token: once }))).closed).toBe(1008);
    expect(house.calls.connect).toHaveBeenCalledOnce();
  });

  it('that comes twice is closed', async () => {
    const { say, closed, ear } = await connect();
    say(startMessage({ leg: LEG, token: await token() }));
    expect(await closed).toBe(1008);
    expect(ear.closed).toHaveBeenCalledOnce();
  });

  it('that does not come is not waited for', async () => {
    const strict = await openHouse({ pace: { startWithinMs: 20 } });
    expect(await openSocket(strict, STREAM_SIGNATURE).closed).toBe(1008);
    await strict.close();
  });

  it('for which the flows fail is closed, and the telephone asks what now', async () => {
    house.calls.connect.mockRejectedValueOnce(new Error('no room'));
    expect(await (await begin(startMessage({ leg: LEG, token: await token() }))).closed).toBe(1011);
  });

  it('brings the token that its TwiML gave it, within what a parameter may hold', async () => {
    house.calls.answered.mockResolvedValueOnce({
      next: 'connect',
      legId: LEG,
      say: [],
      url: 'https://parley.example',
      broken: { say: [], pausesMs: [1_000] },
    });
    const { body } = await post(house, `/telephony/legs/${LEG}/voice`, {});
    const given = /name="token" value="([^"]+)"/.exec(body)![1]!;
    expect(given.length + 'token'.length).toBeLessThan(500);
    expect(
      (await signStreamPass({ legId: 'x'.repeat(64) as LegId, callId: CALL }, SECRET, Date.now())).length,
    ).toBeLessThan(490);
    await begin(startMessage({ leg: LEG, token: given }));
    await until(() => house.calls.connect.mock.calls.length === 1);
  });
});

describe('a telephone that is connected', () => {
  it('is heard, with its own times, in order, also while its place is being made', async () => {
    const place = Promise.withResolvers<LegAudioInput>();
    const ear = earOf();
    house.calls.connect.mockReturnValueOnce(place.promise);
    const { say, opened } = openSocket(house, STREAM_SIGNATURE);
    await opened;
    say(startMessage({ leg: LEG, token: await token() }));
    await until(() => house.calls.connect.mock.calls.length === 1);
    say(mediaMessage(20, FRAME));
    say({ event: 'dtmf', streamSid: 'MZ', dtmf: { track: 'inbound_track', digit: '5' } });
    say({ event: 'something new', more: [1] });
    say(mediaMessage(60, FRAME.fill(0x21)));
    place.resolve(ear);
    await until(() => ear.audio.mock.calls.length === 2);
    expect(ear.audio.mock.calls.map(([mulaw, atMs]) => [mulaw[0], mulaw.length, atMs])).toEqual([
      [0x20, 160, 20],
      [0x21, 160, 60],
    ]);
    expect(ear.key).toHaveBeenCalledExactlyOnceWith('5');
  });

  it('hears what is played, with marks, under the name of its stream', async () => {
    const { line, received } = await connect();
    for (let at = 0; at < 5; at += 1) line.play(FRAME);
    await until(() => received.length === 6);
    const streamSid = `MZ${'c'.repeat(32)}`;
    expect(received[0]).toEqual({
      event: 'media',
      streamSid,
      media: { payload: Buffer.from(FRAME).toString('base64') },
    });
    expect(received[5]).toEqual({ event: 'mark', streamSid, mark: { name: '1' } });
  });

  it('is late when its marks say so, and what waits is cleared', async () => {
    let nowMs = 0;
    const slow = await openHouse({ monotonicMs: () => nowMs });
    const { line, received, say, ear } = await connect(slow);
    const playUntilMark = async (name: string) => {
      for (let at = 0; at < 5; at += 1) line.play(FRAME);
      await until(() => received.some((one) => (one.mark as { name: string } | undefined)?.name === name));
    };
    const giveBack = async (name: string) => {
      say({ event: 'mark', streamSid: 'MZ', mark: { name } });
      // Messages are taken in order, so that once the key was heard, the mark was.
      const keys = ear.key.mock.calls.length;
      say({ event: 'dtmf', dtmf: { digit: '1' } });
      await until(() => ear.key.mock.calls.length > keys);
    };
    await playUntilMark('1');
    nowMs += 60;
    await giveBack('1');
    await playUntilMark('2');
    nowMs += 900;
    await giveBack('2');
    line.play(FRAME);
    await until(() => received.some(({ event }) => event === 'clear'));
    await slow.close();
  });

  it('is over once, when it stops', async () => {
    const { say, closed, ear, line } = await connect();
    say({ event: 'stop', streamSid: 'MZ', stop: { accountSid: ACCOUNT, callSid: CALL } });
    expect(await closed).toBe(1000);
    expect(ear.closed).toHaveBeenCalledExactlyOnceWith('ended');
    line.play(FRAME);
    line.removed();
    expect(ear.closed).toHaveBeenCalledOnce();
  });

  it('is over when its socket breaks, and nobody ended it', async () => {
    const { ws, ear } = await connect();
    ws.terminate();
    await until(() => ear.closed.mock.calls.length === 1);
    expect(ear.closed).toHaveBeenCalledExactlyOnceWith('broken');
  });

  it('is over when its place is taken away', async () => {
    const { line, closed, ear } = await connect();
    line.removed();
    expect(await closed).toBe(1000);
    expect(ear.closed).toHaveBeenCalledExactlyOnceWith('ended');
  });

  it('is over when it was given a place too late', async () => {
    const place = Promise.withResolvers<LegAudioInput>();
    const ear = earOf();
    house.calls.connect.mockReturnValueOnce(place.promise);
    const { say, opened, closed } = openSocket(house, STREAM_SIGNATURE);
    await opened;
    say(startMessage({ leg: LEG, token: await token() }));
    await until(() => house.calls.connect.mock.calls.length === 1);
    say({ event: 'stop' });
    await closed;
    place.resolve(ear);
    await until(() => ear.closed.mock.calls.length === 1);
    expect(ear.audio).not.toHaveBeenCalled();
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
  ])('that sounds %s is cut off', async (_what, messages, code) => {
    const { say, closed, ear } = await connect();
    for (const message of messages()) say(message);
    expect(await closed).toBe(code);
    await until(() => ear.closed.mock.calls.length === 1);
  });

  it('that does not answer any more is given up', async () => {
    const watchful = await openHouse({ pace: { askEveryMs: 20 } });
    const { ws, ear } = await connect(watchful);
    // Answers stay in the socket from here on.
    (ws as unknown as { _socket: { pause(): void } })._socket.pause();
    await until(() => ear.closed.mock.calls.length === 1);
    ws.terminate();
    await watchful.close();
  });

  it('whose network answers stays', async () => {
    const watchful = await openHouse({ pace: { askEveryMs: 20 } });
    const { ws, ear } = await connect(watchful);
    let pings = 0;
    ws.on('ping', () => {
      pings += 1;
    });
    await until(() => pings >= 6);
    expect(ear.closed).not.toHaveBeenCalled();
    await watchful.close();
  });

  it('is over when Parley closes', async () => {
    const { ear, closed } = await connect();
    await house.close();
    await closed;
    expect(ear.closed).toHaveBeenCalledOnce();
    house = await openHouse();
  });
});

describe('after a telephone stopped sounding', () => {
  afterEach(() => nock.cleanAll());
  const stop = async (status: string) => {
    const asked = nock('https://api.twilio.com')
      .get(`/2010-04-01/Accounts/${ACCOUNT}/Calls/${CALL}.json`)
      .reply(200, { sid: CALL, status });
    const curious = await openHouse({ pace: { lookAfterMs: 1 } });
    const look = vi.spyOn(curious.telephony.phone, 'fetchCall');
    const { say } = await connect(curious);
    say({ event: 'stop' });
    await until(() => look.mock.settledResults[0]?.type === 'fulfilled');
    expect(asked.isDone()).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    return curious;
  };

  it('the network is asked whether it was hung up, since it tells nobody of who rang us', async () => {
    const curious = await stop('completed');
    expect(curious.calls.handleEvent).toHaveBeenCalledExactlyOnceWith(LEG, CALL, {
      type: 'ended',
      how: 'hung-up',
      reason: null,
    });
    await curious.close();
  });

  it('nothing is told when it is still there', async () => {
    const curious = await stop('in-progress');
    await curious.close();
    expect(curious.calls.handleEvent).not.toHaveBeenCalled();
  });
});
