import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRouters, type Routers } from '../../src/media/routers.ts';
import { openTap, type TappedPacket, tapFormat } from '../../src/media/tap.ts';
import type { Workers } from '../../src/media/workers.ts';
import { until } from '../support/until.ts';
import { createSender, monotonic, opus, startWorkers } from './support.ts';

let workers: Workers;
let routers: Routers;
const closing: (() => void)[] = [];

beforeEach(async () => {
  workers = await startWorkers(2);
  routers = createRouters({ workers, maxConsumersPerRouter: 1, lost: () => {} });
});
afterEach(() => {
  for (const close of closing.splice(0)) close();
  routers.close();
  workers.close();
});

/** A speaker who sends RTP over UDP to a router. */
const speaker = async (rtp = opus()) => {
  const roomRouter = await routers.assign(0);
  const transport = await roomRouter.router.createPlainTransport({ listenIp: '127.0.0.1', comedia: true });
  const producer = await transport.produce({ kind: 'audio', rtpParameters: rtp });
  const sender = createSender(transport.tuple.localPort, rtp);
  closing.push(sender.close);
  return { roomRouter, producer, sender };
};

const listener = () => {
  const packets: TappedPacket[] = [];
  const told: string[] = [];
  return {
    packets,
    told,
    on: {
      packet: (packet: TappedPacket) => void packets.push({ ...packet, payload: packet.payload.slice() }),
      paused: (paused: boolean) => void told.push(paused ? 'paused' : 'resumed'),
      closed: () => void told.push('closed'),
    },
  };
};

describe('a tap on a microphone', () => {
  it('gets every packet with its payload, in order, across the wrap of its numbers', async () => {
    const { roomRouter, producer, sender } = await speaker();
    const { packets, on } = listener();
    await openTap(roomRouter.router, producer, { on, nowMs: monotonic.nowMs });
    const sent: { sequenceNumber: number; timestamp: number }[] = [];
    const beforeMs = performance.now();
    for (let n = 0; n < 20; n++) sent.push(await sender.send(Uint8Array.of(0xf8, n, n, n)));
    await until(() => packets.length === 20);
    expect(packets.map(({ payload }) => payload[1])).toEqual(Array.from({ length: 20 }, (_, n) => n));
    const timestamps = packets.map(({ timestamp }) => timestamp);
    expect(timestamps.slice(1).map((t, at) => (t - timestamps[at]!) >>> 0)).toEqual(Array(19).fill(960));
    const numbers = packets.map(({ sequenceNumber }) => sequenceNumber);
    expect(numbers.slice(1).map((n, at) => (n - numbers[at]!) & 0xffff)).toEqual(Array(19).fill(1));
    expect(packets[0]!.arrivedMs).toBeGreaterThan(beforeMs);
    expect(packets[0]!.arrivedMs).toBeLessThanOrEqual(performance.now());
  });

  it('gets nothing of what is said while the server has the speaker muted', async () => {
    const { roomRouter, producer, sender } = await speaker();
    const { packets, told, on } = listener();
    await openTap(roomRouter.router, producer, { on, nowMs: monotonic.nowMs });
    await sender.send(Uint8Array.of(1, 1));
    await until(() => packets.length === 1);
    await producer.pause();
    for (let n = 0; n < 10; n++) await sender.send(Uint8Array.of(2, 2));
    // The worker has seen them all before it lets the next ones through.
    await until(async () => (await producer.getStats())[0]?.packetCount === 11);
    await producer.resume();
    await sender.send(Uint8Array.of(3, 3));
    await until(() => packets.length >= 2);
    expect(packets.map(({ payload }) => payload[0])).toEqual([1, 3]);
    expect(told).toEqual(['paused', 'resumed']);
  });

  it('says at once that a speaker is muted already, and once that it ended', async () => {
    const { roomRouter, producer } = await speaker();
    await producer.pause();
    const { told, on } = listener();
    const tap = await openTap(roomRouter.router, producer, { on, nowMs: monotonic.nowMs });
    expect(told).toEqual(['paused']);
    producer.close();
    await until(() => told.length === 2);
    tap.close();
    tap.close();
    expect(told).toEqual(['paused', 'closed']);
  });

  it('takes a phone’s PCMU as it is', async () => {
    const rtp = {
      codecs: [{ mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 }],
      encodings: [{ ssrc: 77 }],
    };
    const { roomRouter, producer, sender } = await speaker(rtp);
    expect(tapFormat(producer)).toEqual({ codec: 'pcmu', clockRateHz: 8_000 });
    const { packets, on } = listener();
    await openTap(roomRouter.router, producer, { on, nowMs: monotonic.nowMs });
    const said = Uint8Array.from({ length: 160 }, (_, n) => n);
    await sender.send(said);
    await until(() => packets.length === 1);
    expect([...packets[0]!.payload]).toEqual([...said]);
  });
});

describe('a room of several routers', () => {
  it('opens one on another worker for whom the first has no room, and pipes what is said to it', async () => {
    const { roomRouter, producer, sender } = await speaker();
    const second = await routers.assign(2);
    expect(second.router).not.toBe(roomRouter.router);
    expect(second.worker).not.toBe(roomRouter.worker);
    await Promise.all([
      routers.pipe(producer, roomRouter, second),
      routers.pipe(producer, roomRouter, second),
      routers.pipe(producer, roomRouter, roomRouter),
    ]);
    const { packets, told, on } = listener();
    await openTap(second.router, producer, { on, nowMs: monotonic.nowMs });
    await until(async () => {
      await sender.send(Uint8Array.of(9, 8, 7));
      return packets.length > 0;
    });
    expect([...packets[0]!.payload]).toEqual([9, 8, 7]);
    // Muting the one mutes what was piped of it.
    await producer.pause();
    await until(() => told.includes('paused'));
    producer.close();
    await until(() => told.includes('closed'));
  });

  it('takes everyone who comes once each worker has a router, and the emptiest one first', async () => {
    const [first, second] = await Promise.all([routers.assign(5), routers.assign(5)]);
    expect(first).not.toBe(second);
    expect([first, second]).toContain(await routers.assign(5));
  });

  it('tells which router died, and opens another for the next', async () => {
    const lost: unknown[] = [];
    const own = createRouters({
      workers,
      maxConsumersPerRouter: 1,
      lost: (roomRouter) => void lost.push(roomRouter),
    });
    const roomRouter = await own.assign(0);
    process.kill(roomRouter.worker.worker.pid, 'SIGKILL');
    await until(() => lost.length === 1);
    expect(lost).toEqual([roomRouter]);
    expect(own.main()).toBeNull();
    const next = await own.assign(0);
    expect(next.router.closed).toBe(false);
    expect(own.main()).toBe(next);
    own.close();
  });
});
