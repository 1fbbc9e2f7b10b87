import type { LiveOptions } from '../../core/ports.ts';

/** What becomes of a speaker's codec on the way to the engine. What a telephone says stays as it is, byte for byte. */
export const ENGINE_FORMATS = {
  opus: { encoding: 'linear16', sampleRateHz: 16_000 },
  pcmu: { encoding: 'mulaw', sampleRateHz: 8_000 },
} as const satisfies Record<'opus' | 'pcmu', LiveOptions['audio']>;
