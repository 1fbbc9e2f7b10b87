import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { CancelTimer, Clock } from '../../core/ports.ts';

/** Who is in a meeting, and whether it goes on. */
export interface Occupancy extends Disposable {
  readonly present: readonly Occupant[];
  /** By the wall clock: since when no two participants are together. */
  readonly aloneSinceMs: number;
  joined(participantId: string, occupant: Occupant): void;
  /** For good. */
  left(participantId: string): void;
  /** To be called when phones changed, which may not be expected any more. */
  changed(): void;
}

interface Occupant {
  readonly party: number;
  readonly isPhone: boolean;
}

/**
 * An empty meeting waits for the grace period for someone to come back. So does a call with one phone in it; once
 * someone talked to that phone and left, it is over at once, as people who hang up expect.
 */
export const createOccupancy = (options: {
  readonly graceMs: number;
  readonly kind: MeetingConversation['kind'];
  readonly clock: Clock;
  /** Whether a phone that rings may still join. */
  readonly isPhoneExpected: () => boolean;
  readonly onAlone: () => void;
}): Occupancy => {
  const { graceMs, kind, clock, isPhoneExpected, onAlone } = options;
  const occupants = new Map<string, Occupant>();
  let aloneSinceMs = clock.nowMs();
  let hadCompany = false;
  let cancelWait: CancelTimer | null = null;
  let isClosed = false;

  const isAlone = (): boolean => {
    const [first, ...others] = occupants.values();
    if (first === undefined) return true;
    return kind === 'call' && others.length === 0 && first.isPhone;
  };
  const stopWaiting = (): void => {
    cancelWait?.();
    cancelWait = null;
  };
  const wait = (ms: number): void => {
    stopWaiting();
    cancelWait = clock.after(ms, () => {
      cancelWait = null;
      if (!isAlone()) return;
      if (isPhoneExpected()) wait(ms);
      else onAlone();
    });
  };
  const update = (): void => {
    if (isClosed) return;
    if (!isAlone()) {
      stopWaiting();
      hadCompany ||= occupants.size > 1;
      return;
    }
    if (cancelWait === null) aloneSinceMs = clock.nowMs();
    const isLeftBehind = occupants.size > 0 && hadCompany && !isPhoneExpected();
    if (isLeftBehind) wait(0);
    else if (cancelWait === null) wait(graceMs);
  };

  return {
    get present() {
      return [...occupants.values()];
    },
    get aloneSinceMs() {
      return aloneSinceMs;
    },
    joined(participantId, occupant) {
      occupants.set(participantId, occupant);
      update();
    },
    left(participantId) {
      occupants.delete(participantId);
      // Who stays is alone from now on, not since before.
      stopWaiting();
      update();
    },
    changed: update,
    [Symbol.dispose]() {
      isClosed = true;
      stopWaiting();
    },
  };
};
