import type { CancelTimer, Clock } from '../../core/ports.ts';
import type { LiveTimings } from './timings.ts';

/** A stream that needs a connection, or holds one. */
export interface PoolWaiter {
  /** When it last had something to send, on the monotonic clock. */
  readonly lastAudioMs: number;
  /** It may open a connection. */
  granted(): void;
  /** Another stream waits: it has to release its connection, at once or as soon as that has ended in order. */
  preempt(): void;
}

interface Grant {
  readonly sinceMs: number;
  preempted: boolean;
}

/** How often streams are considered for preemption while others wait. */
const CHECK_EVERY_MS = 100;

/**
 * The number of connections that the engine's plan allows, first come first served. While a stream waits, the one that
 * has been silent the longest is preempted; when none is silent, the one that has held a connection the longest, so
 * that each stream gets its turn.
 */
export class ConnectionPool {
  readonly #size: number;
  readonly #timings: Pick<LiveTimings, 'idleAfterMs' | 'preemptAfterMs'>;
  readonly #clock: Clock;
  readonly #grants = new Map<PoolWaiter, Grant>();
  /** In the order of waiting, with its beginning. */
  readonly #waiting = new Map<PoolWaiter, number>();
  #cancelChecks: CancelTimer | null = null;

  constructor(size: number, timings: Pick<LiveTimings, 'idleAfterMs' | 'preemptAfterMs'>, clock: Clock) {
    this.#size = size;
    this.#timings = timings;
    this.#clock = clock;
  }

  /** Calls `granted` once a connection is available, perhaps at once. Idempotent. */
  acquire(waiter: PoolWaiter): void {
    if (this.#grants.has(waiter) || this.#waiting.has(waiter)) return;
    this.#waiting.set(waiter, this.#clock.monotonicMs());
    this.#fill();
  }

  /** Returns the connection, or stops waiting. Idempotent. */
  release(waiter: PoolWaiter): void {
    this.#waiting.delete(waiter);
    this.#grants.delete(waiter);
    this.#fill();
  }

  #fill(): void {
    for (const waiter of this.#waiting.keys()) {
      if (this.#grants.size >= this.#size) break;
      this.#waiting.delete(waiter);
      this.#grants.set(waiter, { sinceMs: this.#clock.monotonicMs(), preempted: false });
      waiter.granted();
    }
    this.#preempt();
    if (this.#waiting.size > 0) {
      this.#cancelChecks ??= this.#clock.every(CHECK_EVERY_MS, () => this.#preempt());
    } else {
      this.#cancelChecks?.();
      this.#cancelChecks = null;
    }
  }

  /** Preempts as many streams as there are waiters for which none is preempted yet. */
  #preempt(): void {
    const preempted = [...this.#grants.values()].filter((grant) => grant.preempted).length;
    const unserved = [...this.#waiting.values()].slice(preempted);
    for (const sinceMs of unserved) {
      const holder = this.#preemptable(this.#clock.monotonicMs() - sinceMs);
      if (holder === null) return;
      this.#grants.get(holder)!.preempted = true;
      holder.preempt();
    }
  }

  #preemptable(waitedMs: number): PoolWaiter | null {
    const nowMs = this.#clock.monotonicMs();
    const { idleAfterMs, preemptAfterMs } = this.#timings;
    const holders = [...this.#grants].filter(([, { preempted }]) => !preempted);
    const [idlest] = holders.map(([holder]) => holder).sort((a, b) => a.lastAudioMs - b.lastAudioMs);
    if (idlest !== undefined && nowMs - idlest.lastAudioMs >= idleAfterMs) return idlest;
    if (waitedMs < preemptAfterMs) return null;
    const [longest] = holders.sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
    return longest !== undefined && nowMs - longest[1].sinceMs >= preemptAfterMs ? longest[0] : null;
  }
}
