import type { LiveOptions } from '../../core/ports.ts';

/** The format in which a codec's audio goes to the engine. A phone's audio stays as it is, byte for byte. */
export const ENGINE_FORMATS = {
  opus: { encoding: 'linear16', sampleRateHz: 16_000 },
  pcmu: { encoding: 'mulaw', sampleRateHz: 8_000 },
} as const satisfies Record<'opus' | 'pcmu', LiveOptions['audio']>;
