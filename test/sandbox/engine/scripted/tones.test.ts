import { describe, expect, it } from 'vitest';
import { silence } from '../../../../sandbox/engine/scripted/markers.ts';
import { TONE_WORDS, ToneReader, toneWord } from '../../../../sandbox/engine/scripted/tones.ts';
import { createSpeakerAudio } from '../../../../src/media/audio/speaker-audio.ts';
import { sendOpus, throughNetwork } from '../../../media/audio/support.ts';
import { toneSamples } from '../../../support/tone-audio.ts';

const RATE_HZ = 16_000;
const numbersIn = (reader: ToneReader, bytes: Buffer): number[] =>
  reader.read(bytes).map(({ number }) => number);

describe('tone words', () => {
  it('are read wherever they are cut into messages, each with its place', () => {
    const numbers = [0, 1, 14, 15, 225, 1_234, TONE_WORDS - 1];
    const bytes = Buffer.concat(
      numbers.flatMap((number) => [toneWord(number, RATE_HZ), silence(200, RATE_HZ)]),
    );
    const reader = new ToneReader(RATE_HZ);
    const found = [];
    for (let at = 0; at < bytes.length; at += 998) found.push(...reader.read(bytes.subarray(at, at + 998)));
    expect(found.map(({ number }) => number)).toEqual(numbers);
    expect(reader.damaged).toBe(0);
    for (const [index, { start, end }] of found.entries()) {
      expect(Math.abs(start / 16 - index * 600)).toBeLessThanOrEqual(20);
      expect(Math.abs(end / 16 - index * 600 - 400)).toBeLessThanOrEqual(20);
    }
  });

  it('are none when a part of them is missing', () => {
    const reader = new ToneReader(RATE_HZ);
    const whole = toneWord(77, RATE_HZ);
    const pause = silence(200, RATE_HZ);
    expect(numbersIn(reader, Buffer.concat([whole.subarray(whole.length / 2), pause]))).toEqual([]);
    expect(numbersIn(reader, Buffer.concat([whole.subarray(0, whole.length / 2), pause]))).toEqual([]);
    expect(reader.damaged).toBe(2);
    expect(numbersIn(reader, Buffer.concat([whole, pause]))).toEqual([77]);
  });

  it('are read exactly behind Opus, the timeline and the voice gate', async () => {
    const samples = toneSamples(300, 40);
    const pcm = new Int16Array(new Uint8Array(samples).buffer);
    const reader = new ToneReader(RATE_HZ);
    const numbers: number[] = [];
    const audio = await createSpeakerAudio({
      codec: 'opus',
      onAudio: (piece) => void numbers.push(...numbersIn(reader, Buffer.from(piece))),
      onPause: () => {},
    });
    let tickMs = 0;
    for (const { rtp, arrivedMs } of throughNetwork(await sendOpus(pcm, { dtx: true }), { jitterMs: 15 })) {
      for (; tickMs < arrivedMs; tickMs += 40) audio.tick(tickMs);
      audio.packet(rtp, arrivedMs);
    }
    for (const untilMs = tickMs + 3_000; tickMs < untilMs; tickMs += 40) audio.tick(tickMs);
    audio.close();
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => 300 + index));
    expect(reader.damaged).toBe(0);
    // Pauses were left out, so that it was behind the gate.
    expect(reader.readSamples / 16).toBeLessThan(samples.length / 32 - 1_000);
  });
});
