/** What must wait before sound begins: three pieces of 20 ms, as a browser's timers let several come at once. */
const BEGINS_AT = 3;
/** More than this was held up on its way, or is the drift between two clocks; hearing it would be hearing the past. */
const MOST = 12;

/** Pieces of sound that come unevenly and leave evenly. */
export interface JitterBuffer {
  push(piece: Uint8Array): void;
  /** The next piece; null while there is none, or not enough to begin with. */
  take(): Uint8Array | null;
}

export const createJitterBuffer = (): JitterBuffer => {
  let pieces: Uint8Array[] = [];
  let flows = false;
  return {
    push: (piece) => {
      pieces.push(piece);
      if (pieces.length > MOST) pieces = pieces.slice(-BEGINS_AT);
    },
    take: () => {
      flows = flows ? pieces.length > 0 : pieces.length >= BEGINS_AT;
      return flows ? pieces.shift()! : null;
    },
  };
};
