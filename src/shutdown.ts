import type { Clock, Log } from './core/ports.ts';

/** Long enough for the last captions of running meetings to be stored; see `GRACE_MS` in app.ts. */
const DEADLINE_MS = 30_000;

const CLOSED = 0;
const FAILED = 1;
/** What shells report of a process that SIGINT ended. */
const INTERRUPTED = 130;

export interface Shutdown {
  /** SIGINT or SIGTERM: closes in order and exits with 0. A second signal exits at once. */
  readonly signal: () => void;
  /** A fault outside any request or job: logged, then closes in order and exits with 1. */
  readonly fault: (error: unknown) => void;
}

/**
 * Ends the process. It exits with 1 when closing fails or takes longer than 30 s. Jobs cut off are safe to repeat, so the
 * next start continues where this one ended.
 */
export const createShutdown = (process: {
  readonly close: () => Promise<void>;
  readonly exit: (code: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}): Shutdown => {
  const { close, exit, clock, log } = process;
  let closing = false;

  const end = (code: number): void => {
    closing = true;
    clock.after(DEADLINE_MS, () => {
      log.error({ afterMs: DEADLINE_MS }, 'closing takes too long, exiting');
      exit(FAILED);
    });
    close().then(
      () => exit(code),
      (error: unknown) => {
        log.error({ err: error }, 'closing failed');
        exit(FAILED);
      },
    );
  };

  return {
    signal() {
      if (closing) exit(INTERRUPTED);
      else end(CLOSED);
    },
    fault(error) {
      log.error({ err: error }, 'unhandled fault');
      if (!closing) end(FAILED);
    },
  };
};
