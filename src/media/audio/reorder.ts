import { createUnwrapper } from './wraparound.ts';

/** A packet in its place again. */
export interface Ordered<T> {
  readonly packet: T;
  /** How many packets right before this one were given up. */
  readonly lostBefore: number;
}

/** Puts packets into the order of their numbers. Times are milliseconds of one clock, the caller's. */
export interface ReorderBuffer<T> {
  /** Takes a packet and gives back all whose turn has come, in order. */
  push(packet: T, sequenceNumber: number, nowMs: number): readonly Ordered<T>[];
  /** What a gap has held up for too long by now. */
  tick(nowMs: number): readonly Ordered<T>[];
  /** Gives back all that is held and forgets the order: the next packet begins a new one, with nothing lost. */
  drain(): readonly Ordered<T>[];
  /** Packets that came twice, or after they had been given up. */
  readonly dropped: number;
}

/**
 * How long a packet may wait for one before it. Longer, and every loss delays captions by so much; shorter, and
 * networks that reorder lose words that did arrive.
 */
const MAX_WAIT_MS = 60;
/** Three packets of 20 ms behind a gap say the same as 60 ms, also when they come in a burst. */
const MAX_HELD = 3;
/** Numbers further ahead than a minute of audio, or further back than two seconds, are a new sequence. */
const MAX_AHEAD = 3_000;
const MAX_BEHIND = 100;

export const createReorderBuffer = <T>(): ReorderBuffer<T> => {
  const held = new Map<number, { readonly packet: T; readonly sinceMs: number }>();
  let unwrap = createUnwrapper(16);
  let next: number | null = null;
  let dropped = 0;

  /** Moves everything to `ordered` that waits for nobody. */
  const takeReady = (ordered: Ordered<T>[], lostBefore = 0): void => {
    let lost = lostBefore;
    for (let ready = held.get(next!); ready !== undefined; ready = held.get(next!)) {
      held.delete(next!);
      ordered.push({ packet: ready.packet, lostBefore: lost });
      lost = 0;
      next! += 1;
    }
  };

  /** Gives up what is missing before the first packet held. */
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
