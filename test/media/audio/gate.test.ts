import { afterEach, describe, expect, it } from 'vitest';
import { createGate, type Gate, HANGOVER_MS, PRE_ROLL_MS } from '../../../src/media/audio/gate.ts';
import { createVoiceDetector, type VoiceDetector } from '../../../src/media/audio/voice-detector.ts';
import { createRandom, samplesOf } from './support.ts';

interface Let {
  readonly gate: Gate;
  /** The time of each frame that was let through. */
  readonly frames: { samples: Int16Array; atMs: number }[];
  closed: number;
}

const detectors: VoiceDetector[] = [];
afterEach(() => {
  for (const detector of detectors.splice(0)) detector.close();
});

const openGate = async (): Promise<Let> => {
  const detector = await createVoiceDetector();
  detectors.push(detector);
  const seen: Let = {
    frames: [],
    closed: 0,
    gate: createGate(detector, {
      onFrame: (samples, atMs) => void seen.frames.push({ samples, atMs }),
      onClose: () => {
        seen.closed += 1;
      },
    }),
  };
  return seen;
};

const random = createRandom(5);
/** A quiet room at about -65 dB of full scale. */
const room = (forMs: number): Int16Array =>
  Int16Array.from({ length: forMs * 16 }, () => Math.round((random() - 0.5) * 60));

/** Lets the detector get used to the room, since it takes the first sound of all for a voice. */
const afterAWhile = async (): Promise<Let> => {
  const seen = await openGate();
  seen.gate.push(room(3_000), 0);
  expect(seen.closed).toBe(1);
  seen.frames.length = 0;
  seen.closed = 0;
  return seen;
};

const VOICE_MS = 3_000;
/** Words without a pause: "…the path along the fence. It gets very wet…". */
const voice = async (): Promise<Int16Array> =>
  (await samplesOf('two-voices')).slice(11_000 * 16, (11_000 + VOICE_MS) * 16);

describe('the voice gate', () => {
  it('lets a voice through with 300 ms before and about 800 ms after it', async () => {
    const { gate, frames } = await afterAWhile();
    const gatedBefore = gate.gatedSamples;
    gate.push(await voice(), 3_000);
    gate.push(room(4_000), 3_000 + VOICE_MS);
    const beforeVoice = frames.filter(({ atMs }) => atMs < 3_000).length;
    const gated = gate.gatedSamples - gatedBefore;
    expect(gated + (frames.length - beforeVoice) * 320).toBe((VOICE_MS + 4_000) * 16 - beforeVoice * 320);
    expect(frames[0]!.atMs).toBeGreaterThanOrEqual(3_000 - PRE_ROLL_MS - 20);
    expect(frames[0]!.atMs).toBeLessThan(3_000);
    const endMs = frames.at(-1)!.atMs + 20;
    expect(endMs).toBeGreaterThanOrEqual(3_000 + VOICE_MS + HANGOVER_MS);
    // The detector itself stays with a voice that stopped in the middle of a word for a moment longer.
    expect(endMs).toBeLessThanOrEqual(3_000 + VOICE_MS + HANGOVER_MS + 500);
  });

  it('lets every sample through once, in order, each with its time', async () => {
    const { gate, frames } = await afterAWhile();
    const said = await voice();
    // Chunker of any length, as concealment and packets of 2.5 to 120 ms make them.
    for (let at = 0, length = 1; at < said.length; at += length, length = (length * 7) % 1_921) {
      gate.push(said.subarray(at, at + length), 3_000 + at / 16);
    }
    const first = frames.findIndex(({ atMs }) => atMs >= 3_000);
    const heard = frames.slice(first).flatMap(({ samples }) => [...samples]);
    expect(frames[first]!.atMs).toBe(3_000);
    expect(heard).toEqual([...said.subarray(0, heard.length)]);
    expect(heard.length).toBeGreaterThan(said.length - 320);
    for (const [at, { atMs }] of frames.entries()) expect(atMs).toBeCloseTo(frames[0]!.atMs + at * 20, 6);
  });

  it('keeps a quiet room to itself, and says how much of it', async () => {
    const { gate, frames } = await afterAWhile();
    const before = gate.gatedSamples;
    gate.push(room(10_000), 3_000);
    expect(frames).toEqual([]);
    expect(gate.gatedSamples - before).toBe(10_000 * 16);
  });

  it('stays shut for the noise that a silent sender refreshes every 400 ms', async () => {
    const { gate, frames } = await afterAWhile();
    for (let atMs = 3_000; atMs < 30_000; atMs += 400) gate.push(room(40), atMs + (atMs % 7));
    expect(frames).toEqual([]);
  });

  it('stays shut when a microphone that was switched off is switched on in a noisy room', async () => {
    const { gate, frames } = await afterAWhile();
    gate.push(new Int16Array(10_000 * 16), 3_000);
    gate.push(room(10_000), 13_000);
    expect(frames).toEqual([]);
  });

  it('puts silence where a sender that went silent left a gap, and closes in it', async () => {
    const seen = await afterAWhile();
    const { gate, frames } = seen;
    gate.push(await voice(), 3_000);
    gate.push(room(40), 6_400);
    gate.push(room(40), 6_800);
    gate.push(room(40), 7_200);
    const last = frames.at(-1)!;
    expect(Math.abs(last.atMs + 20 - 6_000 - HANGOVER_MS)).toBeLessThan(100);
    expect(frames.find(({ atMs }) => atMs === 6_200)!.samples.every((sample) => sample === 0)).toBe(true);
    expect(seen.closed).toBe(1);
  });

  it('closes by the clock when nothing comes any more', async () => {
    const seen = await afterAWhile();
    seen.gate.push(await voice(), 3_000);
    seen.gate.tick(6_000 + HANGOVER_MS);
    expect(seen.closed).toBe(0);
    seen.gate.tick(6_000 + HANGOVER_MS + 200);
    expect(seen.closed).toBe(1);
    seen.gate.tick(60_000);
    expect(seen.closed).toBe(1);
  });

  it('begins again after a long gap, with nothing from before it', async () => {
    const seen = await afterAWhile();
    const said = await voice();
    seen.gate.push(said, 3_000);
    seen.gate.push(said, 60_000);
    expect(seen.closed).toBe(1);
    expect(seen.frames.filter(({ atMs }) => atMs > 6_000 && atMs < 60_000)).toEqual([]);
    expect(seen.frames.some(({ atMs }) => atMs === 60_000)).toBe(true);
  });

  it('lets nothing from before a reset through', async () => {
    const seen = await afterAWhile();
    const said = await voice();
    // A voice that has not lasted long enough yet to open the gate.
    seen.gate.push(said.subarray(0, 40 * 16), 3_000);
    seen.gate.reset();
    seen.gate.push(said.subarray(40 * 16), 3_040);
    expect(seen.frames.length).toBeGreaterThan(0);
    expect(seen.frames[0]!.atMs).toBeGreaterThanOrEqual(3_040);
  });

  it('closes at a reset only when it was open', async () => {
    const seen = await afterAWhile();
    seen.gate.reset();
    expect(seen.closed).toBe(0);
    seen.gate.push(await voice(), 4_000);
    seen.gate.reset();
    expect(seen.closed).toBe(1);
  });
});
