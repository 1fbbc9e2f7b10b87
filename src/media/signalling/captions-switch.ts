import { Refused } from '../refused.ts';
import type { Notification } from './messages.ts';

/** Whether captions are made in a meeting, and what everybody is told of it. */
export class CaptionsSwitch {
  readonly #changed: () => void;
  readonly #tellAll: (notification: Notification) => void;
  #on: boolean;
  #delayed = false;
  #stopped: string | null;

  constructor(options: {
    readonly on: boolean;
    /** Why they ended for good, as a sentence; null while they may be switched on. */
    readonly stopped: string | null;
    /** Who is heard has to be decided anew. */
    readonly changed: () => void;
    readonly tellAll: (notification: Notification) => void;
  }) {
    this.#on = options.on && options.stopped === null;
    this.#stopped = options.stopped;
    this.#changed = options.changed;
    this.#tellAll = options.tellAll;
  }

  get on(): boolean {
    return this.#on;
  }
  get delayed(): boolean {
    return this.#delayed;
  }
  get stopped(): string | null {
    return this.#stopped;
  }

  /**
   * False when they were so already.
   * @throws Refused `not-allowed` once they ended for good
   */
  set(on: boolean): boolean {
    if (this.#stopped !== null) throw new Refused('not-allowed', this.#stopped);
    if (on === this.#on) return false;
    this.#on = on;
    this.#changed();
    this.#tell();
    return true;
  }

  /** For good: from here on nobody is heard but by the people in the meeting. */
  stop(sentence: string): void {
    if (this.#stopped !== null) return;
    this.#stopped = sentence;
    this.#on = false;
    this.#changed();
    this.#tell();
  }

  setDelayed(delayed: boolean): void {
    if (delayed === this.#delayed) return;
    this.#delayed = delayed;
    this.#tell();
  }

  #tell(): void {
    const { on, delayed, stopped } = this;
    this.#tellAll({ notification: 'captionsState', on, delayed, stopped });
  }
}
