import { AppError, toAppError } from '../core/error.ts';
import type { RecordingBytes } from '../core/ports.ts';
import { emptyRecording, recordingCutShort, recordingTooLarge } from './errors.ts';

/** Deepgram's own limit for one file; more would be refused after it has all been sent. */
const MAX_RECORDING_BYTES = 2 * 1024 ** 3;

/**
 * How much of a recording is inspected before a request is made. Enough for a megabyte of tags before the audio, and for
 * a minute of a two-channel phone call. Never more of a recording is held.
 */
const BEGINNING_BYTES = 1024 ** 2;

/** A recording whose beginning was read. */
export interface Intake {
  readonly beginning: Uint8Array;
  /** Of the whole recording; null when it is longer than the beginning, and the source did not say. */
  readonly sizeBytes: number | null;
  /**
   * The next bytes, from the first ones on; null after the last. Throws what the source threw, as an `AppError`;
   * `recording-too-large` past the limit; a retryable error when it does not have its declared size.
   */
  next(): Promise<Uint8Array | null>;
  /** Abandons the source. Idempotent. */
  close(): void;
}

/**
 * Reads the beginning of `recording`.
 * @throws AppError `recording-empty`, `recording-too-large`, or what the source threw; the source is closed then
 */
export const openIntake = async (recording: RecordingBytes, signal: AbortSignal): Promise<Intake> => {
  const source = recording.bytes[Symbol.asyncIterator]();
  let ended = false;
  const close = (): void => {
    if (ended) return;
    ended = true;
    // Not awaited: a generator that waits for its next chunk returns only after that chunk.
    source.return?.().then(undefined, () => {});
  };
  const take = async (): Promise<Uint8Array | null> => {
    try {
      while (!ended) {
        const result = await source.next();
        if (result.done) break;
        if (result.value.length > 0) return result.value;
      }
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
      const chunk = await Promise.race([take(), stop.aborted]);
      if (chunk === null) break;
      held.push(chunk);
      heldBytes += chunk.length;
    }
    if (ended && sizeBytes !== null && heldBytes !== sizeBytes) throw recordingCutShort();
    if (heldBytes === 0) throw emptyRecording();
  } catch (error) {
    close();
    throw error;
  } finally {
    stop.dispose();
  }

  let total = 0;
  const next = async (): Promise<Uint8Array | null> => {
    const chunk = held.shift() ?? (await take());
    total += chunk?.length ?? 0;
    if (total > MAX_RECORDING_BYTES) throw recordingTooLarge();
    const isOther = sizeBytes !== null && (chunk === null ? total < sizeBytes : total > sizeBytes);
    if (isOther) throw recordingCutShort();
    return chunk;
  };

  return { beginning: Buffer.concat(held), sizeBytes: ended ? heldBytes : sizeBytes, next, close };
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
