import type { Leg } from '../../../core/calls/types.ts';
import type { LegId } from '../../../core/ids.ts';
import type { Clock, Log, Phone } from '../../../core/ports.ts';

/** How long a phone is left alone after it was reconnected, or when it is about to connect or end by itself. */
const LEFT_ALONE_MS = 10_000;

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
  /** Whether it was connected before, here or in an earlier process. Others may still be hearing the notice. */
  wasIn: (id: LegId) => boolean,
): Reconnector => {
  const leftAloneUntilMs = new Map<LegId, number>();
  /** Without it a phone whose audio always breaks off at once would be reconnected without end. */
  const reconnectedAtMs = new Map<LegId, number>();

  const leaveAlone = (id: LegId): void => void leftAloneUntilMs.set(id, clock.monotonicMs() + LEFT_ALONE_MS);
  const isDue = (id: LegId): boolean =>
    clock.monotonicMs() >= (leftAloneUntilMs.get(id) ?? 0) &&
    clock.monotonicMs() >= (reconnectedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) + LEFT_ALONE_MS;

  return {
    connecting: leaveAlone,
    connected: (id) => void leftAloneUntilMs.delete(id),
    disconnected(id, how) {
      // The network is about to report the end of a call that was hung up.
      if (how === 'ended') leaveAlone(id);
    },
    check(missing) {
      for (const { id, callId } of missing) {
        if (callId === null || !wasIn(id) || !isDue(id)) continue;
        reconnectedAtMs.set(id, clock.monotonicMs());
        phone.redirectCall(id, callId).then(
          (isActive) => log.info({ leg: id, isActive }, 'a phone without audio is reconnected'),
          (error: unknown) => log.warn({ err: error, leg: id }, 'a phone could not be reconnected'),
        );
      }
    },
  };
};
