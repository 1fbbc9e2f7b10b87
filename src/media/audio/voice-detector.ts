import loadFvad, { type FvadModule } from '@echogarden/fvad-wasm';
import type { SampleRateHz } from './decoder.ts';

/** Detects voice, frame by frame. It has state, so each speaker has its own. */
export interface VoiceDetector {
  readonly sampleRateHz: SampleRateHz;
  /** @param frame exactly `FRAME_MS` of it */
  hasVoice(frame: Int16Array): boolean;
  /** Idempotent. */
  close(): void;
}

/** As most Opus frames; the detector also accepts 10 and 30. */
export const FRAME_MS = 20;

/**
 * Aggressiveness, 0 to 3. At 1 no frame of speech was lost with noise from -75 to -40 dBFS; at 2 and 3 weak onsets
 * were.
 */
const MODE = 1;

/** One instance for all detectors: the module takes 16 MB, a detector 800 bytes. */
let loading: Promise<FvadModule> | null = null;

export const createVoiceDetector = async (sampleRateHz: SampleRateHz = 16_000): Promise<VoiceDetector> => {
  loading ??= loadFvad();
  // After a failure the next speaker tries again.
  const fvad = await loading.catch((error: unknown) => {
    loading = null;
    throw error;
  });
  const frameSamples = (FRAME_MS * sampleRateHz) / 1_000;
  const detector = fvad._fvad_new();
  const frameAt = fvad._malloc(frameSamples * 2);
  fvad._fvad_set_mode(detector, MODE);
  fvad._fvad_set_sample_rate(detector, sampleRateHz);
  let closed = false;
  return {
    sampleRateHz,
    hasVoice(frame) {
      fvad.HEAP16.set(frame, frameAt >> 1);
      return fvad._fvad_process(detector, frameAt, frameSamples) === 1;
    },
    close() {
      if (closed) return;
      closed = true;
      fvad._free(frameAt);
      fvad._fvad_free(detector);
    },
  };
};
