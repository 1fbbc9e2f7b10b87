import type { CancelTimer, Clock } from '../../core/ports.ts';
import type { SharedParts } from './shared.ts';

/** Watches whether the engine answers Finalize, which says that the speaker paused; it may not. */
export class UnansweredPause {
  readonly #timeoutMs: number;
  readonly #onTimeout: (position: number) => void;
  readonly #clock: Clock;
  /** With more audio than this without any result, the engine is slow, and an answer may still come. */
  readonly #mostUnreported: number;
  #reported = 0;
  /** Where the speaker paused, unless that is answered. */
  #position: number | null = null;
  #cancel: CancelTimer | null = null;

  constructor(
    { clock, timings }: Pick<SharedParts, 'clock' | 'timings'>,
    sampleRateHz: number,
    onTimeout: (position: number) => void,
  ) {
    this.#timeoutMs = timings.finalizeTimeoutMs;
    // Results come once a second of audio.
    this.#mostUnreported = 1.5 * sampleRateHz;
    this.#onTimeout = onTimeout;
    this.#clock = clock;
  }

  /** The engine was told of a pause at `position`. Of several, the first one counts. */
  told(position: number): void {
    if (this.#position !== null) return;
    this.#position = position;
    this.#cancel = this.#clock.after(this.#timeoutMs, () => {
      this.#position = null;
      if (this.#reported < position - this.#mostUnreported) this.told(position);
      else this.#onTimeout(position);
    });
  }

  /** The engine returned something for the audio before `position`. */
  reported(position: number): void {
    this.#reported = Math.max(this.#reported, position);
  }

  /** Everything before `position` is final. */
  settled(position: number): void {
    if (this.#position !== null && position >= this.#position) this.forget();
  }

  /** The connection ended: the next one gets it again. */
  forget(): void {
    this.#cancel?.();
    this.#position = null;
  }
}
