import { BYTES_PER_MS, FRAME_BYTES, silence } from './mulaw.ts';

/** Audio that waits to be played, without a limit, with marks in between. */
export interface PlayoutBuffer {
  push(mulaw: Uint8Array): void;
  /** Calls `reached` once everything pushed before was taken. */
  mark(reached: () => void): void;
  /** The next 20 ms, padded with silence. */
  take(): Uint8Array;
  /** Drops the audio; every mark is reached. */
  clear(): void;
  readonly lengthMs: number;
}

export const createPlayoutBuffer = (): PlayoutBuffer => {
  const entries: (Uint8Array | (() => void))[] = [];
  let bytes = 0;
  const passMarks = (): void => {
    for (let entry = entries[0]; typeof entry === 'function'; entry = entries[0]) {
      entries.shift();
      entry();
    }
  };
  return {
    push: (mulaw) => {
      if (mulaw.length === 0) return;
      entries.push(mulaw);
      bytes += mulaw.length;
    },
    mark: (reached) => {
      entries.push(reached);
      passMarks();
    },
    take: () => {
      const frame = silence(FRAME_BYTES / BYTES_PER_MS);
      for (let at = 0; at < frame.length && entries.length > 0; ) {
        const entry = entries[0] as Uint8Array;
        const part = entry.subarray(0, frame.length - at);
        frame.set(part, at);
        at += part.length;
        bytes -= part.length;
        if (part.length === entry.length) entries.shift();
        else entries[0] = entry.subarray(part.length);
        passMarks();
      }
      return frame;
    },
    clear: () => {
      const marks = entries.filter((entry) => typeof entry === 'function');
      entries.length = 0;
      bytes = 0;
      for (const reached of marks) reached();
    },
    get lengthMs() {
      return bytes / BYTES_PER_MS;
    },
  };
};
