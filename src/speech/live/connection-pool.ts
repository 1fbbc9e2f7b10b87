import type { LivePace } from './pace.ts';

/** A stream, as far as the right to have a socket is concerned. */
export interface PoolWaiter {
  /** When it last had something to send, on the monotonic clock. */
  readonly lastAudioMs: number;
  /** It may have a socket now. */
  seated(): void;
  /** Somebody waits: it must give its seat back, now or as soon as its socket has ended in order. */
  leave(): void;
}

interface Seat {
  readonly sinceMs: number;
  leaving: boolean;
}

/** How often the seats are looked over while somebody waits for one. */
const LOOK_EVERY_MS = 100;

/**
 * As many sockets as the engine's plan allows, first come first served. While somebody waits, whoever has been
 * silent the longest has to leave; when nobody is silent, whoever has sat the longest, so that everybody gets on.
 */
export class ConnectionPool {
  readonly #most: number;
  readonly #pace: Pick<LivePace, 'idleAfterMs' | 'patienceMs'>;
  readonly #nowMs: () => number;
  readonly #taken = new Map<PoolWaiter, Seat>();
  /** In the order of asking, with the time of it. */
  readonly #waiting = new Map<PoolWaiter, number>();
  #look: NodeJS.Timeout | null = null;

  constructor(most: number, pace: Pick<LivePace, 'idleAfterMs' | 'patienceMs'>, nowMs: () => number) {
    this.#most = most;
    this.#pace = pace;
    this.#nowMs = nowMs;
  }

  get taken(): number {
    return this.#taken.size;
  }

  /** `seated` is called when there is a seat, perhaps at once. Asking twice changes nothing. */
  ask(sitter: PoolWaiter): void {
    if (this.#taken.has(sitter) || this.#waiting.has(sitter)) return;
    this.#waiting.set(sitter, this.#nowMs());
    this.#fill();
  }

  /** Gives the seat back, or stops waiting. */
  release(sitter: PoolWaiter): void {
    this.#waiting.delete(sitter);
    this.#taken.delete(sitter);
    this.#fill();
  }

  #fill(): void {
    for (const sitter of this.#waiting.keys()) {
      if (this.#taken.size >= this.#most) break;
      this.#waiting.delete(sitter);
      this.#taken.set(sitter, { sinceMs: this.#nowMs(), leaving: false });
      sitter.seated();
    }
    this.#makeRoom();
    const waits = this.#waiting.size > 0;
    if (waits) this.#look ??= setInterval(() => this.#makeRoom(), LOOK_EVERY_MS);
    else if (this.#look !== null) {
      clearInterval(this.#look);
      this.#look = null;
    }
  }

  /** Asks as many to leave as there are people waiting for whom nobody is leaving yet. */
  #makeRoom(): void {
    const leaving = [...this.#taken.values()].filter((seat) => seat.leaving).length;
    const waiting = [...this.#waiting.values()].slice(leaving);
    for (const sinceMs of waiting) {
      const sitter = this.#whoMayLeave(this.#nowMs() - sinceMs);
      if (sitter === null) return;
      this.#taken.get(sitter)!.leaving = true;
      sitter.leave();
    }
  }

  #whoMayLeave(waitedMs: number): PoolWaiter | null {
    const nowMs = this.#nowMs();
    const seated = [...this.#taken].filter(([, { leaving }]) => !leaving);
    const [idlest] = seated.map(([sitter]) => sitter).sort((a, b) => a.lastAudioMs - b.lastAudioMs);
    if (idlest !== undefined && nowMs - idlest.lastAudioMs >= this.#pace.idleAfterMs) return idlest;
    if (waitedMs < this.#pace.patienceMs) return null;
    const [longest] = seated.sort(([, a], [, b]) => a.sinceMs - b.sinceMs);
    return longest !== undefined && nowMs - longest[1].sinceMs >= this.#pace.patienceMs ? longest[0] : null;
  }
}
