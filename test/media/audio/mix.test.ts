import { describe, expect, it } from 'vitest';
import { decodeMulaw, encodeMulaw } from '../../../src/core/audio/g711.ts';
import { mixFor } from '../../../src/media/audio/mix.ts';

const frame = (value: number): Int16Array => new Int16Array(160).fill(value);
/** What µ-law makes of a sample. */
const heard = (sample: number): number => decodeMulaw(encodeMulaw(sample));
const first = (mulaw: Uint8Array | undefined): number => decodeMulaw(mulaw![0]!);

describe('what each phone hears', () => {
  it('is everyone but itself', () => {
    const voices = new Map([
      ['ada', frame(1_000)],
      ['leg-1', frame(300)],
      ['leg-2', frame(-5_000)],
    ]);
    const [one, two, listener] = mixFor(voices, ['leg-1', 'leg-2', 'leg-3']);
    expect([first(one), first(two), first(listener)]).toEqual([heard(-4_000), heard(1_300), heard(-3_700)]);
    expect(one).toHaveLength(160);
  });

  it('is silence when no one else speaks', () => {
    expect([...mixFor(new Map(), ['leg-1'])[0]!]).toEqual(Array(160).fill(0xff));
    expect([...mixFor(new Map([['leg-1', frame(9_000)]]), ['leg-1'])[0]!]).toEqual(Array(160).fill(0xff));
  });

  it('is one voice as it is, however loud', () => {
    expect(first(mixFor(new Map([['ada', frame(19_000)]]), ['leg-1'])[0])).toBe(heard(19_000));
  });

  it('never wraps, grows with what goes in, and stays below full scale', () => {
    const loud = (people: number, value: number) =>
      first(
        mixFor(new Map(Array.from({ length: people }, (_, at) => [`p${at}`, frame(value)])), ['leg-1'])[0],
      );
    const sums = [1, 2, 3, 6, 12].map((people) => loud(people, 15_000));
    expect(sums).toEqual([...sums].sort((a, b) => a - b));
    expect(sums.at(-1)).toBeLessThanOrEqual(32_124);
    expect(sums.at(-1)).toBeGreaterThan(27_000);
    expect(loud(12, -15_000)).toBe(-sums.at(-1)!);
    expect(loud(12, -32_768)).toBeGreaterThanOrEqual(-32_124);
  });

  it('is the same bytes for all who say nothing', () => {
    const [one, two] = mixFor(new Map([['ada', frame(1)]]), ['leg-1', 'leg-2']);
    expect(one).toBe(two);
  });
});
