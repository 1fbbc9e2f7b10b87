import { Refused } from '../refused.ts';
import type { Notification } from './messages.ts';

/** Whether a meeting is captioned. */
export class CaptionsSwitch {
  readonly #changed: () => void;
  readonly #notifyAll: (notification: Notification) => void;
  #on: boolean;
  #delayed = false;
  #unsaved = false;
  #stopped: string | null;

  constructor(options: {
    readonly on: boolean;
    /** Why they ended for good, as a sentence; null while they may be switched on. */
    readonly stopped: string | null;
    /** Who is transcribed has to be decided again. */
    readonly changed: () => void;
    readonly notifyAll: (notification: Notification) => void;
  }) {
    this.#on = options.on && options.stopped === null;
    this.#stopped = options.stopped;
    this.#changed = options.changed;
    this.#notifyAll = options.notifyAll;
  }

  get on(): boolean {
    return this.#on;
  }
  get delayed(): boolean {
    return this.#delayed;
  }
  get unsaved(): boolean {
    return this.#unsaved;
  }
  get stopped(): string | null {
    return this.#stopped;
  }

  /**
   * False when nothing changed.
   * @throws Refused `not-allowed` once they ended for good
   */
  set(on: boolean): boolean {
    if (this.#stopped !== null) throw new Refused('not-allowed', { sentence: this.#stopped });
    if (on === this.#on) return false;
    this.#on = on;
    this.#changed();
    this.#notify();
    return true;
  }

  /** Ends them for good. */
  stop(sentence: string): void {
    if (this.#stopped !== null) return;
    this.#stopped = sentence;
    this.#on = false;
    this.#changed();
    this.#notify();
  }

  setDelayed(delayed: boolean): void {
    if (delayed === this.#delayed) return;
    this.#delayed = delayed;
    this.#notify();
  }

  setUnsaved(unsaved: boolean): void {
    if (unsaved === this.#unsaved) return;
    this.#unsaved = unsaved;
    this.#notify();
  }

  #notify(): void {
    const { on, delayed, unsaved, stopped } = this;
    this.#notifyAll({ notification: 'captionsState', on, delayed, unsaved, stopped });
  }
}
