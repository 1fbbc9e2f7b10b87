import type { Leg } from '../../../core/calls/types.ts';
import type { LegId } from '../../../core/ids.ts';
import type { Log } from '../../../core/ports.ts';
import type { CallParts } from '../../parts.ts';

/** So long a telephone is left alone that was brought back, or that comes or goes by itself. */
const LEFT_ALONE_MS = 10_000;

/**
 * Brings telephones back whose sound broke off: because the line broke, or because it was in a process that died. They
 * would ask by themselves what now, but wait before they do, so that a restart fits in.
 */
export interface Reconnector {
  /** It was just told to connect. */
  comes(id: LegId): void;
  came(id: LegId): void;
  went(id: LegId, how: 'ended' | 'broken'): void;
  /** Those of them that were answered and have no place here. */
  look(missing: readonly Leg[]): void;
}

export const createReconnector = (parts: {
  readonly calls: CallParts | null;
  readonly log: Log;
  readonly monotonicMs: () => number;
  /** Who was in before, here or in an earlier process. Others may just be listening to what they are told first. */
  readonly wasIn: (id: LegId) => boolean;
}): Reconnector => {
  const { calls, log, monotonicMs } = parts;
  /** Until when nothing is to be done about a telephone. */
  const comingUntilMs = new Map<LegId, number>();
  /** One whose sound breaks off at once each time would else be brought back without end. */
  const broughtAtMs = new Map<LegId, number>();

  const leaveAlone = (id: LegId): void => void comingUntilMs.set(id, monotonicMs() + LEFT_ALONE_MS);
  const isDue = (id: LegId): boolean =>
    monotonicMs() >= (comingUntilMs.get(id) ?? 0) &&
    monotonicMs() >= (broughtAtMs.get(id) ?? Number.NEGATIVE_INFINITY) + LEFT_ALONE_MS;

  return {
    comes: leaveAlone,
    came: (id) => void comingUntilMs.delete(id),
    went(id, how) {
      // The network is about to tell of a call that was hung up.
      if (how === 'ended') leaveAlone(id);
    },
    look(missing) {
      for (const { id, callId } of missing) {
        if (calls === null || callId === null || !parts.wasIn(id) || !isDue(id)) continue;
        broughtAtMs.set(id, monotonicMs());
        calls.phone.redirectCall(id, callId).then(
          (isOn) => log.info({ leg: id, isOn }, 'a telephone whose sound broke off is brought back'),
          (error: unknown) => log.warn({ err: error, leg: id }, 'a telephone was not brought back'),
        );
      }
    },
  };
};
