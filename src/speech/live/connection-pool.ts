import type { CancelTimer, Clock } from '../../core/ports.ts';
import type { ConnectionEnd } from './connection.ts';
import type { LiveTimings } from './timings.ts';

/** A stream that needs a connection, or holds one. */
export interface PoolWaiter {
  /** When it last had something to send, on the monotonic clock. */
  readonly lastAudioMs: number;
  /** Its speaker is silent, and all they said is sent. */
  readonly isSilent: boolean;
  /** It may open a connection. */
  granted(): void;
  /** Not yet, after all: it waits again. */
  queued(): void;
  /** Another stream waits: it has to release its connection, at once or as soon as that has ended in order. */
  preempt(): void;
}

interface Grant {
  readonly sinceMs: number;
  /** When the wait for it began. */
  readonly waitedSinceMs: number;
  preempted: boolean;
}

const TOO_MANY = 429;
/** How long the engine may go on counting a connection: one that ended in order, and one that it has to find broken. */
const COUNTED_AFTER_END_MS = 2_000;
const COUNTED_AFTER_BREAK_MS = 15_000;

/** How often streams are considered for preemption while others wait. */
const CHECK_EVERY_MS = 100;
/** After a refusal, how often one connection more is tried while streams wait: other users of the plan come and go. */
const GROW_AFTER_MS = 60_000;

/**
 * The number of connections that the engine's plan allows, first come first served: the configured one, or as few as the
 * engine was found to admit. While a stream waits, the one that has been silent the longest is preempted; when none is
 * silent, the one that has held a connection the longest, so that each stream gets its turn.
 */
export class ConnectionPool {
  readonly #maxSize: number;
  #size: number;
  #refusedMs = Number.NEGATIVE_INFINITY;
  /** Until when the engine may still count connections that are closed. */
  #closingUntilMs: number[] = [];
  readonly #timings: Pick<LiveTimings, 'preemptAfterMs'>;
  readonly #clock: Clock;
  readonly #grants = new Map<PoolWaiter, Grant>();
  /** In the order of waiting, with its beginning. */
  readonly #waiting = new Map<PoolWaiter, number>();
  #cancelChecks: CancelTimer | null = null;

  constructor(size: number, timings: Pick<LiveTimings, 'preemptAfterMs'>, clock: Clock) {
    this.#maxSize = size;
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

  /** How many connections may be open. */
  get size(): number {
    return this.#size;
  }

  /**
   * A connection of this waiter ended; null when it was given up. True when the waiter lost its grant, because the engine
   * admits fewer than it has.
   */
  connectionEnded(waiter: PoolWaiter, end: ConnectionEnd | null): boolean {
    if (end?.kind === 'broken' && end.fault.status === TOO_MANY) return this.#refused(waiter);
    const countedMs = end?.kind === 'broken' ? COUNTED_AFTER_BREAK_MS : COUNTED_AFTER_END_MS;
    this.#closingUntilMs.push(this.#clock.monotonicMs() + countedMs);
    return false;
  }

  /**
   * The engine refused a connection because too many are open: those that are open are all it admits. The waiter returns
   * its grant, and is the next to get one. False when that says nothing new of the number, since no other is open or the
   * engine may count closed ones: the waiter keeps its grant, and should try again.
   */
  #refused(waiter: PoolWaiter): boolean {
    const grant = this.#grants.get(waiter);
    const nowMs = this.#clock.monotonicMs();
    this.#closingUntilMs = this.#closingUntilMs.filter((untilMs) => untilMs > nowMs);
    const counted = this.#grants.size - 1 + this.#closingUntilMs.length;
    if (grant === undefined || counted === 0) return false;
    this.#refusedMs = nowMs;
    if (counted >= this.#size) return false;
    this.#size = counted;
    this.#grants.delete(waiter);
    waiter.queued();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [one, sinceMs] of [[waiter, grant.waitedSinceMs] as const, ...waiting]) {
      this.#waiting.set(one, sinceMs);
    }
    this.#fill();
    return true;
  }

  #grow(): void {
    const nowMs = this.#clock.monotonicMs();
    if (this.#waiting.size === 0 || this.#size >= this.#maxSize || nowMs - this.#refusedMs < GROW_AFTER_MS)
      return;
    this.#size += 1;
    this.#refusedMs = nowMs;
  }

  #fill(): void {
    this.#grow();
    for (const [waiter, waitedSinceMs] of this.#waiting) {
      if (this.#grants.size >= this.#size) break;
      this.#waiting.delete(waiter);
      this.#grants.set(waiter, { sinceMs: this.#clock.monotonicMs(), waitedSinceMs, preempted: false });
      waiter.granted();
    }
    this.#preempt();
    if (this.#waiting.size > 0) {
      this.#cancelChecks ??= this.#clock.every(CHECK_EVERY_MS, () => this.#fill());
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
    const { preemptAfterMs } = this.#timings;
    const holders = [...this.#grants].filter(([, { preempted }]) => !preempted);
    const [idlest] = holders
      .map(([holder]) => holder)
      .filter(({ isSilent }) => isSilent)
      .sort((a, b) => a.lastAudioMs - b.lastAudioMs);
    if (idlest !== undefined) return idlest;
    if (waitedMs < preemptAfterMs) return null;
    const [longest] = holders.sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
    return longest !== undefined && nowMs - longest[1].sinceMs >= preemptAfterMs ? longest[0] : null;
  }
}
