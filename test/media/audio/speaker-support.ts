import { afterEach, expect } from 'vitest';
import { HANGOVER_MS, PRE_ROLL_MS } from '../../../src/media/audio/gate.ts';
import { createSpeakerAudio, type SpeakerAudio } from '../../../src/media/audio/speaker-audio.ts';
import {
  type ArrivingPacket,
  endOf,
  likeness,
  microphoneOf,
  PACKET_MS,
  type Piece,
  type Span,
  sendOpus,
  throughNetwork,
  toPiece,
} from './support.ts';

export const DELAY_MS = 30;
/** What was said at a time arrives this much later, when the network is at its fastest. */
export const WAY_MS = DELAY_MS + PACKET_MS;

interface Listening {
  readonly audio: SpeakerAudio;
  readonly pieces: Piece[];
  pauses: number;
}

export const opened: SpeakerAudio[] = [];
afterEach(() => {
  for (const audio of opened.splice(0)) audio.close();
});

export const listen = async (codec: 'opus' | 'pcmu' = 'opus'): Promise<Listening> => {
  const pieces: Piece[] = [];
  const listening: Listening = {
    pieces,
    pauses: 0,
    audio: await createSpeakerAudio({
      codec,
      onAudio: (pcm, atMs) => void pieces.push(toPiece(pcm, atMs)),
      onPause: () => {
        listening.pauses += 1;
      },
    }),
  };
  opened.push(listening.audio);
  return listening;
};

/** Lets packets arrive, with the ticks of a room's timer between them. */
export const arrive = (audio: SpeakerAudio, packets: readonly ArrivingPacket[], untilMs = 0): void => {
  let tickMs = packets[0]?.arrivedMs ?? 0;
  for (const { rtp, arrivedMs } of packets) {
    for (; tickMs < arrivedMs; tickMs += 50) audio.tick(tickMs);
    audio.packet(rtp, arrivedMs);
  }
  for (; tickMs < untilMs; tickMs += 50) audio.tick(tickMs);
};

export const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((total, { startMs, endMs }) => total + endMs - startMs, 0);
export const bytesOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((total, { samples }) => total + samples.length * 2, 0);

/** A second of what the engine hears, one piece after the other, from the sample that is said to lie at `fromMs`. */
export const secondFrom = (pieces: readonly Piece[], fromMs: number): Int16Array => {
  const first = pieces.findIndex((piece) => endOf(piece) > fromMs);
  const heard = pieces.slice(first, first + 13).flatMap(({ samples }) => [...samples]);
  const skip = Math.max(0, Math.round((fromMs - pieces[first]!.atMs) * 16));
  return Int16Array.from(heard.slice(skip, skip + 16_000));
};

/** How alike each whole second of speech is to what is heard at its time, to within 50 ms. */
const likenessBySecond = (
  samples: Int16Array,
  spoken: readonly Span[],
  pieces: readonly Piece[],
  wayMs: number,
): number[] =>
  spoken.flatMap(({ startMs, endMs }) =>
    Array.from({ length: Math.floor((endMs - startMs) / 1_000) }, (_, second) => {
      const fromMs = startMs + second * 1_000;
      const original = samples.subarray(fromMs * 16, (fromMs + 1_000) * 16);
      return likeness(original, secondFrom(pieces, fromMs + wayMs), 50);
    }),
  );
const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

export const NETWORKS = {
  'a perfect network': {},
  'a network that loses, doubles and reorders': { loss: 0.05, doubled: 0.02, jitterMs: 45 },
};

/** One person of a recording of two speaks into a microphone: every word arrives at its time, and little else. */
export const expectEveryWord = async (options: {
  readonly speaker: string;
  readonly network: (typeof NETWORKS)[keyof typeof NETWORKS];
  /** Sends nothing while silent. */
  readonly dtx: boolean;
  readonly noiseDbfs: number;
}): Promise<void> => {
  const { samples, spoken } = await microphoneOf('two-voices', options.speaker, options.noiseDbfs);
  const packets = throughNetwork(await sendOpus(samples, { dtx: options.dtx }), {
    delayMs: DELAY_MS,
    ...options.network,
  });
  const { audio, pieces } = await listen();
  arrive(audio, packets);
  audio.close();

  for (const { startMs, endMs } of spoken) {
    const [fromMs, toMs] = [startMs + WAY_MS, endMs + WAY_MS];
    // Every 10 ms of what was said lies in a piece: no beginning is cut, and no word in the middle.
    for (let atMs = fromMs; atMs <= toMs; atMs += 10) {
      expect(
        pieces.some((piece) => piece.atMs <= atMs + 5 && atMs - 5 <= endOf(piece)),
        `${atMs}`,
      ).toBe(true);
    }
  }
  const alike = likenessBySecond(samples, spoken, pieces, WAY_MS);
  expect(Math.min(...alike)).toBeGreaterThan(0.7);
  expect(mean(alike)).toBeGreaterThan(0.8);
  const allowedMs = lengthOf(spoken) + spoken.length * (PRE_ROLL_MS + HANGOVER_MS);
  expect(bytesOf(pieces) / 32).toBeLessThanOrEqual(1.15 * allowedMs);
  expect(audio.counters().sentBytes).toBe(bytesOf(pieces));
  for (const [at, piece] of pieces.entries()) {
    expect(piece.samples.length % 320).toBe(0);
    expect(piece.samples.length).toBeLessThanOrEqual(1_600);
    if (at > 0) expect(piece.atMs).toBeGreaterThan(pieces[at - 1]!.atMs);
  }
};
