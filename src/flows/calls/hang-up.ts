import type { Leg } from '../../core/calls/types.ts';
import type { LegId } from '../../core/ids.ts';
import type { Log, Phone } from '../../core/ports.ts';

/** Long enough for the network to ask, for the longest farewell, and for the news that the call ended. */
const FAREWELL_MS = 15_000;
/** No farewell of a call that is still on is forgotten by then. */
const REMEMBERED_MS = 3_600_000;

/**
 * Hangs up. Whoever is on a telephone is told first that it is over: it asks what now (`Calls.answered`), and that
 * answer hangs it up; should it be there all the same, it is hung up when it is asked for again later. To be called as
 * often as one likes. Another copy of Parley does not know of the farewell, and begins it anew at worst.
 */
export const createHangUp = (parts: {
  readonly monotonicMs: () => number;
  readonly log: Log;
}): ((phone: Phone, leg: Leg) => Promise<void>) => {
  const { monotonicMs, log } = parts;
  const begunAtMs = new Map<LegId, number>();

  return async (phone, { id, callId, state }) => {
    if (callId === null) return;
    // Nobody needs to hear what is left on a mailbox.
    if (state.name !== 'answered' || state.by === 'machine') return phone.hangUp(callId);
    const nowMs = monotonicMs();
    for (const [old, atMs] of begunAtMs) if (nowMs >= atMs + REMEMBERED_MS) begunAtMs.delete(old);
    const begun = begunAtMs.get(id);
    if (begun !== undefined) return nowMs < begun + FAREWELL_MS ? undefined : phone.hangUp(callId);
    begunAtMs.set(id, nowMs);
    try {
      await phone.redirectCall(id, callId);
    } catch (error) {
      log.warn({ err: error, leg: id }, 'a telephone is hung up without a word');
      begunAtMs.delete(id);
      await phone.hangUp(callId);
    }
  };
};
