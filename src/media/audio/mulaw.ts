import { decodeMulaw } from '../../core/audio/g711.ts';
import type { AudioDecoder } from './decoder.ts';

/** The clock of PCMU is its sample rate. @see https://www.rfc-editor.org/rfc/rfc3551#section-4.5.14 */
const MULAW_RATE_HZ = 8_000;

export const createMulawDecoder = (): AudioDecoder => ({
  clockRateHz: MULAW_RATE_HZ,
  sampleRateHz: MULAW_RATE_HZ,
  decode: (payload) => Int16Array.from(payload, decodeMulaw),
  // Phone networks conceal their own losses; what is lost between them and us stays silent.
  conceal: (_next, durationMs) => new Int16Array(Math.round((durationMs * MULAW_RATE_HZ) / 1_000)),
  close() {},
});
