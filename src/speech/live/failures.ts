import type { ConnectionEnd } from './connection.ts';
import type { SharedParts } from './shared.ts';
import { reconnectDelayMs } from './timings.ts';

/** A few failures in a row happen; this many are logged as a warning. */
const FAILURES_TO_WARN = 5;
/** To eight minutes, when an engine may be stalled for 30 s at first. */
const MAX_DOUBLINGS = 4;

/** The failures of one stream's connections in a row, and what follows from them for the next one. */
export class Failures {
  readonly #shared: SharedParts;
  #count = 0;
  #retryAfterMs: number | null = null;

  constructor(shared: SharedParts) {
    this.#shared = shared;
  }

  /** How many times longer than otherwise the engine may take. */
  get patience(): number {
    return 2 ** Math.min(this.#count, MAX_DOUBLINGS);
  }

  get reconnectDelayMs(): number {
    const { random, timings } = this.#shared;
    return reconnectDelayMs(this.#count, this.#retryAfterMs, timings, random);
  }

  add({ fault, retryAfterMs }: Extract<ConnectionEnd, { kind: 'broken' }>): void {
    this.#count += 1;
    this.#shared.counters.reconnects += 1;
    this.#retryAfterMs = retryAfterMs;
    const level = this.#count === FAILURES_TO_WARN ? 'warn' : 'info';
    this.#shared.log[level](
      { ...fault, failures: this.#count },
      'speech: live connection lost; audio is buffered',
    );
  }

  /** The engine returned something. */
  reset(): void {
    this.#count = 0;
    this.#retryAfterMs = null;
  }
}
