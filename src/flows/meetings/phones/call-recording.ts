import type { Leg } from '../../../core/calls/types.ts';
import type { LegId, ProviderCallId } from '../../../core/ids.ts';
import type { Clock, Log, Phone, Tx } from '../../../core/ports.ts';
import { retry, untilDone } from '../../../core/retry.ts';
import { applyLegEvent } from './legs.ts';

const TIMEOUT_MS = 30_000;
/** A recording that has just begun may not be listed yet, and must not begin twice. */
const LISTED_AFTER_MS = 2_000;

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
    /** Called before the network is asked, and when it recorded nothing after all. */
    readonly attempted: (attempt: 'asked' | 'failed') => void;
  },
): ((leg: Leg) => Promise<void>) => {
  const { phone, clock, log } = ports;
  const { nowMs, persist, attempted } = options;
  // The phone may reconnect before the network answers; a second recording would be one too many.
  let isRequested = false;

  /** When it began on the meeting's clock; null for one of an earlier process, or whose start was not confirmed. */
  const findOrStart = async (legId: LegId, callId: ProviderCallId) => {
    const running = (await phone.recordingsOf(callId)).find(({ state }) => state === 'running');
    if (running !== undefined) return { recordingId: running.id, beganAtMs: null };
    const recordingId = await phone.startRecording(legId, callId);
    return { recordingId, beganAtMs: nowMs() };
  };
  const waits = untilDone(log, 'a recording could not be started yet');
  const waitAfter = (error: unknown, attempt: number): number | null => {
    const waitMs = waits(error, attempt);
    return waitMs === null ? null : Math.max(waitMs, LISTED_AFTER_MS);
  };

  return async ({ id: legId, role, callId, recording }) => {
    if (role !== 'callee' || callId === null || recording !== null || isRequested) return;
    isRequested = true;
    attempted('asked');
    try {
      const signal = clock.timeoutSignal(TIMEOUT_MS);
      const began = await retry(() => findOrStart(legId, callId), { clock, signal, waitAfter });
      await persist((tx) => applyLegEvent(tx, legId, { type: 'recording-began', ...began }, clock.nowMs()));
    } catch (error) {
      isRequested = false;
      attempted('failed');
      log.error({ err: error, leg: legId }, 'a call is not recorded');
    }
  };
};
