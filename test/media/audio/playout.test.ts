import { describe, expect, it } from 'vitest';
import type { AudioDecoder } from '../../../src/media/audio/decoder.ts';
import { createPlayout } from '../../../src/media/audio/playout.ts';
import { createRandom } from './support.ts';

/** Each packet is its number, 160 times; what is made up for a loss is -1. */
const numbers: AudioDecoder = {
  clockRateHz: 8_000,
  sampleRateHz: 8_000,
  decode: (payload) => new Int16Array(160).fill((payload[0]! << 8) | payload[1]!),
  conceal: (_, durationMs) => new Int16Array(durationMs * 8).fill(-1),
  close() {},
};

const LOUD = 1_000;
/** A speaker that is loud, so that nothing may be left out unnoticed, unless it is told to be quiet. */
const listen = () => {
  const playout = createPlayout(numbers);
  return {
    playout,
    send: (number: number, arrivedMs: number, value = LOUD + number) => {
      playout.packet({
        sequenceNumber: (65_530 + number) & 0xffff,
        timestamp: (2 ** 32 - 800 + number * 160) >>> 0,
        payload: Uint8Array.of(value >> 8, value & 0xff),
        arrivedMs,
      });
    },
  };
};
const soundOf = (frame: Int16Array | null): number | null => frame?.[0] ?? null;

describe('one speaker, played at an even pace', () => {
  it('is heard packet by packet, soon, and then nothing', () => {
    const { playout, send } = listen();
    const played: (number | null)[] = [];
    for (let at = 0; at < 20; at += 1) {
      if (at < 10) send(at, at * 20);
      played.push(soundOf(playout.take(at * 20 + 5)));
    }
    expect(played).toEqual([
      null,
      null,
      ...Array.from({ length: 10 }, (_, at) => LOUD + at),
      ...Array(8).fill(null),
    ]);
  });

  it('is in order, though packets overtake each other and come twice', () => {
    const { playout, send } = listen();
    for (const number of [0, 2, 1, 1, 4, 3, 2]) send(number, 0);
    const played = Array.from({ length: 5 }, (_, at) => soundOf(playout.take(30 + at * 20)));
    expect(played).toEqual([0, 1, 2, 3, 4].map((number) => LOUD + number));
  });

  it('has something plausible in place of a loss, and silence where the sender was silent', () => {
    const { playout, send } = listen();
    for (const number of [0, 2, 3]) send(number, 0);
    playout.packet({
      sequenceNumber: (65_530 + 4) & 0xffff,
      timestamp: (2 ** 32 - 800 + 6 * 160) >>> 0,
      payload: Uint8Array.of(7, 7),
      arrivedMs: 0,
    });
    const played = Array.from({ length: 7 }, (_, at) => soundOf(playout.take(30 + at * 20)));
    expect(played).toEqual([LOUD, -1, LOUD + 2, LOUD + 3, 0, 0, 0x0707]);
  });

  it('plays nothing that was said before a mute', () => {
    const { playout, send } = listen();
    for (const number of [0, 1, 2]) send(number, 0);
    expect(soundOf(playout.take(30))).toBe(LOUD);
    playout.clear();
    expect(playout.take(50)).toBeNull();
    send(500, 10_000);
    expect(soundOf(playout.take(10_030))).toBe(LOUD + 500);
  });

  it('goes on with another stream whose time has nothing to do with this one', () => {
    const { playout, send } = listen();
    send(0, 0);
    send(100_000, 20, 5);
    expect(soundOf(playout.take(60))).toBe(5);
  });

  it('gives up what a flood brings that no one can play', () => {
    const { playout, send } = listen();
    for (let at = 0; at < 10_000; at += 1) send(at % 240, 0, 5);
    for (let at = 0; at < 10_000; at += 1) send(at, 0, 5);
    expect(playout.take(1_000)).not.toBeNull();
  });

  it.each([
    ['faster', 0.9995],
    ['slower', 1.0005],
  ])('stays close for an hour of talk with pauses when its clock is %s than ours', (_, pace) => {
    const { playout, send } = listen();
    const random = createRandom(3);
    let sent = 0;
    let missing = 0;
    const waits: number[] = [];
    const arrivals = new Map<number, number>();
    for (let frame = 0; frame < 180_000; frame += 1) {
      const nowMs = frame * 20;
      for (; sent * 20 * pace <= nowMs; sent += 1) {
        // Ten seconds of talk, then two quiet ones that are sent as well; numbers tell which packet it is.
        const quiet = sent % 600 >= 500;
        arrivals.set(sent % 20_000, nowMs);
        send(sent, nowMs + random() * 8, quiet ? 1 : LOUD + (sent % 20_000));
      }
      const value = soundOf(playout.take(nowMs + 10));
      if (value === null && frame > 10) missing += 1;
      if (value !== null && value >= LOUD) waits.push(nowMs - arrivals.get(value - LOUD)!);
    }
    expect(waits.reduce((most, wait) => Math.max(most, wait))).toBeLessThanOrEqual(100);
    expect(missing).toBeLessThan(10);
  });
});
