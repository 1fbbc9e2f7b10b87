/** What the whole path after the decoder speaks. */
export const SAMPLE_RATE_HZ = 16_000;
export const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1_000;

/** Turns the payloads of one sender, in their order, into 16 kHz mono. */
export interface AudioDecoder {
  /** The clock that this codec's RTP time counts. */
  readonly clockRateHz: number;
  /** Null when the payload is no packet of this codec. The samples are the caller's. */
  decode(payload: Uint8Array): Int16Array | null;
  /**
   * Something plausible for what was lost right before `next`, to be asked for before `next` is decoded.
   * @param durationMs how much is missing; a decoder may give less
   */
  conceal(next: Uint8Array, durationMs: number): Int16Array;
  /** Idempotent. */
  close(): void;
}
