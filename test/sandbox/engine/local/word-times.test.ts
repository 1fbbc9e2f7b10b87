import { describe, expect, it } from 'vitest';
import { maskOffensive } from '../../../../sandbox/engine/local/recognition/offensive.ts';
import { timeWords } from '../../../../sandbox/engine/local/recognition/word-times.ts';
import { settleSpeakers } from '../../../../sandbox/engine/local/speakers/diarization.ts';

const words = (...texts: string[]) => texts.map((text) => ({ text, confidence: 0.9 }));
const run = (count: number, likelihood: number): number[] => Array.from({ length: count }, () => likelihood);
const frameSeconds = 512 / 16_000;

describe('the times of words', () => {
  it('follow their letters, over the voiced part of the segment', () => {
    const voicing = Float32Array.from([0, 0, 0, 0, 0, ...run(50, 0.9), 0, 0, 0, 0, 0]);
    const [short, long] = timeWords(words('a', 'abcdefg'), { startSample: 16_000, voicing });
    expect(short?.startSeconds).toBeCloseTo(1 + 5 * frameSeconds);
    expect(short?.endSeconds).toBeCloseTo(1 + 15 * frameSeconds);
    expect(long?.startSeconds).toBe(short?.endSeconds);
    expect(long?.endSeconds).toBeCloseTo(1 + 55 * frameSeconds);
  });

  it('skip a pause inside the segment', () => {
    const voicing = Float32Array.from([...run(20, 0.9), ...run(10, 0), ...run(20, 0.9)]);
    const [first, second] = timeWords(words('abc', 'def'), { startSample: 0, voicing });
    expect(first?.endSeconds).toBeGreaterThanOrEqual(20 * frameSeconds);
    expect(first?.endSeconds).toBeLessThanOrEqual(30 * frameSeconds);
    expect(second?.endSeconds).toBeCloseTo(50 * frameSeconds);
  });

  it('stay within the segment when none of it seems voiced', () => {
    const [only] = timeWords(words('hm'), { startSample: 0, voicing: new Float32Array(10) });
    expect(only?.startSeconds).toBe(0);
    expect(only?.endSeconds).toBeCloseTo(10 * frameSeconds);
  });

  it('give old spellings their modern form', () => {
    const voicing = new Float32Array(20).fill(0.9);
    const timed = timeWords(words('To-morrow,', 'good-bye.'), { startSample: 0, voicing });
    expect(timed.map(({ text }) => text)).toEqual(['Tomorrow,', 'goodbye.']);
  });
});

describe('offensive words', () => {
  it.each([
    ['Fucking,', 'F******,'],
    ['bullshit', 'bullshit'],
    ['shit!', 's***!'],
  ])('%s becomes %s', (word, masked) => {
    expect(maskOffensive(word)).toBe(masked);
  });

  it.each(['Scunthorpe', 'cocktail', 'Dickens', 'raccoon', 'assess', 'Pakistan', 'hello', 'spice', 'niche'])(
    '%s is left alone',
    (word) => {
      expect(maskOffensive(word)).toBe(word);
    },
  );
});

describe('who said a word', () => {
  const at = (startSeconds: number, endSeconds: number) => ({ startSeconds, endSeconds });

  it('is the voice that most windows over it agree on', () => {
    const windows = [at(0, 2.4), at(0.6, 3), at(1.2, 3.6)];
    const [word] = settleSpeakers([at(1.4, 1.8)], windows, [0, 1, 1]);
    expect(word?.speaker).toBe(1);
    expect(word?.speakerConfidence).toBeGreaterThan(0.5);
    expect(word?.speakerConfidence).toBeLessThan(1);
  });

  it('does not change for a single short moment', () => {
    const windows = [at(0, 1), at(1, 1.3), at(1.3, 2.3)];
    const settled = settleSpeakers([at(0.2, 0.8), at(1.05, 1.2), at(1.5, 2)], windows, [0, 1, 0]);
    expect(settled.map(({ speaker }) => speaker)).toEqual([0, 0, 0]);
  });
});
