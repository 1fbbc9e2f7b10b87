/** What a container says about its tracks. Complete once all bytes have passed. */
export interface ContainerFacts {
  readonly audioTracks: number;
  /** How much later the chosen track begins than the recording, as a player shows it. */
  readonly offsetMs: number;
  /** The length that a player shows; null when the file does not say, or is cut off. */
  readonly durationMs: number | null;
}

/**
 * Passes a recording's bytes on, as many as it gets, with every audio track but one renamed to what players skip, and
 * reads what the container says on the way. Positions and sizes stay as they are.
 */
export interface ContainerFilter {
  /** Bytes may be kept until an index is complete. */
  push(chunk: Uint8Array): Uint8Array;
  /** The bytes that are still kept. */
  flush(): Uint8Array;
  /** Null while the index has not passed. */
  facts(): ContainerFacts | null;
}

/** A larger index is passed on unread. An hour of video has one of about a megabyte. */
export const MAX_INDEX_BYTES = 64 * 1024 ** 2;
