import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MediaRoom } from '../../../src/media/media-room.ts';
import { createMicrophoneTaps } from '../../../src/media/signalling/microphone-taps.ts';
import type { SentStream } from '../../../src/media/streams.ts';
import type { TapListener } from '../../../src/media/tap.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { monotonic, opus, silentLog, startWorkers } from '../support.ts';

let workers: Workers;
let room: MediaRoom;
let microphone: SentStream;

beforeAll(async () => {
  workers = await startWorkers(1);
  const on = { levels() {}, activeSpeaker() {}, opened() {}, closed() {} };
  room = await MediaRoom.create({ workers, log: silentLog, nowMs: monotonic.nowMs, on });
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

/** Taps that open when the test lets them, and what came through them. */
const slowTaps = () => {
  const events: string[] = [];
  const taps: TapListener[] = [];
  const gates: (() => void)[] = [];
  const microphoneTaps = createMicrophoneTaps({
    log: silentLog,
    openTap: async (sent, on) => {
      taps.push(on);
      await new Promise<void>((resolve) => gates.push(resolve));
      return await room.tap(sent, on);
    },
    pipe: ({ partyIndex }) => ({
      packet: () => void events.push(`packet of ${partyIndex}`),
      paused: () => {},
      closed: () => void events.push(`closed ${partyIndex}`),
    }),
  });
  return { microphoneTaps, events, taps, open: () => gates.shift()?.() };
};

const wanted = () => new Map([[microphone, { peerId: 'ada', partyIndex: 0 }]]);
const packet = { payload: Uint8Array.of(1) } as Parameters<TapListener['packet']>[0];

describe('the taps on microphones', () => {
  it('close one that opens after its microphone was removed, and pass nothing on', async () => {
    const { microphoneTaps, events, taps, open } = slowTaps();
    microphoneTaps.sync(wanted());
    await until(() => taps.length === 1);
    microphoneTaps.sync(new Map());
    taps[0]!.packet(packet);
    open();
    await until(() => events.length > 0);
    taps[0]!.packet(packet);
    expect(events).toEqual(['closed 0']);
  });

  it('pass a microphone on once when it was removed and added again meanwhile', async () => {
    const { microphoneTaps, events, taps, open } = slowTaps();
    microphoneTaps.sync(wanted());
    microphoneTaps.sync(new Map());
    microphoneTaps.sync(wanted());
    await until(() => taps.length === 2);
    open();
    await until(() => events.includes('closed 0'));
    open();
    for (const tap of taps) tap.packet(packet);
    expect(events).toEqual(['closed 0', 'packet of 0']);
    microphoneTaps.sync(new Map());
    await until(() => events.length === 3);
    expect(events.at(-1)).toBe('closed 0');
  });

  it('end with the microphone, once', async () => {
    const { microphoneTaps, events, taps, open } = slowTaps();
    microphoneTaps.sync(wanted());
    await until(() => taps.length === 1);
    microphone.producer.close();
    open();
    await until(() => events.length > 0);
    microphoneTaps.sync(new Map());
    expect(events).toEqual(['closed 0']);
  });
});
