import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeAudio } from '../../../sandbox/common/decode-audio.ts';
import { containerFilter } from '../../../src/speech/container/filter.ts';
import { matroska, quickTime, tone } from './movies.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tracks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** How often the sound passes zero upwards in a second. */
const pitchOf = (samples: Float32Array): number => {
  const middle = samples.subarray(4_000, 12_000);
  return middle.filter((sample, i) => sample >= 0 && (middle[i - 1] ?? 0) < 0).length * 2;
};

test.each([
  ['QuickTime', quickTime],
  ['Matroska', matroska],
] as const)('a decoder hears the chosen track of %s', async (name, make) => {
  const file = make([
    { kind: 'audio', samples: tone(300, 1) },
    { kind: 'audio', samples: tone(700, 1) },
  ]);
  for (const [chosen, hz] of [300, 700].entries()) {
    const filter = containerFilter(file, chosen)!;
    const path = join(folder, `${name}-${chosen}`);
    await writeFile(path, Buffer.concat([filter.push(file), filter.flush()]));
    const [channel] = [...decodeAudio(path, { mix: true })].map(([first]) => first!);
    expect(Math.abs(pitchOf(channel!) - hz)).toBeLessThan(20);
  }
});
