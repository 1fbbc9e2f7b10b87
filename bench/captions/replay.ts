import { silence } from '../../sandbox/engine/scripted/markers.ts';
import { ToneReader, toneWord } from '../../sandbox/engine/scripted/tones.ts';
import { createOpusDecoder } from '../../src/media/audio/opus.ts';
import { PACKET_MS, sendOpus } from '../../test/media/audio/support.ts';

/** Endless counting, as Opus packets of 20 ms and as their decoded audio. */
export interface Tape {
  readonly packets: readonly Uint8Array[];
  /** 16 kHz linear16 of each packet. */
  readonly decoded: readonly Buffer[];
  /** The packet that completes a word, by its number. */
  readonly knownAt: ReadonlyMap<number, number>;
}

const RATE_HZ = 16_000;
/** With its word no multiple of 100 ms, so that words end anywhere in the pieces that go to the engine. */
const PAUSE_MS = 230;
const WORDS = 40;

export const recordTape = async (): Promise<Tape> => {
  const audio = Buffer.concat(
    Array.from({ length: WORDS }, (_, number) => [
      toneWord(number, RATE_HZ),
      silence(PAUSE_MS, RATE_HZ),
    ]).flat(),
  );
  const samples = new Int16Array(new Uint8Array(audio).buffer);
  const packets = (await sendOpus(samples)).map(({ rtp }) => rtp.payload);
  const decoder = await createOpusDecoder(RATE_HZ);
  const reader = new ToneReader(RATE_HZ);
  const knownAt = new Map<number, number>();
  const decoded = packets.map((payload, at) => {
    const audio = decoder.decode(payload);
    if (audio === null || audio.length !== (RATE_HZ * PACKET_MS) / 1_000)
      throw new Error('no packet of 20 ms');
    const bytes = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength);
    for (const { number } of reader.read(bytes)) knownAt.set(number, at);
    return Buffer.from(bytes);
  });
  decoder.close();
  if (knownAt.size < WORDS - 1) throw new Error(`only ${knownAt.size} of ${WORDS} words can be read`);
  return { packets, decoded, knownAt };
};
