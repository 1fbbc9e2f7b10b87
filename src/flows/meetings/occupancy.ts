import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { WallClock } from '../../core/ports.ts';

/** Who is in a meeting, and whether it is worth going on. */
export interface Occupancy {
  readonly present: readonly Somebody[];
  /** By the wall's clock: since when nobody talks to anybody. */
  readonly aloneSinceMs: number;
  joined(place: string, somebody: Somebody): void;
  /** For good. */
  left(place: string): void;
  /** To be called when telephones changed, which may be expected no longer. */
  changed(): void;
  close(): void;
}

interface Somebody {
  readonly party: number;
  readonly phone: boolean;
}

/**
 * An empty meeting waits for as long as the grace for somebody to come back. So does a call that has a telephone in it
 * and nobody else; once somebody talked to it and left, it is over at once, since whoever hangs up expects that.
 */
export const createOccupancy = (options: {
  readonly graceMs: number;
  readonly kind: MeetingConversation['kind'];
  readonly clock: WallClock;
  /** Whether a telephone that rings may still come in. */
  readonly expected: () => boolean;
  readonly onAlone: () => void;
}): Occupancy => {
  const { graceMs, clock } = options;
  const places = new Map<string, Somebody>();
  let aloneSinceMs = clock.nowMs();
  let hadCompany = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const isAlone = (): boolean => {
    const [first, ...others] = places.values();
    if (first === undefined) return true;
    return options.kind === 'call' && others.length === 0 && first.phone;
  };
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  const wait = (ms: number): void => {
    stop();
    timer = setTimeout(() => {
      timer = null;
      if (isAlone() && options.expected()) wait(ms);
      else if (isAlone()) options.onAlone();
    }, ms);
  };
  const look = (): void => {
    if (closed) return;
    if (!isAlone()) {
      stop();
      hadCompany ||= places.size > 1;
      return;
    }
    if (timer === null) aloneSinceMs = clock.nowMs();
    const leftBehind = places.size > 0 && hadCompany && !options.expected();
    if (leftBehind) wait(0);
    else if (timer === null) wait(graceMs);
  };

  return {
    get present() {
      return [...places.values()];
    },
    get aloneSinceMs() {
      return aloneSinceMs;
    },
    joined(place, somebody) {
      places.set(place, somebody);
      look();
    },
    left(place) {
      places.delete(place);
      // Whoever stays is alone from now on, not since before.
      stop();
      look();
    },
    changed: look,
    close() {
      closed = true;
      stop();
    },
  };
};
