import { toAppError } from '../core/error.ts';
import type { Clock, Speech } from '../core/ports.ts';
import type { ContainerFilter } from './container/types.ts';
import { engineTooSlow, noSound } from './errors.ts';
import type { Intake } from './intake.ts';

/** How often progress is reported at most. */
const PROGRESS_EVERY_MS = 100;

/**
 * The bytes of a recording as a request body: taken from the source only when the engine has room. Failures abort
 * `ending` with their error, because a failing body alone would end the request without a reason. A stream and not a
 * generator: fetch wraps a generator in two more streams, a tenth of the whole time.
 */
export const upload = (
  intake: Intake,
  options: {
    readonly ending: AbortController;
    /** How long an offered chunk may not be taken. */
    readonly stallMs: number;
    readonly progress: Parameters<Speech['transcribe']>[1]['progress'];
    readonly clock: Clock;
    /** Null passes the bytes on as they are. */
    readonly filter: ContainerFilter | null;
  },
): ReadableStream<Uint8Array> => {
  const { clock, ending, filter, progress, stallMs } = options;
  const next = filter === null ? () => intake.next() : filtered(intake, filter);
  let sentBytes = 0;
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  let offeredAtMs: number | null = null;
  const stopWatching = clock.every(stallMs / 2, () => {
    if (offeredAtMs !== null && clock.monotonicMs() - offeredAtMs >= stallMs) ending.abort(engineTooSlow());
  });
  ending.signal.addEventListener('abort', stopWatching, { once: true });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        offeredAtMs = null;
        try {
          const chunk = await next();
          if (chunk === null) {
            stopWatching();
            progress({ sentBytes, sent: true });
            controller.close();
            return;
          }
          const nowMs = clock.monotonicMs();
          if (nowMs - reportedAtMs >= PROGRESS_EVERY_MS) {
            reportedAtMs = nowMs;
            progress({ sentBytes, sent: false });
          }
          sentBytes += chunk.length;
          offeredAtMs = nowMs;
          controller.enqueue(chunk);
        } catch (error) {
          ending.abort(toAppError(error));
          throw error;
        }
      },
      cancel: stopWatching,
    },
    // Nothing is read ahead: what is in flight is in the sockets.
    { highWaterMark: 0 },
  );
};

/** @throws AppError as soon as the container says that it has no sound */
const filtered = (intake: Intake, filter: ContainerFilter): (() => Promise<Uint8Array | null>) => {
  let hasEnded = false;
  return async () => {
    while (!hasEnded) {
      const chunk = await intake.next();
      hasEnded = chunk === null;
      const passed = chunk === null ? filter.flush() : filter.push(chunk);
      if (filter.facts()?.audioTracks === 0) throw noSound();
      if (passed.length > 0) return passed;
    }
    return null;
  };
};
