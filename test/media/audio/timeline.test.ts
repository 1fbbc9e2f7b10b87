import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createReorderBuffer } from '../../../src/media/audio/reorder.ts';
import { createTimeline } from '../../../src/media/audio/timeline.ts';
import { createRandom } from './support.ts';

const CLOCK_RATE_HZ = 48_000;

/** `[RTP milliseconds, arrival]` each; gives the place of each, rounded. */
const placesOf = (packets: readonly (readonly [number, number])[], untilMs = 1e9): number[] => {
  const timeline = createTimeline(CLOCK_RATE_HZ);
  const placed = packets.flatMap(([rtpMs, arrivedMs]) =>
    timeline.push({ timestamp: (2 ** 32 - 480 + rtpMs * 48) % 2 ** 32, arrivedMs }),
  );
  return [...placed, ...timeline.tick(untilMs)].map(({ atMs }) => Math.round(atMs));
};

describe('where packets lie', () => {
  it.each([
    [
      'RTP time counts, across its wraparound',
      [
        [0, 100],
        [20, 120],
        [40, 140],
      ],
      [100, 120, 140],
    ],
    [
      'RTP time counts while arrivals tremble',
      [
        [0, 100],
        [20, 150],
        [40, 155],
        [60, 160],
      ],
      [100, 120, 140, 160],
    ],
    [
      'a silent sender’s gap is in RTP time',
      [
        [0, 100],
        [400, 503],
        [800, 900],
      ],
      [100, 500, 900],
    ],
    [
      'one earlier than known moves all that follow',
      [
        [0, 150],
        [20, 120],
        [40, 160],
      ],
      [150, 120, 140],
    ],
    [
      'a track away for 3 s stood still',
      [
        [0, 100],
        [20, 3_120],
        [40, 3_140],
        [60, 3_160],
        [80, 3_180],
      ],
      [100, 3_120, 3_140, 3_160, 3_180],
    ],
    [
      'another track has another time',
      [
        [0, 100],
        [90_000, 130],
        [90_020, 140],
      ],
      [100, 130, 140],
    ],
    [
      'another track has an earlier time',
      [
        [90_000, 100],
        [0, 120],
        [20, 140],
        [40, 160],
        [60, 180],
      ],
      [100, 120, 140, 160, 180],
    ],
    [
      'a network that held them up does not move them',
      [
        [0, 100],
        [20, 320],
        [40, 321],
        [60, 322],
        [80, 323],
        [100, 324],
        [120, 325],
        [140, 326],
        [160, 327],
      ],
      [100, 120, 140, 160, 180, 200, 220, 240, 260],
    ],
  ] as const)('%s', (_, packets, places) => {
    expect(placesOf(packets)).toEqual(places);
  });

  it('a sender with a slow clock is followed to within a few milliseconds', () => {
    const timeline = createTimeline(CLOCK_RATE_HZ);
    const random = createRandom(3);
    const errorsMs = Array.from({ length: 30_000 }, (_, at) => {
      const trueMs = at * 20;
      const timestamp = Math.round(trueMs * 48 * (1 - 100e-6));
      const [placed] = timeline.push({ timestamp, arrivedMs: trueMs + 30 * random() });
      return Math.abs(placed!.atMs - trueMs);
    });
    expect(Math.max(...errorsMs.slice(100))).toBeLessThan(5);
  });

  it('late packets wait for 60 ms, and no longer', () => {
    const timeline = createTimeline(CLOCK_RATE_HZ);
    timeline.push({ timestamp: 0, arrivedMs: 0 });
    const late = { timestamp: 960, arrivedMs: 500 };
    expect(timeline.push(late)).toEqual([]);
    expect(timeline.tick(559)).toEqual([]);
    expect(timeline.tick(560)).toEqual([{ packet: late, atMs: 500 }]);
  });

  it('what waits is placed when the stream ends', () => {
    const timeline = createTimeline(CLOCK_RATE_HZ);
    timeline.push({ timestamp: 0, arrivedMs: 0 });
    timeline.push({ timestamp: 960, arrivedMs: 500 });
    expect(timeline.drain()).toHaveLength(1);
    expect(timeline.drain()).toEqual([]);
  });
});

/** What a person and their browser do for a while. */
type Behaviour =
  | { readonly does: 'talk'; readonly forMs: number }
  /** The network holds everything up for so long, in the middle of talk, and then delivers it at once. */
  | { readonly does: 'stall'; readonly forMs: number }
  /** DTX: two packets every 400 ms. */
  | { readonly does: 'listen'; readonly forMs: number }
  /** `replaceTrack(null)`: nothing is sent and RTP time moves by one packet. */
  | { readonly does: 'take the track away'; readonly forMs: number }
  /** The server pauses: nothing arrives and RTP time goes on. */
  | { readonly does: 'mute'; readonly forMs: number }
  | { readonly does: 'swap tracks'; readonly timestamp: number };

interface SimulatedPacket {
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly arrivedMs: number;
  /** The true time of its first sample, plus the least time on the way. */
  readonly trueMs: number;
}

const HOUR_MS = 3_600_000;
const WAY_MS = 35;

const simulate = (
  behaviours: readonly Behaviour[],
  sender: { driftPpm: number; loss: number; jitterMs: number; seed: number },
): SimulatedPacket[] => {
  const random = createRandom(sender.seed);
  const packets: SimulatedPacket[] = [];
  let nowMs = 0;
  let rtpMs = sender.seed * 1_000;
  let sequenceNumber = 65_000;
  const step = (ms: number, sends: boolean, heldUntilMs = 0): void => {
    if (sends) {
      sequenceNumber = (sequenceNumber + 1) % 65_536;
      if (random() >= sender.loss) {
        packets.push({
          sequenceNumber,
          timestamp: Math.round(rtpMs * 48) % 2 ** 32,
          // Most packets are fast and few are slow, as in real queues.
          arrivedMs: Math.max(nowMs + WAY_MS + sender.jitterMs * random() ** 3, heldUntilMs + random()),
          trueMs: nowMs + WAY_MS,
        });
      }
    }
    nowMs += ms;
    rtpMs += ms * (1 + sender.driftPpm / 1e6);
  };
  const talk = (forMs: number): void => {
    for (const endMs = nowMs + forMs; nowMs < endMs; ) step(20, true);
  };
  talk(1_000);
  for (let at = 0; nowMs < HOUR_MS; at += 1) {
    const behaviour = behaviours[at % behaviours.length]!;
    switch (behaviour.does) {
      case 'talk':
        talk(behaviour.forMs);
        break;
      case 'stall': {
        talk(500);
        const endMs = nowMs + behaviour.forMs;
        while (nowMs < endMs) step(20, true, endMs);
        talk(1_000);
        break;
      }
      case 'listen':
        for (const endMs = nowMs + behaviour.forMs; nowMs < endMs; ) {
          step(20, true);
          step(20, true);
          step(360, false);
        }
        break;
      case 'take the track away': {
        nowMs += behaviour.forMs;
        rtpMs += 20;
        talk(200);
        break;
      }
      case 'mute':
        step(behaviour.forMs, false);
        talk(200);
        break;
      case 'swap tracks':
        rtpMs = behaviour.timestamp / 48;
        talk(200);
    }
  }
  return packets.sort((a, b) => a.arrivedMs - b.arrivedMs);
};

const upTo = (forMs: number) => fc.integer({ min: 20, max: forMs });
const anyBehaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.record({ does: fc.constant('talk' as const), forMs: upTo(40_000) }),
  fc.record({ does: fc.constant('stall' as const), forMs: upTo(600) }),
  fc.record({ does: fc.constant('listen' as const), forMs: upTo(60_000) }),
  fc.record({ does: fc.constant('take the track away' as const), forMs: upTo(20_000) }),
  // Small standstills add up, when nothing notices them.
  fc.record({ does: fc.constant('take the track away' as const), forMs: upTo(150) }),
  fc.record({ does: fc.constant('mute' as const), forMs: upTo(120_000) }),
  fc.record({ does: fc.constant('swap tracks' as const), timestamp: fc.nat(2 ** 32 - 1) }),
);

test('an hour of mutes, silence, loss, reordering, drift and other tracks costs less than 100 ms', () => {
  fc.assert(
    fc.property(
      fc.array(anyBehaviour, { minLength: 5, maxLength: 60 }),
      fc.record({
        driftPpm: fc.integer({ min: -100, max: 100 }),
        loss: fc.double({ min: 0, max: 0.1, noNaN: true }),
        jitterMs: fc.nat(50),
        seed: fc.nat(1_000_000),
      }),
      (behaviours, sender) => {
        const reorder = createReorderBuffer<SimulatedPacket>();
        const timeline = createTimeline<SimulatedPacket>(CLOCK_RATE_HZ);
        let worstMs = 0;
        let placed = 0;
        const check = (places: readonly { packet: SimulatedPacket; atMs: number }[]): void => {
          for (const { packet, atMs } of places) {
            worstMs = Math.max(worstMs, Math.abs(atMs - packet.trueMs));
            placed += 1;
          }
        };
        const packets = simulate(behaviours, sender);
        let tickMs = 0;
        for (const packet of packets) {
          // A tick before each packet that follows a pause, as the room's timer would.
          for (; tickMs + 20 <= packet.arrivedMs; tickMs = Math.max(tickMs + 20, packet.arrivedMs - 1_000)) {
            for (const ordered of reorder.tick(tickMs)) check(timeline.push(ordered.packet));
            check(timeline.tick(tickMs));
          }
          for (const ordered of reorder.push(packet, packet.sequenceNumber, packet.arrivedMs)) {
            check(timeline.push(ordered.packet));
          }
        }
        for (const ordered of reorder.drain()) check(timeline.push(ordered.packet));
        check(timeline.drain());
        expect(placed + reorder.dropped).toBe(packets.length);
        expect(worstMs).toBeLessThan(100);
      },
    ),
    { numRuns: 12 },
  );
});
