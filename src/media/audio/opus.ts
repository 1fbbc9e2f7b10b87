import { createDecoder } from 'libopus-wasm';
import type { AudioDecoder, SampleRateHz } from './decoder.ts';

/** RTP counts 48 kHz for Opus, whatever is inside. @see https://www.rfc-editor.org/rfc/rfc7587#section-4.1 */
const OPUS_CLOCK_RATE_HZ = 48_000;
/** libopus conceals multiples of its shortest frame, up to its longest packet. */
const SHORTEST_FRAME_MS = 2.5;
const LONGEST_PACKET_MS = 120;

/** Opus of any rate and number of channels; libopus itself downmixes and resamples. */
export const createOpusDecoder = async (sampleRateHz: SampleRateHz): Promise<AudioDecoder> => {
  const decoder = await createDecoder({ sampleRate: sampleRateHz, channels: 1 });
  return {
    clockRateHz: OPUS_CLOCK_RATE_HZ,
    sampleRateHz,
    decode(payload) {
      // libopus takes an empty packet for a lost one, and would conceal it.
      if (payload.length === 0) return null;
      try {
        return decoder.decode(payload);
      } catch {
        return null;
      }
    },
    conceal(next, durationMs) {
      const frames = Math.floor(Math.min(durationMs, LONGEST_PACKET_MS) / SHORTEST_FRAME_MS);
      if (frames === 0 || next.length === 0) return new Int16Array(0);
      try {
        // The last lost frame is decoded from the redundancy in the next packet, where there is any; the others are
        // extrapolated.
        return decoder.decode(next, {
          decodeFec: true,
          frameSize: (frames * SHORTEST_FRAME_MS * sampleRateHz) / 1_000,
        });
      } catch {
        return new Int16Array(0);
      }
    },
    close: () => decoder.free(),
  };
};
