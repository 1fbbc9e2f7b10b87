import { expect, it } from 'vitest';
import { samplesOf } from '../media/audio/support.ts';
import { bestCorrelation, findAudio } from './audio-search.ts';

/** At 8 kHz. */
const talk = async (name: string): Promise<Int16Array> =>
  (await samplesOf(name)).filter((_, at) => at % 2 === 0);

it('finds a sound where it is, and says that another is not there', async () => {
  const heard = await talk('two-voices');
  const found = findAudio(heard.slice(90_001, 98_001), heard);
  expect(found.atMs).toBeCloseTo(90_001 / 8);
  expect(found.correlation).toBeCloseTo(1);
  expect(findAudio((await talk('three-voices')).slice(24_000, 48_000), heard).correlation).toBeLessThan(0.3);
  expect(findAudio(heard, heard.slice(1)).correlation).toBe(-1);
  expect(findAudio(new Int16Array(80), new Int16Array(160)).correlation).toBe(0);
});

it('knows a voice again of which a part was left out every second, and no other', async () => {
  const said = await talk('two-voices');
  const heard = said.subarray(40_000, 160_000).filter((_, at) => at % 8_000 > 200);
  expect(bestCorrelation(heard, said)).toBeGreaterThan(0.95);
  expect(bestCorrelation(heard, await talk('three-voices'))).toBeLessThan(0.7);
  expect(bestCorrelation(new Int16Array(3_000), said)).toBe(0);
});
