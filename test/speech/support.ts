import { wavOf } from '../../scripts/wav.ts';
import type { Log, LogFields, RecordingBytes } from '../../src/core/ports.ts';

/** A WAV file of 16-bit PCM. `sample(frame, channel)` is from -1 to 1. */
export const wav = (options: {
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly frames: number;
  readonly sample: (frame: number, channel: number) => number;
}): Buffer => {
  const { channels, frames, sampleRateHz } = options;
  const pcm = Buffer.alloc(frames * channels * 2);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const value = Math.round(options.sample(frame, channel) * 32_767);
      pcm.writeInt16LE(value, (frame * channels + channel) * 2);
    }
  }
  return wavOf(pcm, { sampleRateHz, channels });
};

/** Repeatable noise from -1 to 1. */
export const noise = (seed: number): (() => number) => {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
};

/** A second of a tone, for tests that need any recording. */
export const shortWav = (): Buffer =>
  wav({ sampleRateHz: 16_000, channels: 1, frames: 16_000, sample: (frame) => Math.sin(frame / 20) / 2 });

export interface Source extends RecordingBytes {
  /** Bytes that were taken so far. */
  readonly takenBytes: number;
  /** Whether the reader gave up the source before its end. */
  readonly returned: boolean;
  /** Resolves when the reader gave it up. */
  readonly whenReturned: Promise<void>;
}

/** A recording of chunks, which may be produced on demand, and may fail. */
export const source = (
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  sizeBytes: number | null = null,
): Source => {
  const returned = Promise.withResolvers<void>();
  const state = { takenBytes: 0, returned: false };
  return {
    name: 'recording.wav',
    sizeBytes,
    get takenBytes() {
      return state.takenBytes;
    },
    get returned() {
      return state.returned;
    },
    whenReturned: returned.promise,
    bytes: {
      [Symbol.asyncIterator]() {
        const inner = (async function* () {
          yield* chunks;
        })();
        return {
          async next() {
            const result = await inner.next();
            if (!result.done) state.takenBytes += result.value.length;
            return result;
          },
          return() {
            state.returned = true;
            returned.resolve();
            void inner.return();
            return Promise.resolve({ done: true as const, value: undefined });
          },
        };
      },
    },
  };
};

/** `sizeBytes` of a WAV file of silence, made as it is read. */
export function* longWav(sizeBytes: number): Generator<Uint8Array> {
  const beginning = shortWav();
  beginning.writeUInt32LE(0xffff_ffff, 40);
  yield beginning.subarray(0, Math.min(sizeBytes, beginning.length));
  const block = Buffer.alloc(65_536);
  for (let left = sizeBytes - beginning.length; left > 0; left -= block.length) {
    yield left < block.length ? block.subarray(0, left) : block;
  }
}

/** A log that remembers, to see what stays out of it. */
export const recordingLog = (): Log & { readonly lines: { fields: LogFields; message: string }[] } => {
  const lines: { fields: LogFields; message: string }[] = [];
  const add = (fields: LogFields, message: string): void => {
    lines.push({ fields, message });
  };
  return { lines, debug: add, info: add, warn: add, error: add };
};
