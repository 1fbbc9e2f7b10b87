import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseRtp } from '../../../src/media/audio/rtp.ts';

/** A packet byte by byte: version 2, payload type 111, number 0x1234, time 0x89abcdef, source 0x01020304. */
const HEADER = [0x80, 0x6f, 0x12, 0x34, 0x89, 0xab, 0xcd, 0xef, 1, 2, 3, 4];
const withFirst = (first: number): number[] => [first, ...HEADER.slice(1)];
const parse = (bytes: readonly number[], audioLevelId?: number) =>
  parseRtp(Uint8Array.from(bytes), audioLevelId);

describe('an RTP packet', () => {
  it('has its fields in network order', () => {
    expect(parse([...HEADER, 7, 8, 9])).toEqual({
      payloadType: 111,
      sequenceNumber: 0x1234,
      timestamp: 0x89abcdef,
      ssrc: 0x01020304,
      marker: false,
      payload: Uint8Array.of(7, 8, 9),
      audioLevel: null,
    });
  });

  it('keeps the marker apart from the payload type', () => {
    const marked = parse([0x80, 0xef, ...HEADER.slice(2)]);
    expect(marked).toMatchObject({ marker: true, payloadType: 111 });
  });

  it.each([
    ['nothing around it', [...HEADER, 7, 8], [7, 8]],
    ['two contributing sources before it', [...withFirst(0x82), 0, 0, 0, 1, 0, 0, 0, 2, 7, 8], [7, 8]],
    [
      'an extension of one word before it',
      [...withFirst(0x90), 0xbe, 0xde, 0, 1, 0x10, 5, 0, 0, 7, 8],
      [7, 8],
    ],
    ['an extension of no words before it', [...withFirst(0x90), 0xbe, 0xde, 0, 0, 7, 8], [7, 8]],
    ['sources and an extension', [...withFirst(0x91), 0, 0, 0, 1, 0xbe, 0xde, 0, 1, 0, 0, 0, 0, 7], [7]],
    ['padding after it', [...withFirst(0xa0), 7, 8, 0, 0, 3], [7, 8]],
    ['padding and nothing else', [...withFirst(0xa0), 0, 2], []],
    ['no bytes at all', HEADER, []],
  ])('finds the payload with %s', (_, bytes, payload) => {
    expect([...parse(bytes)!.payload]).toEqual(payload);
  });

  it.each([
    ['shorter than its header', HEADER.slice(0, 11)],
    ['empty', []],
    ['of another version', withFirst(0x40)],
    ['with more sources than bytes', [...withFirst(0x83), 0, 0, 0, 1]],
    ['with half an extension header', [...withFirst(0x90), 0xbe, 0xde]],
    ['with an extension longer than itself', [...withFirst(0x90), 0xbe, 0xde, 0, 2, 0, 0, 0, 0]],
    ['with more padding than bytes', [...withFirst(0xa0), 7, 8, 9]],
    ['with padding that does not count itself', [...withFirst(0xa0), 7, 8, 0]],
  ])('is refused when it is %s', (_, bytes) => {
    expect(parse(bytes)).toBeNull();
  });

  it('shares its payload with the bytes it came in', () => {
    const bytes = Uint8Array.from([...HEADER, 7]);
    const packet = parseRtp(bytes)!;
    bytes[12] = 9;
    expect(packet.payload[0]).toBe(9);
  });

  it('is read from the middle of a larger buffer', () => {
    const larger = Uint8Array.from([1, 2, 3, ...HEADER, 7, 99, 99]);
    expect([...parseRtp(larger.subarray(3, 16))!.payload]).toEqual([7]);
  });
});

describe('the level a sender gives', () => {
  const short = (...data: number[]) => [...withFirst(0x90), 0xbe, 0xde, 0, data.length / 4, ...data, 7];
  const long = (...data: number[]) => [...withFirst(0x90), 0x10, 0x00, 0, data.length / 4, ...data, 7];

  it.each([
    ['a voice in the short form', short(0xa0, 0x80 | 30, 0, 0), { voice: true, dbov: -30 }],
    ['silence in the short form', short(0xa0, 127, 0, 0), { voice: false, dbov: -127 }],
    ['behind another element', short(0x11, 1, 2, 0xa0, 40, 0, 0, 0), { voice: false, dbov: -40 }],
    ['behind padding', short(0, 0, 0xa0, 40), { voice: false, dbov: -40 }],
    ['in the long form', long(1, 0, 10, 1, 0x80 | 5, 0, 0, 0), { voice: true, dbov: -5 }],
    ['under another id', short(0xb0, 40, 0, 0), null],
    ['behind the end of the list', short(0xf0, 0, 0xa0, 40), null],
    ['in a form no one knows', [...withFirst(0x90), 0x12, 0x34, 0, 1, 0xa0, 40, 0, 0, 7], null],
    ['cut off', [...withFirst(0x90), 0xbe, 0xde, 0, 1, 0x12, 1, 2, 0xa0, 7], null],
    ['empty in the long form', long(10, 0, 0, 0), null],
  ])('%s', (_, bytes, level) => {
    expect(parse(bytes, 10)!.audioLevel).toEqual(level);
  });

  it('is not looked for when no one asked', () => {
    expect(parse(short(0xa0, 30, 0, 0))!.audioLevel).toBeNull();
  });
});

test('no bytes make the parser throw, or read outside of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 255 }), (bytes, id) => {
      if (bytes.length > 0) bytes[0] = (bytes[0]! & 0x3f) | 0x80;
      const packet = parseRtp(bytes, id);
      if (packet === null) return;
      expect(packet.payload.length).toBeLessThanOrEqual(bytes.length - 12);
      expect(packet.payload.buffer).toBe(bytes.buffer);
    }),
    { numRuns: 2_000 },
  );
});
