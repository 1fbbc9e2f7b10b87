import type { Consumer } from 'mediasoup/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediaRoom, type MediaRoomLimits } from '../../src/media/media-room.ts';
import type { Peer, PeerListener } from '../../src/media/peer.ts';
import type { SentStream } from '../../src/media/streams.ts';
import type { Workers } from '../../src/media/workers.ts';
import { until } from '../support/until.ts';
import { audioOnly, monotonic, opus, silentLog, simulcast, startWorkers } from './support.ts';

let workers: Workers;
let room: MediaRoom;
let streams: string[];

const openRoom = async (limits?: MediaRoomLimits): Promise<void> => {
  streams = [];
  room = await MediaRoom.create({
    workers,
    ...(limits === undefined ? {} : { limits }),
    log: silentLog,
    nowMs: monotonic.nowMs,
    on: {
      levels: () => {},
      activeSpeaker: () => {},
      opened: ({ sender, source }) => void streams.push(`${sender.id} opened ${source}`),
      closed: ({ sender, source }) => void streams.push(`${sender.id} closed ${source}`),
    },
  });
};

beforeEach(async () => {
  workers = await startWorkers(2);
});
afterEach(() => {
  room.close();
  workers.close();
});

/** Someone in the room, and what they were told. */
const enter = async (id: string, capabilities = room.rtpCapabilities) => {
  const received = new Map<string, { consumer: Consumer; sent: SentStream }>();
  const told: string[] = [];
  const on: PeerListener = {
    consumerOpened: (consumer, sent) => {
      received.set(consumer.id, { consumer, sent });
      told.push(`receives ${sent.sender.id} ${sent.source}`);
    },
    consumerClosed: (consumerId) => {
      const sent = received.get(consumerId)?.sent;
      received.delete(consumerId);
      told.push(`no longer ${sent?.sender.id} ${sent?.source}`);
    },
    consumerPaused: (_, paused) => void told.push(paused ? 'paused' : 'resumed'),
    lost: () => void told.push('lost'),
  };
  const peer = await room.addPeer({ id, rtpCapabilities: capabilities, on });
  await peer.createTransport('send');
  await peer.createTransport('receive');
  return { peer, told, received };
};

const speak = (peer: Peer): Promise<SentStream> =>
  peer.produce({ source: 'microphone', rtpParameters: opus(), paused: false });
const film = (peer: Peer): Promise<SentStream> =>
  peer.produce({ source: 'camera', rtpParameters: simulcast(), paused: false });

describe('a room', () => {
  it('brings what each sends to everyone else, also to who comes later, and to no one twice', async () => {
    await openRoom();
    const ada = await enter('ada');
    const bob = await enter('bob');
    await speak(ada.peer);
    await film(ada.peer);
    await speak(bob.peer);
    const cleo = await enter('cleo');
    await until(() => cleo.told.length === 3 && bob.told.length === 2 && ada.told.length === 1);
    expect(ada.told).toEqual(['receives bob microphone']);
    expect(bob.told.sort()).toEqual(['receives ada camera', 'receives ada microphone']);
    expect(cleo.told.sort()).toEqual([
      'receives ada camera',
      'receives ada microphone',
      'receives bob microphone',
    ]);
    expect([...cleo.received.values()].every(({ consumer }) => consumer.paused)).toBe(true);
  });

  it('tells everyone of mutes and ends, and the room of each stream once', async () => {
    await openRoom();
    const ada = await enter('ada');
    const bob = await enter('bob');
    const { producer } = await speak(ada.peer);
    await until(() => bob.told.length === 1);
    await ada.peer.setProducerPaused(producer.id, true);
    await ada.peer.setProducerPaused(producer.id, false);
    ada.peer.closeProducer(producer.id);
    await until(() => bob.told.length === 4);
    expect(bob.told.slice(1)).toEqual(['paused', 'resumed', 'no longer ada microphone']);
    await speak(ada.peer);
    ada.peer.close();
    ada.peer.close();
    expect(streams).toEqual([
      'ada opened microphone',
      'ada closed microphone',
      'ada opened microphone',
      'ada closed microphone',
    ]);
    expect([...room.peers.keys()]).toEqual(['bob']);
  });

  it('refuses a second microphone, a stream without a transport and a second transport, each in a sentence', async () => {
    await openRoom();
    const { peer } = await enter('ada');
    await speak(peer);
    await expect(speak(peer)).rejects.toMatchObject({
      code: 'wrong-order',
      reason: /microphone is being sent/,
    });
    await expect(peer.createTransport('send')).rejects.toMatchObject({ code: 'wrong-order' });
    const on = { consumerOpened() {}, consumerClosed() {}, consumerPaused() {}, lost() {} };
    const bare = await room.addPeer({ id: 'bob', rtpCapabilities: room.rtpCapabilities, on });
    await expect(speak(bare)).rejects.toMatchObject({ code: 'wrong-order' });
    await expect(bare.setProducerPaused('no such', true)).rejects.toMatchObject({ code: 'not-found' });
    await expect(bare.setConsumerPaused('no such', false)).rejects.toMatchObject({ code: 'not-found' });
    await expect(bare.restartIce('no such')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses media that it does not speak, and capabilities that make no sense', async () => {
    await openRoom();
    const { peer } = await enter('ada');
    const unknown = { ...opus(), codecs: [{ mimeType: 'audio/G722', payloadType: 9, clockRate: 8_000 }] };
    await expect(
      peer.produce({ source: 'microphone', rtpParameters: unknown, paused: false }),
    ).rejects.toMatchObject({ code: 'unsupported' });
    const disguised = { source: 'microphone', rtpParameters: simulcast(), paused: false } as const;
    await expect(peer.produce(disguised)).rejects.toMatchObject({
      code: 'unsupported',
      reason: 'a microphone may only send audio',
    });
    // The same name is free again after a refusal.
    await speak(peer);
    const on = { consumerOpened() {}, consumerClosed() {}, consumerPaused() {}, lost() {} };
    const nonsense = {
      codecs: [{ kind: 'audio', mimeType: 'opus', preferredPayloadType: 111, clockRate: 48_000 } as never],
    };
    await expect(room.addPeer({ id: 'bob', rtpCapabilities: nonsense, on })).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('sends no video to a browser that cannot play it', async () => {
    await openRoom();
    const ada = await enter('ada');
    const bob = await enter('bob', audioOnly(room.rtpCapabilities));
    await film(ada.peer);
    await speak(ada.peer);
    await until(() => bob.told.length > 0);
    expect(bob.told).toEqual(['receives ada microphone']);
  });

  it('lets a receiver choose the layer of a simulcast camera', async () => {
    await openRoom();
    const ada = await enter('ada');
    const bob = await enter('bob');
    await film(ada.peer);
    await until(() => bob.received.size === 1);
    const [{ consumer } = { consumer: null }] = bob.received.values();
    expect(consumer?.type).toBe('simulcast');
    await bob.peer.setLayers(consumer!.id, { spatialLayer: 0 });
    expect(consumer?.preferredLayers).toEqual({ spatialLayer: 0, temporalLayer: 2 });
  });

  it('takes no more people than it may, but lets someone come again', async () => {
    await openRoom({ peers: 2, consumersPerRouter: 400 });
    await enter('ada');
    const bob = await enter('bob');
    await expect(enter('cleo')).rejects.toMatchObject({ code: 'full', sentence: /2 people/ });
    await enter('bob');
    expect(bob.peer.closed).toBe(true);
    expect(room.peers.size).toBe(2);
  });

  it('outgrows a worker: people on two workers receive each other', async () => {
    await openRoom({ peers: 100, consumersPerRouter: 2 });
    const people: Awaited<ReturnType<typeof enter>>[] = [];
    for (const id of ['ada', 'bob', 'cleo', 'dan']) {
      const one = await enter(id);
      await speak(one.peer);
      people.push(one);
    }
    expect(new Set(people.map(({ peer }) => peer.roomRouter.worker)).size).toBe(2);
    await until(() => people.every(({ received }) => received.size === 3));
    const [ada, , , dan] = people;
    expect(ada!.peer.roomRouter).not.toBe(dan!.peer.roomRouter);
    // A mute crosses the pipe.
    await ada!.peer.setProducerPaused(ada!.peer.sent.get('microphone')!.producer.id, true);
    await until(() => dan!.told.includes('paused'));
  });

  it('tells those whose worker was killed, keeps the others, and takes the lost in again at once', async () => {
    await openRoom({ peers: 100, consumersPerRouter: 0 });
    const ada = await enter('ada');
    await speak(ada.peer);
    const bob = await enter('bob');
    const cleo = await enter('cleo');
    await speak(cleo.peer);
    expect(bob.peer.roomRouter).not.toBe(ada.peer.roomRouter);
    await until(() => bob.received.size + cleo.received.size >= 2);
    const killedMs = performance.now();
    process.kill(ada.peer.roomRouter.worker.worker.pid, 'SIGKILL');
    await until(() => ada.told.includes('lost'), { everyMs: 5 });
    await until(() => bob.told.includes('no longer ada microphone'), { everyMs: 5 });
    expect(bob.told).not.toContain('lost');
    const again = await enter('ada');
    await speak(again.peer);
    await until(() => bob.told.filter((line) => line === 'receives ada microphone').length === 2);
    expect(performance.now() - killedMs).toBeLessThan(5_000);
  });

  it('comes back on a new worker when its only one was killed', async () => {
    workers.close();
    workers = await startWorkers(1);
    await openRoom();
    const ada = await enter('ada');
    const bob = await enter('bob');
    await speak(ada.peer);
    await until(() => bob.received.size === 1);
    process.kill(workers.pids()[0]!, 'SIGKILL');
    await until(() => ada.told.includes('lost') && bob.told.includes('lost'));
    const [ada2, bob2] = await Promise.all([enter('ada'), enter('bob')]);
    await speak(ada2.peer);
    await until(() => bob2.received.size === 1);
    expect(ada2.peer.roomRouter).toBe(bob2.peer.roomRouter);
  });

  it('closes everything in it, once, and takes no one afterwards', async () => {
    await openRoom();
    const ada = await enter('ada');
    await speak(ada.peer);
    const { router } = ada.peer.roomRouter;
    room.close();
    room.close();
    expect(streams).toEqual(['ada opened microphone', 'ada closed microphone']);
    expect([ada.peer.closed, router.closed]).toEqual([true, true]);
    expect(ada.told).toEqual([]);
    await expect(enter('bob')).rejects.toThrow();
  });
});
