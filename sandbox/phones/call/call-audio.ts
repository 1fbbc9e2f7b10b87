import { FRAME_MS, SILENT_FRAME } from '../audio/mulaw.ts';

/** What a telephone said and heard in the same 20 ms, and when they began since the line was opened. */
type FrameListener = (frame: { sent: Uint8Array; received: Uint8Array; atMs: number }) => void;

/** The sound between a telephone and the network while a call lasts, at the pace of real time. */
export interface CallAudio {
  /** How much sound has gone over it. */
  readonly positionMs: number;
  /** What the telephone hears from now on; null is silence. */
  play(source: (() => Uint8Array) | null): void;
  /** Returns how to stop listening. */
  onFrame(listener: FrameListener): () => void;
  /** Resolves after this much sound, or early when aborted. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export const openCallAudio = (phoneSends: () => Uint8Array): CallAudio => {
  const listeners = new Set<FrameListener>();
  let source: (() => Uint8Array) | null = null;
  let atMs = 0;
  const pacer = startPacer(() => {
    const frame = { sent: phoneSends(), received: source?.() ?? SILENT_FRAME, atMs };
    atMs += FRAME_MS;
    for (const listener of listeners) listener(frame);
  });
  const listen = (listener: FrameListener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get positionMs() {
      return atMs;
    },
    play: (next) => {
      source = next;
    },
    onFrame: listen,
    wait: (durationMs, signal) => {
      if (signal.aborted || durationMs <= 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const untilMs = atMs + durationMs;
      const stop = listen(() => {
        if (atMs >= untilMs) resolve();
      });
      const abort = (): void => resolve();
      signal.addEventListener('abort', abort);
      return promise.finally(() => {
        stop();
        signal.removeEventListener('abort', abort);
      });
    },
    close: () => {
      pacer.close();
      listeners.clear();
    },
  };
};

/** After a longer standstill, such as a sleeping computer, the time is skipped and not made up for. */
const LONGEST_CATCH_UP_FRAMES = 250;

/** So many frames at once mean that the process stood still, and that sound which came meanwhile was not read yet. */
const STUMBLED_FRAMES = 2;

/**
 * Frames keep pace with a steady clock: a timer that comes late is followed by what was missed, once what arrived
 * meanwhile has been read.
 */
const startPacer = (onFrame: () => void): { close(): void } => {
  let startMs = performance.now();
  let frames = 0;
  let timer: NodeJS.Timeout | undefined;
  let reading: NodeJS.Immediate | undefined;
  let closed = false;
  const framesDue = (): number => Math.floor((performance.now() - startMs) / FRAME_MS);
  const tick = (): void => {
    if (framesDue() - frames >= STUMBLED_FRAMES) reading = setImmediate(catchUp);
    else catchUp();
  };
  const catchUp = (): void => {
    const due = framesDue();
    if (due - frames > LONGEST_CATCH_UP_FRAMES) startMs += (due - frames) * FRAME_MS;
    else {
      while (frames < due && !closed) {
        frames += 1;
        onFrame();
      }
    }
    if (!closed) timer = setTimeout(tick, Math.max(0, startMs + (frames + 1) * FRAME_MS - performance.now()));
  };
  tick();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      clearImmediate(reading);
    },
  };
};
