import type { CancelTimer, Clock } from '../../../src/core/ports.ts';

/** The part of a clock that live streams use. */
export type EngineClock = Pick<Clock, 'after' | 'monotonicMs'>;

/**
 * Takes in what a client sends, in its order and at a limited speed: a message that follows audio is read once that audio
 * is heard. What comes no faster than it is heard is taken in at once.
 */
export class Ear {
  readonly #speed: number;
  readonly #clock: EngineClock;
  readonly #waiting: { readonly audioMs: number; readonly take: () => void }[] = [];
  /** When all audio taken in so far is heard. */
  #busyUntilMs = 0;
  #cancel: CancelTimer | null = null;

  constructor(speed: number, clock: EngineClock) {
    this.#speed = speed;
    this.#clock = clock;
  }

  /** Whether something waits. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** `take` is called when its turn comes, perhaps at once. */
  push(audioMs: number, take: () => void): void {
    this.#waiting.push({ audioMs, take });
    if (this.#cancel === null) this.#takeDue();
  }

  close(): void {
    this.#cancel?.();
    this.#waiting.length = 0;
  }

  #takeDue(): void {
    this.#cancel = null;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const nowMs = this.#clock.monotonicMs();
      if (this.#busyUntilMs > nowMs) {
        this.#cancel = this.#clock.after(this.#busyUntilMs - nowMs, () => this.#takeDue());
        return;
      }
      this.#waiting.shift();
      this.#busyUntilMs = nowMs + next.audioMs / this.#speed;
      next.take();
    }
  }
}
