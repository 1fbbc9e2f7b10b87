import type { WallClock } from '../../../src/core/ports.ts';
import type { CallRecord, CallStatus } from '../call/record.ts';

/** The status of a call as the REST API knows it. */
export type LaggingStatus = (record: CallRecord) => CallStatus;

/** The REST API learns of an answer a moment after the webhooks were sent. */
export const createLaggingStatus =
  (lagMs: number, clock: WallClock): LaggingStatus =>
  ({ status, direction, answeredAtMs }) =>
    status === 'in-progress' &&
    direction === 'outbound-api' &&
    answeredAtMs !== null &&
    clock.nowMs() < answeredAtMs + lagMs
      ? 'ringing'
      : status;
