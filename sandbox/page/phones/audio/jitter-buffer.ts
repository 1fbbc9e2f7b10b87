/** Frames buffered before playback starts: browser timers deliver several frames of 20 ms at once. */
const START_FRAMES = 3;
/** Beyond this, frames were delayed on their way or two clocks drifted apart; playing them would add lasting delay. */
const MAX_FRAMES = 12;

/** Takes frames that arrive unevenly and releases them evenly. */
export interface JitterBuffer {
  push(frame: Uint8Array): void;
  /** The next frame; null while there is none, or too few to start with. */
  take(): Uint8Array | null;
}

export const createJitterBuffer = (): JitterBuffer => {
  let frames: Uint8Array[] = [];
  let isPlaying = false;
  return {
    push: (frame) => {
      frames.push(frame);
      if (frames.length > MAX_FRAMES) frames = frames.slice(-START_FRAMES);
    },
    take: () => {
      isPlaying = isPlaying ? frames.length > 0 : frames.length >= START_FRAMES;
      return isPlaying ? frames.shift()! : null;
    },
  };
};
