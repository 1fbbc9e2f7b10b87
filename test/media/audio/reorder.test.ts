import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createReorderBuffer } from '../../../src/media/audio/reorder.ts';

/** Packets that are their own numbers; `[number, atMs]`, or `[atMs]` for a tick. Gives what comes out, in words. */
const run = (steps: readonly (readonly [number, number] | readonly [number])[]) => {
  const buffer = createReorderBuffer<number>();
  const out: string[] = [];
  for (const step of steps) {
    const ordered = step.length === 1 ? buffer.tick(step[0]) : buffer.push(step[0], step[0], step[1]);
    for (const { packet, lostBefore } of ordered)
      out.push(lostBefore ? `-${lostBefore} ${packet}` : `${packet}`);
  }
  return { out, dropped: buffer.dropped };
};

describe('packets of one sender', () => {
  it.each([
    [
      'in order pass at once',
      [
        [1, 0],
        [2, 20],
        [3, 40],
      ],
      ['1', '2', '3'],
      0,
    ],
    [
      'that overtook another wait for it',
      [
        [1, 0],
        [3, 20],
        [2, 25],
        [4, 40],
      ],
      ['1', '2', '3', '4'],
      0,
    ],
    [
      'that came twice count once',
      [
        [1, 0],
        [1, 1],
        [2, 20],
        [4, 40],
        [4, 41],
      ],
      ['1', '2'],
      2,
    ],
    ['wait 60 ms for one before them', [[1, 0], [3, 20], [79]], ['1'], 0],
    ['wait no longer than 60 ms', [[1, 0], [3, 20], [80]], ['1', '-1 3'], 0],
    [
      'wait no longer than 60 ms, without a tick',
      [
        [1, 0],
        [3, 20],
        [4, 80],
      ],
      ['1', '-1 3', '4'],
      0,
    ],
    [
      'wait for no more than three others',
      [
        [1, 0],
        [3, 1],
        [4, 2],
        [5, 3],
        [6, 4],
      ],
      ['1', '-1 3', '4', '5', '6'],
      0,
    ],
    ['come too late', [[1, 0], [3, 20], [80], [2, 81], [4, 82]], ['1', '-1 3', '4'], 1],
    [
      'have two gaps, each with a wait of its own',
      [[1, 0], [3, 10], [5, 50], [70], [110]],
      ['1', '-1 3', '-1 5'],
      0,
    ],
    [
      'wrap around',
      [
        [65_534, 0],
        [65_535, 20],
        [0, 40],
        [1, 60],
      ],
      ['65534', '65535', '0', '1'],
      0,
    ],
    [
      'overtake each other where they wrap',
      [
        [65_534, 0],
        [0, 20],
        [65_535, 25],
      ],
      ['65534', '65535', '0'],
      0,
    ],
    ['are lost where they wrap', [[65_534, 0], [1, 20], [80]], ['65534', '-2 1'], 0],
    [
      'arrive late where they wrap',
      [
        [0, 0],
        [65_535, 5],
        [1, 20],
      ],
      ['0', '1'],
      1,
    ],
    ['break off for ten seconds', [[1, 0], [502, 10_000], [10_060]], ['1', '-500 502'], 0],
    [
      'begin again far ahead, with nothing lost',
      [
        [1, 0],
        [9_000, 20],
        [9_001, 40],
      ],
      ['1', '9000', '9001'],
      0,
    ],
    [
      'begin again far behind',
      [
        [9_000, 0],
        [7, 20],
        [8, 40],
      ],
      ['9000', '7', '8'],
      0,
    ],
    [
      'begin again and leave nothing behind',
      [
        [1, 0],
        [3, 20],
        [9_000, 30],
      ],
      ['1', '-1 3', '9000'],
      0,
    ],
  ] as const)('%s', (_, steps, out, dropped) => {
    expect(run(steps)).toEqual({ out, dropped });
  });

  it('all come out when the stream ends, and the next begins with nothing lost', () => {
    const buffer = createReorderBuffer<number>();
    buffer.push(1, 1, 0);
    buffer.push(3, 3, 10);
    buffer.push(6, 6, 20);
    expect(buffer.drain()).toEqual([
      { packet: 3, lostBefore: 1 },
      { packet: 6, lostBefore: 2 },
    ]);
    expect(buffer.drain()).toEqual([]);
    expect(buffer.push(40, 40, 30)).toEqual([{ packet: 40, lostBefore: 0 }]);
  });
});

test('whatever a network does, all that came in time comes out once, in order, and the rest is counted as lost', () => {
  const delivery = fc.record({
    first: fc.nat(65_535),
    packets: fc.array(
      fc.record({ lost: fc.boolean(), delayMs: fc.nat(55), copies: fc.integer({ min: 1, max: 2 }) }),
      { minLength: 2, maxLength: 300 },
    ),
  });
  fc.assert(
    fc.property(delivery, ({ first, packets }) => {
      const arrivals = packets
        .flatMap(({ lost, delayMs, copies }, index) =>
          Array.from({ length: lost && index > 0 ? 0 : copies }, (_, copy) => ({
            index,
            // The first is on time, so that it is the one that opens the sequence.
            atMs: index * 20 + (index === 0 ? 0 : delayMs) + copy,
          })),
        )
        .sort((a, b) => a.atMs - b.atMs);
      const buffer = createReorderBuffer<number>();
      const out = [];
      for (const { index, atMs } of arrivals) {
        out.push(...buffer.push(index, (first + index) % 65_536, atMs));
      }
      out.push(...buffer.tick(packets.length * 20 + 200));

      const arrived = [...new Set(arrivals.map(({ index }) => index))].sort((a, b) => a - b);
      expect(out.map(({ packet }) => packet)).toEqual(arrived);
      expect(out.map(({ lostBefore }) => lostBefore)).toEqual(
        arrived.map((index, at) => (at === 0 ? 0 : index - arrived[at - 1]! - 1)),
      );
      expect(buffer.dropped).toBe(arrivals.length - arrived.length);
    }),
    { numRuns: 300 },
  );
});
