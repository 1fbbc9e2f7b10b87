import type { Leg } from '../../../core/calls/types.ts';
import type { LegId } from '../../../core/ids.ts';
import type { Clock, Log, Phone } from '../../../core/ports.ts';

/** How long a phone is left alone after it was reconnected, or when it is about to connect or end by itself. */
const LEFT_ALONE_MS = 10_000;
/** The network reports the end of a call so soon after the end of its audio. Later, the phone is still there. */
const HANG_UP_REPORTED_WITHIN_MS = 3_000;

/**
 * Reconnects phones whose audio broke off, with its connection or with the process that hosted it. By themselves they
 * would ask how to go on only after a wait, which is long enough for a restart.
 */
export interface Reconnector {
  /** It was just told to connect. */
  connecting(id: LegId): void;
  connected(id: LegId): void;
  disconnected(id: LegId, how: 'ended' | 'broken'): void;
  /** @param missing phones that were answered and are not connected here */
  check(missing: readonly Leg[]): void;
}

export const createReconnector = (
  { phone, clock, log }: { readonly phone: Phone; readonly clock: Clock; readonly log: Log },
  options: {
    /** Whether it was connected before, here or in an earlier process. Others may still be hearing the notice. */
    readonly wasIn: (id: LegId) => boolean;
    /** Called when phones are to be checked. */
    readonly checkDue: () => void;
  },
): Reconnector => {
  const leftAloneUntilMs = new Map<LegId, number>();
  /** Without it a phone whose audio always breaks off at once would be reconnected without end. */
  const reconnectedAtMs = new Map<LegId, number>();

  const leaveAlone = (id: LegId, forMs = LEFT_ALONE_MS): void =>
    void leftAloneUntilMs.set(id, clock.monotonicMs() + forMs);
  const isDue = (id: LegId): boolean =>
    clock.monotonicMs() >= (leftAloneUntilMs.get(id) ?? 0) &&
    clock.monotonicMs() >= (reconnectedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) + LEFT_ALONE_MS;

  return {
    connecting: (id) => leaveAlone(id),
    connected: (id) => void leftAloneUntilMs.delete(id),
    disconnected(id, how) {
      if (how !== 'ended') return;
      // Mostly it hung up, which is about to be reported. Where only its audio ended it hears nothing more.
      leaveAlone(id, HANG_UP_REPORTED_WITHIN_MS);
      clock.after(HANG_UP_REPORTED_WITHIN_MS, options.checkDue);
    },
    check(missing) {
      for (const { id, callId } of missing) {
        if (callId === null || !options.wasIn(id) || !isDue(id)) continue;
        reconnectedAtMs.set(id, clock.monotonicMs());
        phone.redirectCall(id, callId).then(
          (isActive) => log.info({ leg: id, isActive }, 'a phone without audio is reconnected'),
          (error: unknown) => log.warn({ err: error, leg: id }, 'a phone could not be reconnected'),
        );
      }
    },
  };
};
