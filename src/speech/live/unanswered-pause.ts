import type { CancelTimer, Clock } from '../../core/ports.ts';

/** Watches whether the engine answers when it is told that the speaker paused; it may not. */
export class UnansweredPause {
  readonly #timeoutMs: number;
  readonly #onTimeout: (position: number) => void;
  readonly #clock: Clock;
  /** Where the speaker paused, unless that is answered. */
  #position: number | null = null;
  #cancel: CancelTimer | null = null;

  constructor(timeoutMs: number, onTimeout: (position: number) => void, clock: Clock) {
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
    this.#clock = clock;
  }

  /** The engine was told of a pause at `position`. Of several, the first one counts. */
  told(position: number): void {
    if (this.#position !== null) return;
    this.#position = position;
    this.#cancel = this.#clock.after(this.#timeoutMs, () => {
      this.#position = null;
      this.#onTimeout(position);
    });
  }

  /** Everything before `position` is final. */
  settled(position: number): void {
    if (this.#position !== null && position >= this.#position) this.forget();
  }

  /** The connection ended: the next one is told again. */
  forget(): void {
    this.#cancel?.();
    this.#position = null;
  }
}
