import { AppError, toAppError } from '../core/error.ts';
import type { RecordingBytes } from '../core/ports.ts';
import { emptyRecording, recordingCutShort, recordingTooLarge } from './errors.ts';

/** Deepgram's own limit for one file; more would be refused after it has all been sent. */
export const MAX_RECORDING_BYTES = 2 * 1024 ** 3;

/**
 * How much of a recording is looked at before a request is made. Enough for a megabyte of tags in front of the
 * sound, and for a minute of a two-channel telephone call; it is also the most that is held of a recording.
 */
const BEGINNING_BYTES = 1024 ** 2;

/** A recording of which the beginning is known and the rest has not been touched. */
export interface Intake {
  readonly beginning: Uint8Array;
  /**
   * All bytes from the first one, once. Throws what the source threw, as an `AppError`; `recording-too-large`
   * when more comes than was declared; a retryable error when the source ends before its declared size.
   */
  read(): AsyncIterable<Uint8Array>;
  /** Abandons the source. Idempotent. */
  close(): void;
}

/**
 * Reads the beginning of `recording`. Fails with `recording-empty`, `recording-too-large`, or what the source
 * threw; whoever gets an error has nothing to close.
 */
export const openIntake = async (recording: RecordingBytes, signal: AbortSignal): Promise<Intake> => {
  const source = recording.bytes[Symbol.asyncIterator]();
  let ended = false;
  const close = (): void => {
    if (ended) return;
    ended = true;
    // Not awaited: a generator that waits for its own next chunk answers `return` only after that chunk.
    source.return?.().then(undefined, () => {});
  };
  const next = async (): Promise<Uint8Array | null> => {
    try {
      const result = await source.next();
      if (!result.done) return result.value;
    } catch (error) {
      ended = true;
      throw toAppError(error);
    }
    ended = true;
    return null;
  };

  const { sizeBytes } = recording;
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  const stop = onAbort(signal, close);
  try {
    if (sizeBytes !== null && sizeBytes > MAX_RECORDING_BYTES) throw recordingTooLarge();
    while (heldBytes < BEGINNING_BYTES) {
      const chunk = await Promise.race([next(), stop.aborted]);
      if (chunk === null) break;
      if (chunk.length === 0) continue;
      held.push(chunk);
      heldBytes += chunk.length;
    }
    if (ended && sizeBytes !== null && heldBytes < sizeBytes) throw recordingCutShort();
    if (heldBytes === 0) throw emptyRecording();
  } catch (error) {
    close();
    throw error;
  } finally {
    stop.dispose();
  }

  async function* read(): AsyncGenerator<Uint8Array, void> {
    let total = 0;
    const passed = (chunk: Uint8Array): Uint8Array => {
      total += chunk.length;
      if (total > MAX_RECORDING_BYTES) throw recordingTooLarge();
      return chunk;
    };
    for (let chunk = held.shift(); chunk !== undefined; chunk = held.shift()) yield passed(chunk);
    while (!ended) {
      const chunk = await next();
      if (chunk !== null && chunk.length > 0) yield passed(chunk);
    }
    if (sizeBytes !== null && total < sizeBytes) throw recordingCutShort();
  }

  return { beginning: Buffer.concat(held), read, close };
};

/** `aborted` rejects with the signal's reason as an `AppError`. */
const onAbort = (
  signal: AbortSignal,
  then: () => void,
): { readonly aborted: Promise<never>; dispose(): void } => {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const abort = (): void => {
    then();
    reject(signal.reason instanceof AppError ? signal.reason : toAppError(signal.reason));
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return { aborted: promise, dispose: () => signal.removeEventListener('abort', abort) };
};
