/** What speech is heard and mixed at: 8 kHz is all that a telephone has. */
export type SampleRateHz = 8_000 | 16_000;

/** Turns the payloads of one sender, in their order, into mono samples. */
export interface AudioDecoder {
  /** The clock that this codec's RTP time counts. */
  readonly clockRateHz: number;
  /** Of what comes out. */
  readonly sampleRateHz: SampleRateHz;
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
