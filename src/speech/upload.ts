import { toAppError } from '../core/error.ts';
import type { Speech } from '../core/ports.ts';
import { engineTooSlow } from './errors.ts';
import type { Intake } from './intake.ts';

/** How often a person may want to know how far it is. */
const PROGRESS_EVERY_MS = 100;

/**
 * The bytes of a recording as a request body: taken from the source only when the engine has room. Whatever goes
 * wrong here is put into `ending`, because a body that merely fails would end the request without saying why.
 * A stream and not a generator: fetch wraps a generator in two more streams, a tenth of the whole time.
 */
export const upload = (
  intake: Intake,
  options: {
    readonly ending: AbortController;
    /** How long an offered chunk may lie untaken. */
    readonly stallMs: number;
    readonly progress: Parameters<Speech['transcribe']>[1]['progress'];
  },
): ReadableStream<Uint8Array> => {
  const { ending, progress, stallMs } = options;
  let sentBytes = 0;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let offering = false;
  const stall = setTimeout(() => {
    if (offering) ending.abort(engineTooSlow());
  }, stallMs);
  ending.signal.addEventListener('abort', () => clearTimeout(stall), { once: true });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        offering = false;
        try {
          const chunk = await intake.next();
          const nowMs = performance.now();
          if (chunk === null) {
            clearTimeout(stall);
            progress({ sentBytes, sent: true });
            controller.close();
            return;
          }
          if (nowMs - saidAtMs >= PROGRESS_EVERY_MS) {
            saidAtMs = nowMs;
            progress({ sentBytes, sent: false });
          }
          sentBytes += chunk.length;
          offering = true;
          stall.refresh();
          controller.enqueue(chunk);
        } catch (error) {
          ending.abort(toAppError(error));
          throw error;
        }
      },
      cancel: () => clearTimeout(stall),
    },
    // Nothing is taken ahead: what is underway is in the sockets.
    { highWaterMark: 0 },
  );
};
