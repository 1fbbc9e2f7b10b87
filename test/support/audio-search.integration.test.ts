import { expect, it } from 'vitest';
import { samplesOf } from '../media/audio/support.ts';
import { bestCorrelation, findAudio } from './audio-search.ts';

/** At 8 kHz. */
const talk = async (name: string): Promise<Int16Array> =>
  (await samplesOf(name)).filter((_, at) => at % 2 === 0);

it('finds a clip where it is, and does not find another', async () => {
  const recording = await talk('two-voices');
  const found = findAudio(recording.slice(90_001, 98_001), recording);
  expect(found.atMs).toBeCloseTo(90_001 / 8);
  expect(found.correlation).toBeCloseTo(1);
  expect(findAudio((await talk('three-voices')).slice(24_000, 48_000), recording).correlation).toBeLessThan(
    0.3,
  );
  expect(findAudio(recording, recording.slice(1)).correlation).toBe(-1);
  expect(findAudio(new Int16Array(80), new Int16Array(160)).correlation).toBe(0);
});

it('correlates with a recording of which parts are missing, and with no other', async () => {
  const speech = await talk('two-voices');
  const recording = speech.subarray(40_000, 160_000).filter((_, at) => at % 8_000 > 200);
  expect(bestCorrelation(recording, speech)).toBeGreaterThan(0.95);
  expect(bestCorrelation(recording, await talk('three-voices'))).toBeLessThan(0.7);
  expect(bestCorrelation(new Int16Array(3_000), speech)).toBe(0);
});
