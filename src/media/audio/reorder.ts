import { createUnwrapper } from './wraparound.ts';

/** A packet in order. */
export interface Ordered<T> {
  readonly packet: T;
  /** How many packets right before this one are missing. */
  readonly lostBefore: number;
}

/** Puts packets into the order of their sequence numbers. Times are on the caller's clock. */
export interface ReorderBuffer<T> {
  /** Returns all packets that are in order now. */
  push(packet: T, sequenceNumber: number, nowMs: number): readonly Ordered<T>[];
  /** Packets that a gap has held back for too long. */
  tick(nowMs: number): readonly Ordered<T>[];
  /** Returns all held packets; the next packet starts a new sequence, with none missing. */
  drain(): readonly Ordered<T>[];
  /** Duplicates, and packets that came too late. */
  readonly dropped: number;
}

/**
 * How long a packet may wait for an earlier one. Longer, and every loss delays captions as much; shorter, and networks
 * that reorder lose words that did arrive.
 */
const MAX_WAIT_MS = 60;
/** Three packets of 20 ms behind a gap mean the same as 60 ms, also in a burst. */
const MAX_HELD = 3;
/** Further ahead than a minute of audio, or further back than two seconds, is a new sequence. */
const MAX_AHEAD = 3_000;
const MAX_BEHIND = 100;

export const createReorderBuffer = <T>(): ReorderBuffer<T> => {
  const held = new Map<number, { readonly packet: T; readonly sinceMs: number }>();
  let unwrap = createUnwrapper(16);
  let next: number | null = null;
  let dropped = 0;

  /** Moves packets to `ordered` up to the next gap. */
  const takeReady = (ordered: Ordered<T>[], lostBefore = 0): void => {
    let lost = lostBefore;
    for (let ready = held.get(next!); ready !== undefined; ready = held.get(next!)) {
      held.delete(next!);
      ordered.push({ packet: ready.packet, lostBefore: lost });
      lost = 0;
      next! += 1;
    }
  };

  /** Skips what is missing before the first held packet. */
  const skipGap = (ordered: Ordered<T>[]): void => {
    const first = Math.min(...held.keys());
    const lost = first - next!;
    next = first;
    takeReady(ordered, lost);
  };

  const isOverdue = (nowMs: number): boolean =>
    held.size > 0 &&
    (held.size > MAX_HELD || [...held.values()].some(({ sinceMs }) => nowMs - sinceMs >= MAX_WAIT_MS));

  const drain = (): Ordered<T>[] => {
    const ordered: Ordered<T>[] = [];
    while (held.size > 0) skipGap(ordered);
    next = null;
    unwrap = createUnwrapper(16);
    return ordered;
  };

  return {
    push(packet, sequenceNumber, nowMs) {
      const ordered: Ordered<T>[] = [];
      let number = unwrap(sequenceNumber);
      if (next !== null && (number > next + MAX_AHEAD || number < next - MAX_BEHIND)) {
        ordered.push(...drain());
        number = unwrap(sequenceNumber);
      }
      next ??= number;
      if (number < next || held.has(number)) {
        dropped += 1;
        return ordered;
      }
      held.set(number, { packet, sinceMs: nowMs });
      takeReady(ordered);
      while (isOverdue(nowMs)) skipGap(ordered);
      return ordered;
    },
    tick(nowMs) {
      const ordered: Ordered<T>[] = [];
      while (isOverdue(nowMs)) skipGap(ordered);
      return ordered;
    },
    drain,
    get dropped() {
      return dropped;
    },
  };
};
