/**
 * Measures how the encoder’s first layer varies while one voice says different words, and writes
 * sandbox/engine/local/speakers/voice-space.f32. Run by hand when the model changes. Needs Debian’s `flite` for
 * synthetic voices, whose speed is varied to make more of them.
 *
 *   node scripts/learn-voices.ts
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { concatSamples } from '../sandbox/common/audio.ts';
import { decodeAudio } from '../sandbox/common/decode-audio.ts';
import { Moonshine, voiceSize } from '../sandbox/engine/local/recognition/moonshine.ts';
import { dot, meanOf, toUnit } from '../sandbox/engine/local/speakers/voice-space.ts';

const voices = ['slt', 'rms', 'awb', 'kal16'];
const speeds = [0.88, 1, 1.13];
/** More directions remove more of the words, and in the end of the voice; 20 to 40 measured alike. */
const directionCount = 32;

const texts = [
  'The bakery on the corner opens at six, and by half past seven the rolls with poppy seeds are gone.',
  'My grandmother kept bees behind the barn and sold the honey to people who came up from the valley.',
  'Could you please read the meter in the cellar and write the number on the yellow card by the door?',
  'Nobody expected the bridge to be closed again, so the whole convoy had to turn around in the village.',
  'We measured the temperature every hour, once in the shade and once on the roof of the old school.',
  'If the judge agrees, the second hearing will take place in October, shortly before the elections.',
  'Fifteen ships left the harbor that morning, but only nine of them carried enough fuel for the voyage.',
  'She plays the cello, he plays the drums, and their neighbors have learned to enjoy both.',
  'A good chair should hold your weight without a sound and look as if it were about to stand up.',
  'What would happen if we simply asked the customers which of the three colors they prefer?',
  'The museum shows maps from four centuries, and most of them disagree about where the river ends.',
  'Put the flour in a wide bowl, add the eggs one by one, and stir until nothing sticks to the spoon.',
];

const speak = async (voice: string, text: string, speed: number, folder: string): Promise<Float32Array> => {
  const file = join(folder, 'text.wav');
  await promisify(execFile)('flite', ['-voice', voice, '-t', text, '-o', file]);
  const audio = concatSamples(
    [...decodeAudio(file, { mix: true })].map(([channel]) => channel as Float32Array),
  );
  // Resampled, a voice changes in pitch and timbre, and counts as another.
  return Float32Array.from({ length: Math.floor(audio.length / speed) - 1 }, (_, i) => {
    const at = Math.floor(i * speed);
    const share = i * speed - at;
    return audio[at]! * (1 - share) + audio[at + 1]! * share;
  });
};

/** The directions of largest variance, by power iteration with deflation. */
const principalDirections = (rows: Float32Array[], count: number): Float32Array[] => {
  const found: Float32Array[] = [];
  for (let which = 0; which < count; which++) {
    let direction = toUnit(
      Float32Array.from({ length: voiceSize }, (_, i) => Math.sin(i * (which + 1)) + 0.1),
    );
    for (let round = 0; round < 60; round++) {
      const next = new Float32Array(voiceSize);
      for (const row of rows) {
        const along = dot(row, direction);
        for (let i = 0; i < voiceSize; i++) next[i]! += along * row[i]!;
      }
      for (const earlier of found) {
        const along = dot(next, earlier);
        for (let i = 0; i < voiceSize; i++) next[i]! -= along * earlier[i]!;
      }
      direction = toUnit(next);
    }
    found.push(direction);
  }
  return found;
};

const folder = await mkdtemp(join(tmpdir(), 'parley-voices-'));
const model = await Moonshine.load('tiny');
try {
  const means: Float32Array[] = [];
  const residuals: Float32Array[] = [];
  for (const voice of voices)
    for (const speed of speeds) {
      const rows: Float32Array[] = [];
      for (const text of texts) {
        const { vectors, count } = await model.voices(await speak(voice, text, speed, folder));
        for (let row = 0; row < count; row++)
          rows.push(vectors.slice(row * voiceSize, (row + 1) * voiceSize));
      }
      const mean = meanOf(concatSamples(rows), rows.length);
      means.push(mean);
      for (const row of rows) residuals.push(row.map((value, i) => value - mean[i]!));
    }
  const mean = meanOf(concatSamples(means), means.length);
  const deviation = new Float32Array(voiceSize);
  for (const row of residuals)
    row.forEach((value, i) => {
      deviation[i]! += (value * value) / residuals.length;
    });
  deviation.forEach((value, i) => {
    deviation[i] = Math.sqrt(value);
  });
  const scaled = residuals.map((row) => row.map((value, i) => value / deviation[i]!));
  const directions = principalDirections(scaled, directionCount);
  const numbers = concatSamples([mean, deviation, ...directions]);
  await writeFile(
    new URL('../sandbox/engine/local/speakers/voice-space.f32', import.meta.url),
    Buffer.from(numbers.buffer),
  );
  console.log(`${residuals.length} windows of ${means.length} voices`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
