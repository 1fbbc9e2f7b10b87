import type { Clock } from '../../core/ports.ts';

/** Deepgram hears a stream at most this much faster than it was spoken. */
const SPEED = 1.25;
/** How far the engine may be behind with what was sent: more would only wait there, and pings behind it. */
const MAX_BEHIND_MS = 500;

/** How long the engine of one connection still needs to hear what it was sent. */
export class Hearing {
  readonly #bytesPerMs: number;
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #busyUntilMs = 0;

  constructor(bytesPerSecond: number, clock: Pick<Clock, 'monotonicMs'>) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
    this.#clock = clock;
  }

  sent(bytes: number): void {
    const audioMs = bytes / this.#bytesPerMs;
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.#clock.monotonicMs()) + audioMs / SPEED;
  }

  get behindMs(): number {
    return Math.max(0, this.#busyUntilMs - this.#clock.monotonicMs());
  }

  /** How long to wait before sending more; 0 for none. */
  get waitMs(): number {
    return Math.max(0, this.behindMs - MAX_BEHIND_MS);
  }
}
