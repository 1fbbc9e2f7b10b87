/** The rates at which audio is transcribed and mixed; phones have 8 kHz. */
export type SampleRateHz = 8_000 | 16_000;

/** Decodes the payloads of one sender, in order, to mono samples. */
export interface AudioDecoder {
  /** Of RTP timestamps. */
  readonly clockRateHz: number;
  /** Of the samples. */
  readonly sampleRateHz: SampleRateHz;
  /** Null when the payload is invalid. The caller owns the samples. */
  decode(payload: Uint8Array): Int16Array | null;
  /**
   * Concealment for the loss right before `next`, called before `next` is decoded.
   * @param durationMs how much is missing; a decoder may return less
   */
  conceal(next: Uint8Array, durationMs: number): Int16Array;
  /** Idempotent. */
  close(): void;
}
