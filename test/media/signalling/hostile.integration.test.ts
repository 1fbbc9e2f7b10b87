import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workers } from '../../../src/media/workers.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { until } from '../../support/until.ts';
import { opus, startWorkers } from '../support.ts';
import { connect, type Page, startMeeting } from './support.ts';

let workers: Workers;
let meeting: Awaited<ReturnType<typeof startMeeting>>;

beforeAll(async () => {
  workers = await startWorkers(1);
});
afterAll(() => workers.close());
beforeEach(async () => {
  meeting = await startMeeting(workers);
});
afterEach(() => meeting.close());

const join = (page: Page) =>
  page.request('join', {
    rtpCapabilities: meeting.meeting.rtpCapabilities,
  });
const dtls = {
  role: 'client' as const,
  fingerprints: [{ algorithm: 'sha-256' as const, value: Array(32).fill('AB').join(':') }],
};

describe('requests out of order', () => {
  it('are each refused in a sentence before joining, and the line goes on', async () => {
    const page = await connect(meeting.urlOf('Ada&host'));
    await page.request('ping', {});
    const refusals = [
      await page.refused('consent', { accepted: true }),
      await page.refused('createTransport', { direction: 'send' }),
      await page.refused('produce', { source: 'microphone', rtpParameters: opus(), paused: false }),
      await page.refused('connectTransport', { transportId: 'x', dtlsParameters: dtls }),
      await page.refused('resumeConsumer', { consumerId: 'x' }),
      await page.refused('getTranscript', { since: 0 }),
      await page.refused('setCaptions', { on: false }),
      await page.refused('leave', {}),
    ];
    expect(refusals).toEqual(
      Array(8).fill({ code: 'wrong-order', sentence: 'Something went wrong. Try again.' }),
    );
    await join(page);
  });

  it('are refused after joining too: twice, too early, or with what no one has', async () => {
    const page = await connect(meeting.urlOf('Ada&host'));
    await join(page);
    await page.request('consent', { accepted: true });
    const codeOf = async (refusal: Promise<{ code: string }>) => (await refusal).code;
    expect(await codeOf(page.refused('join', { rtpCapabilities: { codecs: [] } }))).toBe('wrong-order');
    const produce = { source: 'microphone', rtpParameters: opus(), paused: false } as const;
    expect(await codeOf(page.refused('produce', produce))).toBe('wrong-order');
    const { transportId } = await page.request('createTransport', { direction: 'receive' });
    expect(await codeOf(page.refused('produce', produce))).toBe('wrong-order');
    expect(await codeOf(page.refused('createTransport', { direction: 'receive' }))).toBe('wrong-order');
    await page.request('connectTransport', { transportId, dtlsParameters: dtls });
    expect(await codeOf(page.refused('restartIce', { transportId: 'unknown' }))).toBe('not-found');
    expect(await codeOf(page.refused('pauseProducer', { producerId: 'unknown' }))).toBe('not-found');
    expect(await codeOf(page.refused('closeProducer', { producerId: 'unknown' }))).toBe('not-found');
    expect(await codeOf(page.refused('resumeConsumer', { consumerId: 'unknown' }))).toBe('not-found');
    expect(await codeOf(page.refused('setLayers', { consumerId: 'unknown', spatialLayer: 0 }))).toBe(
      'not-found',
    );
    expect(await codeOf(page.refused('mutePeer', { peerId: 'unknown' }))).toBe('not-found');
  });

  it('cannot reach into what someone else sends or receives', async () => {
    const [ada, mallory] = [await connect(meeting.urlOf('Ada')), await connect(meeting.urlOf('Mallory'))];
    for (const page of [ada, mallory]) {
      await join(page);
      await page.request('consent', { accepted: true });
      await page.request('createTransport', { direction: 'send' });
      await page.request('createTransport', { direction: 'receive' });
    }
    const { producerId } = await ada.request('produce', {
      source: 'microphone',
      rtpParameters: opus(),
      paused: false,
    });
    await until(() => mallory.notificationsOf('newConsumer').length === 1);
    expect((await mallory.refused('pauseProducer', { producerId })).code).toBe('not-found');
    expect((await mallory.refused('closeProducer', { producerId })).code).toBe('not-found');
    const { consumerId } = mallory.notificationsOf('newConsumer')[0]!;
    expect((await ada.refused('pauseConsumer', { consumerId })).code).toBe('not-found');
  });
});

describe('messages that are none', () => {
  it.each([
    ['no JSON', 'hello'],
    ['no number', '{"request":"leave"}'],
    ['a list', '[1,2,3]'],
    ['a number that is none', '{"id":"1","request":"leave"}'],
    ['a negative number', '{"id":-1,"request":"leave"}'],
  ])('end the channel: %s', async (_, text) => {
    const page = await connect(meeting.urlOf('Ada'));
    page.ws.send(text);
    expect(await page.closed()).toBe(4400);
  });

  it('end the channel when they are binary', async () => {
    const page = await connect(meeting.urlOf('Ada'));
    page.ws.send(Buffer.from('{"id":1,"request":"leave"}'));
    expect(await page.closed()).toBe(4400);
  });

  it('are answered once with a sentence when they have a number, and everything after them in order', async () => {
    const page = await connect(meeting.urlOf('Ada'));
    const bad = [
      { id: 1, request: 'dance' },
      { id: 2, request: 'raiseHand', raised: 'yes' },
      { id: 3, request: 'setLayers', consumerId: 'x', spatialLayer: 1e9 },
      { id: 4, request: 'connectTransport', transportId: 'x', dtlsParameters: { fingerprints: [] } },
      { id: 5, request: 'join', rtpCapabilities: { codecs: Array(65).fill({}) } },
      { id: 6, request: 'getTranscript', since: -1 },
      { id: 7, request: '__proto__' },
      { id: 8, request: 'produce', source: 'microphone', rtpParameters: { codecs: [] }, paused: false },
    ];
    for (const message of bad) page.ws.send(JSON.stringify(message));
    await until(() => page.responses.size === bad.length);
    expect([...page.responses.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const responses of page.responses.values()) {
      expect(responses).toHaveLength(1);
      expect(responses[0]).toMatchObject({
        ok: false,
        error: { code: 'bad-request', sentence: 'Something went wrong. Try again.' },
      });
    }
    expect(page.isClosed()).toBe(false);
  });

  it('end the channel when they are a megabyte long, and the others stay', async () => {
    const bystander = await connect(meeting.urlOf('Bob'));
    await join(bystander);
    const page = await connect(meeting.urlOf('Ada'));
    page.ws.send(JSON.stringify({ id: 1, request: 'leave', padding: 'x'.repeat(1024 * 1024) }));
    expect(await page.closed()).toBe(1009);
    await bystander.request('raiseHand', { raised: true });
  });
});

describe('a flood', () => {
  it('ends the channel of the page that makes it, after at most the burst was answered; the others stay', async () => {
    const bystander = await connect(meeting.urlOf('Bob'));
    await join(bystander);
    const page = await connect(meeting.urlOf('Ada'));
    await join(page);
    for (let id = 10; id < 5_010; id++)
      page.ws.send(JSON.stringify({ id, request: 'raiseHand', raised: id % 2 === 0 }));
    expect(await page.closed()).toBe(4429);
    expect(page.responses.size).toBeLessThan(1_000);
    await bystander.request('raiseHand', { raised: true });
    expect(bystander.isClosed()).toBe(false);
  });
});

describe('a page that does not read', () => {
  it('is dropped once too much waits for it, and the others get everything', async () => {
    const reader = await connect(meeting.urlOf('Bob'));
    await join(reader);
    const sleeper = await connect(meeting.urlOf('Ada'));
    const { peerId } = await join(sleeper);
    sleeper.ws.pause();
    const text = 'x'.repeat(60_000);
    let sent = 0;
    await until(
      () => {
        meeting.meeting.sendCaption({
          partyIndex: 0,
          id: String(sent),
          text,
          committed: 0,
          startMs: 0,
          endMs: 1,
          isFinal: true,
        });
        sent += 1;
        return meeting.participants().get(peerId)?.channel?.open !== true;
      },
      { everyMs: 1 },
    );
    await until(() => meeting.participants().get(peerId)?.channel === null);
    await until(() => reader.notificationsOf('caption').length === sent);
    expect(reader.isClosed()).toBe(false);
    sleeper.cut();
  });

  it('is given up when it does not answer to pings', async () => {
    await meeting.close();
    const clock = createVirtualClock();
    meeting = await startMeeting(workers, { clock });
    const dead = await connect(meeting.urlOf('Ada'), { autoPong: false });
    const alive = await connect(meeting.urlOf('Bob'));
    await join(alive);
    await clock.advance(10_000);
    // The pong is on its way before the second request.
    for (const _ of [1, 2]) await alive.request('ping', {});
    expect(dead.isClosed()).toBe(false);
    await clock.advance(10_000);
    await dead.closed();
    await alive.request('raiseHand', { raised: true });
  });

  it('is given up when it never joins', async () => {
    await meeting.close();
    const clock = createVirtualClock();
    meeting = await startMeeting(workers, { clock });
    const idle = await connect(meeting.urlOf('Ada'));
    await clock.advance(15_000);
    expect(await idle.closed()).toBe(4408);
  });

  it('is not served when it closed while its link was verified', async () => {
    await meeting.close();
    const clock = createVirtualClock();
    meeting = await startMeeting(workers, { clock });
    const { server } = meeting;
    const [serve] = server.listeners('connection');
    server.removeAllListeners('connection');
    const arrived = once(server, 'connection');
    const gone = await connect(meeting.urlOf('Ada'));
    const [ws, request] = await arrived;
    gone.cut();
    await once(ws, 'close');
    serve!.call(server, ws, request);
    expect(clock.pendingTimers).toBe(0);
  });
});
