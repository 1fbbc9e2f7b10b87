/** One message of a phone's audio, as the network numbers and stamps it. */
interface Frame {
  /** Counts the messages that were sent. */
  readonly chunk: number;
  readonly stampMs: number;
  readonly lengthMs: number;
}

/** The time of a phone's sound. */
export interface SoundClock {
  /** When this frame was spoken, since the first one was, in milliseconds. Null for one that comes late or twice. */
  place(frame: Frame): number | null;
}

/** Stamps jitter by up to 40 ms either way, so two of them may be 80 ms off from each other. */
const LONG_GAP_MS = 100;
/** So many stamps tell where the stream's clock begins, whatever the jitter of the first. */
const ANCHOR_FRAMES = 50;
/** Silence is left out in whole frames. */
const FRAME_MS = 20;

/**
 * Frames follow each other without a gap, however their stamps jitter. Frames that were lost leave a gap in the count.
 * Frames that the network left out, because they were silent, leave none, and show as a long gap of the stamps. The
 * stamps are always compared with the beginning of the stream, so that errors do not add up.
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
export const createSoundClock = (): SoundClock => {
  let nextChunk: number | null = null;
  /** Of the next frame when nothing is missing. */
  let nextMs = 0;
  /** The stamp of the stream's beginning: the mean of the first ones. */
  let anchorMs = 0;
  let anchoredBy = 0;

  const anchor = (stampMs: number, soundMs: number): void => {
    if (anchoredBy >= ANCHOR_FRAMES) return;
    anchoredBy += 1;
    anchorMs += (stampMs - soundMs - anchorMs) / anchoredBy;
  };

  return {
    place({ chunk, stampMs, lengthMs }) {
      if (nextChunk !== null && chunk < nextChunk) return null;
      const lostMs = nextChunk === null ? 0 : (chunk - nextChunk) * lengthMs;
      nextChunk = chunk + 1;
      const aheadOf = (soundMs: number): number => (anchoredBy === 0 ? 0 : stampMs - anchorMs - soundMs);
      // A count that is far ahead of the stamps does not count frames.
      let atMs = aheadOf(nextMs + lostMs) < -LONG_GAP_MS ? nextMs : nextMs + lostMs;
      const gapMs = aheadOf(atMs);
      if (gapMs > LONG_GAP_MS) atMs += Math.round(gapMs / FRAME_MS) * FRAME_MS;
      // The stream's clock was set back.
      else if (gapMs < -LONG_GAP_MS) anchoredBy = 0;
      if (anchoredBy === 0) anchorMs = 0;
      anchor(stampMs, atMs);
      nextMs = atMs + lengthMs;
      return atMs;
    },
  };
};
