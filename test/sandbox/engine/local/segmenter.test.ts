import { describe, expect, it } from 'vitest';
import { Segmenter, type SpeechSegment } from '../../../../sandbox/engine/local/voice-activity/segmenter.ts';

const frame = 512;
const seconds = (frames: number) => (frames * frame) / 16_000;

/** Runs a segmenter over frames whose likelihood of speech is given, in pieces of `pieceSamples`. */
const segmentsOf = async (likelihoods: number[], pieceSamples = 700): Promise<SpeechSegment[]> => {
  let at = 0;
  const segmenter = new Segmenter(async () => likelihoods[at++] as number, { silenceMs: 400 });
  const audio = Float32Array.from({ length: likelihoods.length * frame }, (_, i) => i);
  const found: SpeechSegment[] = [];
  for (let from = 0; from < audio.length; from += pieceSamples)
    found.push(...(await segmenter.push(audio.subarray(from, from + pieceSamples))));
  return [...found, ...(await segmenter.flush())];
};
const run = (count: number, likelihood: number): number[] => Array.from({ length: count }, () => likelihood);

describe('a segmenter', () => {
  it('finds speech between silences, padded by about 0.15 s on both sides', async () => {
    const [segment, ...others] = await segmentsOf([...run(50, 0), ...run(30, 0.9), ...run(50, 0)]);
    expect(others).toEqual([]);
    expect(segment?.startSample).toBe(45 * frame);
    expect(segment?.samples.length).toBe(40 * frame);
    expect(segment?.samples[0]).toBe(45 * frame);
    expect(segment?.endedBy).toBe('silence');
  });

  it('does not end at a pause shorter than the silence asked for', async () => {
    const speech = [...run(30, 0.9), ...run(11, 0.1), ...run(30, 0.9)];
    expect(await segmentsOf([...run(20, 0), ...speech, ...run(20, 0)])).toHaveLength(1);
  });

  it('ends at a longer one', async () => {
    const speech = [...run(30, 0.9), ...run(14, 0.1), ...run(30, 0.9)];
    const segments = await segmentsOf([...run(20, 0), ...speech, ...run(20, 0)]);
    expect(segments).toHaveLength(2);
  });

  it('goes on while speech is only half as likely as at its start', async () => {
    const [segment] = await segmentsOf([...run(10, 0.9), ...run(40, 0.4), ...run(30, 0)]);
    expect(seconds((segment?.voicing.length ?? 0) - 5)).toBeCloseTo(seconds(50), 1);
  });

  it('takes a click for no word', async () => {
    expect(await segmentsOf([...run(20, 0), ...run(2, 0.9), ...run(40, 0)])).toEqual([]);
  });

  it('cuts endless speech where it is least likely, and loses nothing', async () => {
    const likelihoods = [...run(300, 0.9), 0.36, ...run(300, 0.9)];
    const [first, second] = await segmentsOf(likelihoods);
    expect(first?.endedBy).toBe('length');
    expect(first?.voicing.length).toBe(300);
    expect(second?.startSample).toBe(300 * frame);
    expect((first?.samples.length ?? 0) + (second?.samples.length ?? 0)).toBe(likelihoods.length * frame);
  });

  it('ends what is open when flushed', async () => {
    const [segment] = await segmentsOf([...run(20, 0), ...run(30, 0.9)]);
    expect(segment?.endedBy).toBe('end');
    expect(segment?.samples.length).toBe(35 * frame);
  });

  it('gives the same segments however the audio is cut into pieces', async () => {
    const likelihoods = [...run(20, 0), ...run(60, 0.8), ...run(40, 0), ...run(30, 0.7), ...run(20, 0)];
    const whole = await segmentsOf(likelihoods, likelihoods.length * frame);
    expect(await segmentsOf(likelihoods, 33)).toEqual(whole);
  });
});
