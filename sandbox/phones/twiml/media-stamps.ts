import { FRAME_MS, SILENT_FRAME } from '../audio/mulaw.ts';

/** What a message of audio says of its frame. */
interface MediaStamp {
  /** Counts messages. */
  readonly chunk: number;
  readonly timestampMs: number;
}

/** The first stamp is 57 to 171 ms. */
const FIRST_MS = { from: 97, to: 131 } as const;
const JITTER_MS = 40;
/** Silence that lasts longer is mostly left out. */
const SILENCE_FRAMES = 10;

/**
 * Numbers and stamps the frames of one stream as Twilio has been seen to do: stamps jitter, silence is left out, and the
 * numbers have no gap there. Takes one frame after the other; null for one that is not sent. The same for the same `seed`.
 */
export const createMediaStamps = (seed: number): ((frame: Uint8Array) => MediaStamp | null) => {
  const firstMs = FIRST_MS.from + (seed % (FIRST_MS.to - FIRST_MS.from + 1));
  let frames = 0;
  let chunk = 0;
  let silent = 0;
  return (frame) => {
    const atMs = firstMs + frames * FRAME_MS;
    frames += 1;
    silent = Buffer.compare(frame, SILENT_FRAME) === 0 ? silent + 1 : 0;
    if (silent > SILENCE_FRAMES && silent % SILENCE_FRAMES !== 0) return null;
    chunk += 1;
    const jitterMs = (((chunk + seed) * 7_919) % (2 * JITTER_MS + 1)) - JITTER_MS;
    return { chunk, timestampMs: atMs + jitterMs };
  };
};
