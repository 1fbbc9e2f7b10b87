import type { CancelTimer, Clock } from '../../../src/core/ports.ts';
import { FRAME_MS, SILENT_FRAME } from '../audio/mulaw.ts';

/** What the phone sent and received in the same 20 ms, and when they began since the answer. */
type FrameListener = (frame: { sent: Uint8Array; received: Uint8Array; atMs: number }) => void;

/** The audio between a phone and the network while a call lasts, in real time. */
export interface CallAudio {
  /** How much audio has passed. */
  readonly positionMs: number;
  /** What the phone receives from now on; null is silence. */
  play(source: (() => Uint8Array) | null): void;
  /** Returns how to stop listening. */
  onFrame(listener: FrameListener): () => void;
  /** Resolves after this much audio, or early when aborted. */
  wait(durationMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export const openCallAudio = (nextSent: () => Uint8Array, clock: Clock): CallAudio => {
  const listeners = new Set<FrameListener>();
  let source: (() => Uint8Array) | null = null;
  let positionMs = 0;
  const pacer = startPacer(clock, () => {
    const frame = { sent: nextSent(), received: source?.() ?? SILENT_FRAME, atMs: positionMs };
    positionMs += FRAME_MS;
    for (const listener of listeners) listener(frame);
  });
  const onFrame = (listener: FrameListener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    get positionMs() {
      return positionMs;
    },
    play: (next) => {
      source = next;
    },
    onFrame,
    wait: (durationMs, signal) => {
      if (signal.aborted || durationMs <= 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const untilMs = positionMs + durationMs;
      const stop = onFrame(() => {
        if (positionMs >= untilMs) resolve();
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

/** After a longer standstill, such as a suspended computer, the time is skipped. */
const MAX_CATCH_UP_FRAMES = 250;

/** So many frames due at once mean that the process stood still, and that received audio waits to be read. */
const LATE_FRAMES = 2;

/** Keeps frames in step with the clock: a late timer is followed by the missed frames, once sockets were read. */
const startPacer = (clock: Clock, onFrame: () => void): { close(): void } => {
  let startMs = clock.monotonicMs();
  let frames = 0;
  let cancelTimer: CancelTimer = () => {};
  let reading: NodeJS.Immediate | undefined;
  let closed = false;
  const framesDue = (): number => Math.floor((clock.monotonicMs() - startMs) / FRAME_MS);
  const tick = (): void => {
    if (framesDue() - frames >= LATE_FRAMES) reading = setImmediate(catchUp);
    else catchUp();
  };
  const catchUp = (): void => {
    const due = framesDue();
    if (due - frames > MAX_CATCH_UP_FRAMES) startMs += (due - frames) * FRAME_MS;
    else {
      while (frames < due && !closed) {
        frames += 1;
        onFrame();
      }
    }
    if (closed) return;
    cancelTimer = clock.after(startMs + (frames + 1) * FRAME_MS - clock.monotonicMs(), tick);
  };
  tick();
  return {
    close: () => {
      closed = true;
      cancelTimer();
      clearImmediate(reading);
    },
  };
};
