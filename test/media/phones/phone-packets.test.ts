import { describe, expect, it } from 'vitest';
import { parseRtp } from '../../../src/media/audio/rtp.ts';
import { AUDIO_LEVEL_ID, createPhonePackets } from '../../../src/media/phones/phone-packets.ts';

const frame = (code = 0x80): Uint8Array => new Uint8Array(160).fill(code);
const write = () => {
  const packets = createPhonePackets(77);
  return (mulaw: Uint8Array, atMs: number, arrivedMs = atMs) =>
    packets.packetsOf(mulaw, atMs, arrivedMs).map((bytes) => parseRtp(bytes, AUDIO_LEVEL_ID)!);
};

describe('what a phone says, as RTP', () => {
  it('is counted packet by packet and eight to the millisecond', () => {
    const say = write();
    const sent = [0, 20, 40].flatMap((atMs) => say(frame(), 500 + atMs));
    expect(sent.map(({ timestamp }) => timestamp - sent[0]!.timestamp)).toEqual([0, 160, 320]);
    expect(sent.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, false, false]);
    expect(sent[0]).toMatchObject({ payloadType: 0, ssrc: 77 });
    expect([...sent[0]!.payload]).toEqual([...frame()]);
  });

  it('takes times that tremble for what they are, and gaps for silence', () => {
    const say = write();
    const [first] = say(frame(), 0);
    const times = [19, 43, 58, 180, 200].map((atMs) => {
      const [packet] = say(frame(), atMs);
      return [(packet!.timestamp - first!.timestamp) / 8, packet!.marker];
    });
    expect(times).toEqual([
      [20, false],
      [40, false],
      [60, false],
      [180, true],
      [200, false],
    ]);
  });

  it('goes on after a line that begins again, by how long it was away', () => {
    const say = write();
    const [first] = say(frame(), 9_000, 100_000);
    const [again] = say(frame(), 0, 101_020);
    expect((again!.timestamp - first!.timestamp) / 8).toBe(1_040);
    expect([again!.sequenceNumber, again!.marker]).toEqual([1, true]);
    const [next] = say(frame(), 20, 101_040);
    expect(next!.timestamp - again!.timestamp).toBe(160);
  });

  it('comes in packets of 20 ms whatever it was handed over in, and nothing is nothing', () => {
    const say = write();
    expect(say(new Uint8Array(0), 0)).toEqual([]);
    const sent = say(
      Uint8Array.from({ length: 400 }, (_, at) => at & 0xff),
      0,
    );
    expect(sent.map(({ payload }) => payload.length)).toEqual([160, 160, 80]);
    const [next] = say(frame(), 50);
    expect(next!.timestamp - sent[0]!.timestamp).toBe(400);
    expect(next!.marker).toBe(false);
  });

  it('says how loud it is', () => {
    const say = write();
    const levels = [0xff, 0x80, 0xce].map((code, at) => say(frame(code), at * 20)[0]!.audioLevel!.dbov);
    expect(levels[0]).toBe(-127);
    expect(levels[1]).toBeCloseTo(0, 0);
    // 1,180 of 32,768.
    expect(levels[2]).toBeLessThan(-20);
    expect(levels[2]).toBeGreaterThan(-35);
  });
});
