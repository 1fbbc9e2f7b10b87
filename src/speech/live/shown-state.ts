import type { LiveState } from '../../core/ports.ts';

/** How a stream says that it is: late only when audio has waited for longer than a moment. */
export class ShownState {
  readonly #delayedAfterMs: number;
  readonly #tell: (state: LiveState) => void;
  #timer: NodeJS.Timeout | undefined;
  #now: LiveState = 'live';

  constructor(delayedAfterMs: number, tell: (state: LiveState) => void) {
    this.#delayedAfterMs = delayedAfterMs;
    this.#tell = tell;
  }

  get now(): LiveState {
    return this.#now;
  }

  /** Whether audio waits at the moment. */
  behind(isBehind: boolean): void {
    if (!isBehind) {
      this.#stopTimer();
      if (this.#now === 'delayed') this.set('live');
    } else if (this.#now === 'live') {
      this.#timer ??= setTimeout(() => this.set('delayed'), this.#delayedAfterMs);
    }
  }

  /** Tells it, also when it is nothing new. */
  set(state: LiveState): void {
    this.#stopTimer();
    this.#now = state;
    this.#tell(state);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
