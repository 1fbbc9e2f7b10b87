import type { Leg } from '../../core/calls/types.ts';
import type { LegId } from '../../core/ids.ts';
import type { Clock, Log, Phone } from '../../core/ports.ts';

/** Enough for the request of the network, the longest closing announcement, and the report that the call ended. */
const ANNOUNCEMENT_MS = 15_000;
/** Longer than any call goes on after its announcement began. */
const REMEMBERED_MS = 3_600_000;

/**
 * Hangs a phone up. A person on it first hears that the call is over: the phone asks how to go on
 * (`PhoneEvents.answered`), and the answer hangs it up; one that is still there later is hung up without a word.
 * To be called repeatedly. Another instance does not know of an announcement that began, and may repeat it.
 */
export const createHangUp = ({
  clock,
  log,
}: {
  readonly clock: Clock;
  readonly log: Log;
}): ((phone: Phone, leg: Leg) => Promise<void>) => {
  const announcedAtMs = new Map<LegId, number>();

  return async (phone, { id, callId, state }) => {
    if (callId === null) return;
    // A mailbox records what it hears.
    if (state.name !== 'answered' || state.by === 'machine') return phone.hangUp(callId);
    const nowMs = clock.monotonicMs();
    for (const [old, atMs] of announcedAtMs) {
      if (nowMs >= atMs + REMEMBERED_MS) announcedAtMs.delete(old);
    }
    const announced = announcedAtMs.get(id);
    if (announced !== undefined) {
      return nowMs < announced + ANNOUNCEMENT_MS ? undefined : phone.hangUp(callId);
    }
    announcedAtMs.set(id, nowMs);
    try {
      await phone.redirectCall(id, callId);
    } catch (error) {
      log.warn({ err: error, leg: id }, 'a phone is hung up without its closing announcement');
      announcedAtMs.delete(id);
      await phone.hangUp(callId);
    }
  };
};
