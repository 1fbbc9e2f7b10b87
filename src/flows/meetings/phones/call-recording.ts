import type { Leg } from '../../../core/calls/types.ts';
import type { LegId, ProviderCallId } from '../../../core/ids.ts';
import type { Clock, Log, Phone, Tx } from '../../../core/ports.ts';
import { retry, untilDone } from '../../../core/retry.ts';
import { applyLegEvent } from './legs.ts';

const TIMEOUT_MS = 20_000;

/**
 * Records a call, once: both directions of the callee's phone, as soon as its audio flows. Without a recording the
 * result is made of the captions.
 */
export const createCallRecorder = (
  ports: { readonly phone: Phone; readonly clock: Clock; readonly log: Log },
  options: {
    /** The meeting's clock. */
    readonly nowMs: () => number;
    readonly persist: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  },
): ((leg: Leg, reconnected: boolean) => Promise<void>) => {
  const { phone, clock, log } = ports;
  const { nowMs, persist } = options;
  // The phone may reconnect before the network answers; a second recording would be one too many.
  let isRequested = false;

  /** When it began on the meeting's clock; null for one that an earlier process began. */
  const findOrStart = async (legId: LegId, callId: ProviderCallId, reconnected: boolean) => {
    const signal = clock.timeoutSignal(TIMEOUT_MS);
    const waitAfter = untilDone(log, 'a recording could not be started yet');
    const known = reconnected
      ? await retry(() => phone.findRecording(callId), { clock, signal, waitAfter })
      : null;
    if (known !== null) return { recordingId: known, beganAtMs: null };
    const recordingId = await retry(() => phone.startRecording(legId, callId), { clock, signal, waitAfter });
    return { recordingId, beganAtMs: nowMs() };
  };

  return async ({ id: legId, role, callId, recording }, reconnected) => {
    if (role !== 'callee' || callId === null || recording !== null || isRequested) return;
    isRequested = true;
    try {
      const began = await findOrStart(legId, callId, reconnected);
      await persist((tx) => applyLegEvent(tx, legId, { type: 'recording-began', ...began }, clock.nowMs()));
    } catch (error) {
      isRequested = false;
      log.error({ err: error, leg: legId }, 'a call is not recorded');
    }
  };
};
