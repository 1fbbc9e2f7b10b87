import type { CancelTimer, Clock, LiveState } from '../../core/ports.ts';

/** The state of a stream as its listener sees it: `delayed` only once audio has waited for more than a moment. */
export class StateNotifier {
  readonly #delayedAfterMs: number;
  readonly #notify: (state: LiveState) => void;
  readonly #clock: Clock;
  #cancelDelayed: CancelTimer | null = null;
  #state: LiveState = 'live';

  constructor(delayedAfterMs: number, notify: (state: LiveState) => void, clock: Clock) {
    this.#delayedAfterMs = delayedAfterMs;
    this.#notify = notify;
    this.#clock = clock;
  }

  get state(): LiveState {
    return this.#state;
  }

  /** Whether audio waits to be sent. */
  setBehind(isBehind: boolean): void {
    if (!isBehind) {
      this.#stopTimer();
      if (this.#state === 'delayed') this.set('live');
    } else if (this.#state === 'live') {
      this.#cancelDelayed ??= this.#clock.after(this.#delayedAfterMs, () => this.set('delayed'));
    }
  }

  /** Notifies, also when the state stays the same. */
  set(state: LiveState): void {
    this.#stopTimer();
    this.#state = state;
    this.#notify(state);
  }

  #stopTimer(): void {
    this.#cancelDelayed?.();
    this.#cancelDelayed = null;
  }
}
