import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sent } from '../../../src/media/peer.ts';
import { Room } from '../../../src/media/room.ts';
import { createTranscriptionTaps } from '../../../src/media/signalling/transcription-taps.ts';
import type { TapListener } from '../../../src/media/tap.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { monotonic, opus, silentLog, startWorkers } from '../support.ts';

let workers: Workers;
let room: Room;
let microphone: Sent;

beforeAll(async () => {
  workers = await startWorkers(1);
  const on = { levels() {}, activeSpeaker() {}, opened() {}, closed() {} };
  room = await Room.create({ workers, log: silentLog, nowMs: monotonic.nowMs, on });
  const peer = await room.addPeer({
    id: 'ada',
    rtpCapabilities: room.rtpCapabilities,
    on: { consumerOpened() {}, consumerClosed() {}, consumerPaused() {}, lost() {} },
  });
  await peer.createTransport('send');
  microphone = await peer.produce({ source: 'microphone', rtpParameters: opus(), paused: false });
});
afterAll(() => {
  room.close();
  workers.close();
});

/** Ears whose taps open when the test lets them, and what was heard through them. */
const slowEars = () => {
  const told: string[] = [];
  const taps: TapListener[] = [];
  const gates: (() => void)[] = [];
  const ears = createTranscriptionTaps({
    log: silentLog,
    tap: async (sent, on) => {
      taps.push(on);
      await new Promise<void>((resolve) => gates.push(resolve));
      return await room.tap(sent, on);
    },
    listen: ({ partyIndex }) => ({
      packet: () => void told.push(`packet of ${partyIndex}`),
      paused: () => {},
      closed: () => void told.push(`closed ${partyIndex}`),
    }),
  });
  return { ears, told, taps, open: () => gates.shift()?.() };
};

const wanted = () => new Map([[microphone, { peerId: 'ada', partyIndex: 0 }]]);
const packet = { payload: Uint8Array.of(1) } as Parameters<TapListener['packet']>[0];

describe('who is heard', () => {
  it('is nobody whose tap opens after they took their consent back', async () => {
    const { ears, told, taps, open } = slowEars();
    ears.sync(wanted());
    await until(() => taps.length === 1);
    ears.sync(new Map());
    taps[0]!.packet(packet);
    open();
    await until(() => told.length > 0);
    taps[0]!.packet(packet);
    expect(told).toEqual(['closed 0']);
  });

  it('is heard once by whoever gave and took and gave it again meanwhile', async () => {
    const { ears, told, taps, open } = slowEars();
    ears.sync(wanted());
    ears.sync(new Map());
    ears.sync(wanted());
    await until(() => taps.length === 2);
    open();
    await until(() => told.includes('closed 0'));
    open();
    for (const tap of taps) tap.packet(packet);
    expect(told).toEqual(['closed 0', 'packet of 0']);
    ears.sync(new Map());
    await until(() => told.length === 3);
    expect(told.at(-1)).toBe('closed 0');
  });

  it('ends with the microphone, told once', async () => {
    const { ears, told, taps, open } = slowEars();
    ears.sync(wanted());
    await until(() => taps.length === 1);
    microphone.producer.close();
    open();
    await until(() => told.length > 0);
    ears.sync(new Map());
    expect(told).toEqual(['closed 0']);
  });
});
