import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPhonePackets } from '../../../src/media/phones/phone-packets.ts';
import { createSoundClock } from '../../../src/telephony/stream/sound-clock.ts';

const FRAME_MS = 20;
const SOUND = new Uint8Array(160).fill(0x90);
const HOUR = 3_600_000 / FRAME_MS;

interface Sent {
  readonly chunk: number;
  readonly stampMs: number;
  /** When it was spoken. */
  readonly spokenMs: number;
}

/** 0 to 1, the same for the same seed. */
const createRandom = (seed: number) => {
  let state = seed | 0;
  return (): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

const TREMBLES = {
  evenly: (random: () => number) => Math.round(80 * random() - 40),
  'in extremes': (random: () => number) => (random() < 0.5 ? -40 : 40),
  'slowly from one extreme to the other': (_random: () => number, at: number) =>
    Math.round(40 * Math.sin(at / 3_000)),
  'early at first, late ever after': (_random: () => number, at: number) => (at < 500 ? -40 : 40),
} as const;

/**
 * The RTP time of frames that are sent, and when they were spoken, both since the first frame: of every frame, or of
 * one in `every` and the last.
 */
const play = (sent: readonly Sent[], every = 1): { readonly rtpMs: number; readonly spokenMs: number }[] => {
  const clock = createSoundClock();
  const packets = createPhonePackets(1);
  return sent.flatMap(({ chunk, stampMs, spokenMs }, at) => {
    const atMs = clock.place({ chunk, stampMs, lengthMs: FRAME_MS });
    if (atMs === null || (at % every !== 0 && at < sent.length - 1)) return [];
    const [packet] = packets.packetsOf(SOUND, atMs, spokenMs);
    return [{ rtpMs: packet!.readUInt32BE(4) / 8, spokenMs: spokenMs - sent[0]!.spokenMs }];
  });
};

type Conditions = typeof conditions extends fc.Arbitrary<infer Value> ? Value : never;
const conditions = fc.record({
  seed: fc.integer(),
  tremble: fc.constantFrom(...Object.values(TREMBLES)),
  firstStampMs: fc.integer({ min: 57, max: 171 }),
  lost: fc.constantFrom(0, 0.001, 0.2),
  late: fc.constantFrom(0, 0.01),
});

const speak = (frames: number, { seed, tremble, firstStampMs, lost, late }: Conditions) => {
  const random = createRandom(seed);
  const sent: Sent[] = [];
  for (let at = 0; at < frames; at += 1) {
    const stampMs = Math.max(0, firstStampMs + at * FRAME_MS + tremble(random, at));
    const frame = { chunk: at + 1, stampMs, spokenMs: at * FRAME_MS };
    const isEdge = at === 0 || at === frames - 1;
    if (isEdge || random() >= lost) sent.push(frame);
    const { length } = sent;
    if (length > 2 && !isEdge && random() < late) {
      [sent[length - 1], sent[length - 2]] = [sent[length - 2]!, sent[length - 1]!];
    }
  }
  return sent;
};

describe('the time of a phone’s sound', () => {
  it.each([
    ['an hour', HOUR, 10],
    ['ten seconds', 500, 100],
  ] as const)(
    'is as long as the sound after %s, whatever trembles, is lost or comes late',
    (_what, frames, numRuns) => {
      fc.assert(
        fc.property(conditions, (condition) => {
          const { rtpMs, spokenMs } = play(speak(frames, condition), frames / 500).at(-1)!;
          expect(Math.abs(rtpMs - spokenMs)).toBeLessThanOrEqual(FRAME_MS);
        }),
        { numRuns },
      );
    },
    60_000,
  );

  it('follows the stamps over silence that the network leaves out, and errors do not add up in an hour', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 200 }), (seed, longestGap) => {
        const random = createRandom(seed);
        const sent: Sent[] = [];
        for (let at = 0; at < HOUR; at += random() < 0.02 ? Math.ceil(random() * longestGap) : 1) {
          const stampMs = Math.max(0, 100 + at * FRAME_MS + TREMBLES.evenly(random));
          sent.push({ chunk: sent.length + 1, stampMs, spokenMs: at * FRAME_MS });
        }
        const errors = play(sent, 50).map(({ rtpMs, spokenMs }) => Math.abs(rtpMs - spokenMs));
        // A gap that is shorter than what stamps tremble cannot be told from it; more than that is never off.
        expect(errors.filter((errorMs) => errorMs > 300)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it.each<[string, readonly (readonly [chunk: number, stampMs: number])[], readonly (number | null)[]]>([
    [
      'begins with the first frame, whatever its number and stamp',
      [
        [2, 171],
        [3, 191],
      ],
      [0, 20],
    ],
    [
      'does not follow trembling stamps',
      [
        [1, 60],
        [2, 115],
        [3, 65],
        [4, 140],
      ],
      [0, 20, 40, 60],
    ],
    [
      'leaves a gap where frames were lost',
      [
        [1, 60],
        [4, 120],
        [5, 140],
      ],
      [0, 60, 80],
    ],
    [
      'leaves a gap where silence was left out',
      [
        [1, 60],
        [2, 580],
        [3, 600],
      ],
      [0, 520, 540],
    ],
    [
      'counts a gap once that shows in numbers and stamps',
      [
        [1, 60],
        [27, 580],
        [28, 600],
      ],
      [0, 520, 540],
    ],
    [
      'leaves out what comes late or twice',
      [
        [1, 60],
        [3, 100],
        [2, 80],
        [3, 100],
        [4, 120],
      ],
      [0, 40, null, null, 60],
    ],
    [
      'goes on when the stamps are set back',
      [
        [1, 5_000],
        [2, 5_020],
        [3, 60],
        [4, 80],
        [5, 600],
      ],
      [0, 20, 40, 60, 580],
    ],
    [
      'does not believe numbers that run ahead of the stamps',
      [
        [1, 60],
        [1_000, 80],
        [2_000, 100],
      ],
      [0, 20, 40],
    ],
  ])('%s', (_what, frames, expected) => {
    const clock = createSoundClock();
    const placed = frames.map(([chunk, stampMs]) => clock.place({ chunk, stampMs, lengthMs: FRAME_MS }));
    expect(placed).toEqual(expected);
  });
});
