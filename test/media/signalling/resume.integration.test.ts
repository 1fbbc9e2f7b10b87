import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Peer } from '../../../src/media/peer.ts';
import type { Notification, ResumedMedia, TransportIds } from '../../../src/media/signalling/messages.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { opus, simulcast, startWorkers } from '../support.ts';
import { connect, type Page, type ResponseMessage, startMeeting } from './support.ts';

/** What goes on when the line of a page breaks, and its media does not. */
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

const join = (page: Page, earlier: { resumeToken?: string; transports?: TransportIds } = {}) =>
  page.request('join', { rtpCapabilities: meeting.meeting.rtpCapabilities, ...earlier });
const produce = (page: Page, source: 'microphone' | 'camera', paused = false) =>
  page.request('produce', { source, rtpParameters: source === 'camera' ? simulcast() : opus(), paused });

/** Someone who is in with a microphone, and what they need to come back. */
const enter = async (who: string) => {
  const page = await connect(meeting.urlOf(who));
  const { peerId, resumeToken } = await join(page);
  await page.request('consent', { accepted: true });
  const { transportId: send } = await page.request('createTransport', { direction: 'send' });
  const { transportId: receive } = await page.request('createTransport', { direction: 'receive' });
  const { producerId } = await produce(page, 'microphone');
  return { ...page, who, peerId, producerId, earlier: { resumeToken, transports: { send, receive } } };
};
type Someone = Awaited<ReturnType<typeof enter>>;

const broken = async (page: Someone): Promise<void> => {
  page.cut();
  await until(() => meeting.participants().get(page.peerId)?.channel === null, { what: 'the lost channel' });
};
const back = async (page: Someone) => {
  const line = await connect(meeting.urlOf(page.who));
  return { ...line, joined: await join(line, page.earlier) };
};
const received = (media: ResumedMedia | null) =>
  media?.received.map(({ source, paused }) => `${source}${paused ? ', paused' : ''}`).sort();
const peerOf = ({ peerId }: Someone): Peer => {
  const media = meeting.participants().get(peerId)?.media;
  if (!(media instanceof Peer)) throw new Error('no media');
  return media;
};

describe('a page that comes back with its transports', () => {
  it('goes on with all it sends and receives, and no one notices more than the line', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    await until(
      () =>
        ada.notificationsOf('newConsumer').length === 1 && bob.notificationsOf('newConsumer').length === 1,
    );
    await broken(bob);
    const again = await back(bob);
    expect(again.joined.resumed).toBe(true);
    const { notification: _, ...offered } = bob.notificationsOf('newConsumer')[0]!;
    expect(again.joined.media).toEqual({
      sent: [{ producerId: bob.producerId, source: 'microphone', paused: false }],
      received: [offered],
    });
    await again.request('resumeConsumer', { consumerId: offered.consumerId });
    await again.request('pauseProducer', { producerId: bob.producerId });
    await again.request('restartIce', { transportId: bob.earlier.transports.send });
    await until(() => ada.notificationsOf('consumerPaused').length === 1);
    expect([ada.notificationsOf('consumerClosed'), ada.notificationsOf('newConsumer').length]).toEqual([
      [],
      1,
    ]);
    expect(meeting.happened.filter((line) => line.startsWith('transcribes 1'))).toHaveLength(1);
    expect(meeting.happened).not.toContain('no longer transcribes 1');
  });

  it('does so from a line that only seems to live, and is told of what comes after', async () => {
    const bob = await enter('Bob');
    const again = await back(bob);
    expect(await bob.closed()).toBe(4409);
    expect(again.joined.media?.sent).toHaveLength(1);
    await enter('Ada');
    await until(() => again.notificationsOf('newConsumer').length === 1);
    expect(bob.notificationsOf('newConsumer')).toEqual([]);
  });

  it.each<[string, (ada: Someone) => Promise<unknown>, readonly string[]]>([
    ['began to send', (ada) => produce(ada, 'camera'), ['camera', 'microphone']],
    ['ended', (ada) => ada.request('closeProducer', { producerId: ada.producerId }), []],
    ['muted', (ada) => ada.request('pauseProducer', { producerId: ada.producerId }), ['microphone, paused']],
    ['left', (ada) => ada.request('leave', {}), []],
    [
      'muted and unmuted',
      async (ada) => {
        await ada.request('pauseProducer', { producerId: ada.producerId });
        await ada.request('resumeProducer', { producerId: ada.producerId });
      },
      ['microphone'],
    ],
    [
      'ended and began again',
      async (ada) => {
        await ada.request('closeProducer', { producerId: ada.producerId });
        await produce(ada, 'microphone', true);
      },
      ['microphone, paused'],
    ],
  ])('has in its answer who %s meanwhile', async (_, happens, expected) => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    const cleo = await enter('Cleo');
    await until(() => bob.notificationsOf('newConsumer').length === 2);
    await cleo.request('leave', {});
    await until(() => bob.notificationsOf('consumerClosed').length === 1);
    await broken(bob);
    await happens(ada);
    await until(() => [...peerOf(bob).received].length === expected.length);
    expect(received((await back(bob)).joined.media)).toEqual(expected);
  });

  it('sees that the host muted it meanwhile', async () => {
    const host = await enter('Ada&host');
    const bob = await enter('Bob');
    await broken(bob);
    await host.request('mutePeer', { peerId: bob.peerId });
    expect((await back(bob)).joined.media?.sent).toEqual([
      { producerId: bob.producerId, source: 'microphone', paused: true },
    ]);
  });

  it('is never out of step, however fast someone mutes and unmutes while it joins', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    const { producerId } = ada;
    for (let round = 0; round < 10; round++) {
      const line = await connect(meeting.urlOf('Bob'));
      /** Of Ada's voice, in the order in which it came. */
      const said: string[] = [];
      line.ws.on('message', (data) => {
        const message = JSON.parse((data as Buffer).toString()) as ResponseMessage | Notification;
        if ('response' in message && message.response === 1 && message.ok) {
          const [voice] = (message.data as { media: ResumedMedia }).media.received;
          said.push(voice!.paused ? 'is paused' : 'is resumed');
        } else if ('notification' in message && /^consumer(Paused|Resumed)$/.test(message.notification)) {
          said.push(message.notification === 'consumerPaused' ? 'paused' : 'resumed');
        }
      });
      // Not waited for one by one, so that some happen in the middle of joining.
      const toggles = Array.from({ length: 15 }, () => [
        ada.request('pauseProducer', { producerId }),
        ada.request('resumeProducer', { producerId }),
      ]).flat();
      await join(line, bob.earlier);
      await Promise.all(toggles);
      await line.request('ping', {});
      const joined = said.findIndex((each) => each.startsWith('is '));
      const before = said[joined - 1];
      if (before !== undefined) expect(said[joined]).toBe(`is ${before}`);
      const after = said.slice(joined).map((each) => each.replace('is ', ''));
      expect(after.filter((each, at) => each === after[at - 1])).toEqual([]);
      expect(after.at(-1)).toBe('resumed');
      Object.assign(bob, line);
    }
  });

  it('may begin again what it began in the moment in which its line broke', async () => {
    const bob = await enter('Bob');
    for (let round = 0; round < 8; round++) {
      const line = await connect(meeting.urlOf('Bob'));
      const lost = bob.request('produce', { source: 'camera', rtpParameters: simulcast(), paused: false });
      lost.catch(() => {});
      if (round % 2 === 0) bob.cut();
      const { media } = await join(line, bob.earlier);
      for (const { source, producerId } of media!.sent) {
        if (source === 'camera') await line.request('closeProducer', { producerId });
      }
      const { producerId } = await produce(line, 'camera');
      // The answers come in order, so what was lost is settled by now.
      await line.request('pauseProducer', { producerId });
      await until(() => {
        const camera = peerOf(bob).sent.get('camera');
        return camera?.producer.id === producerId && !camera.producer.closed;
      });
      await line.request('closeProducer', { producerId });
      Object.assign(bob, line);
    }
    expect([...peerOf(bob).sent.keys()]).toEqual(['microphone']);
  });
});

describe('a page that comes back makes its media again', () => {
  it.each<[string, (bob: Someone) => Promise<TransportIds | undefined>]>([
    ['when it was loaded again', async () => undefined],
    ['when one transport is not its own', async (bob) => ({ ...bob.earlier.transports, send: 'another' })],
    [
      'when it takes one for the other',
      async ({ earlier: { transports } }) => ({ send: transports.receive, receive: transports.send }),
    ],
    ['when they are another’s', async () => (await enter('Ada')).earlier.transports],
    [
      'when the worker died',
      async (bob) => {
        process.kill(workers.pids()[0]!, 'SIGKILL');
        await until(() => meeting.participants().get(bob.peerId)?.media === null);
        return bob.earlier.transports;
      },
    ],
  ])('%s', async (_, transportsOf) => {
    const bob = await enter('Bob');
    await broken(bob);
    const transports = await transportsOf(bob);
    const line = await connect(meeting.urlOf('Bob'));
    const { resumeToken } = bob.earlier;
    const joined = await join(line, { resumeToken, ...(transports === undefined ? {} : { transports }) });
    expect([joined.resumed, joined.media]).toEqual([true, null]);
    await line.request('createTransport', { direction: 'send' });
    await produce(line, 'microphone');
  });
});
