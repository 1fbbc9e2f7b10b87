import type { Clock } from '../../../src/core/ports.ts';
import { rfc2822 } from '../ids.ts';
import type { Webhooks } from '../webhooks.ts';
import {
  type CallRecord,
  type CallRequest,
  type CallStatus,
  callParameters,
  durationSeconds,
} from './record.ts';

type ProgressEvent = 'initiated' | 'ringing' | 'answered' | 'completed';
type Target = CallRequest['statusCallback'];

/** Reports the progress of one call to the customer, as far as it asked for that. */
export interface StatusCallbacks {
  send(event: ProgressEvent): void;
  setTarget(target: Target): void;
}

export type CreateStatusCallbacks = (record: CallRecord, target: Target) => StatusCallbacks;

/** @see https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
export const createStatusCallbacks =
  ({
    accountSid,
    webhooks,
    clock,
  }: {
    accountSid: string;
    webhooks: Webhooks;
    clock: Clock;
  }): CreateStatusCallbacks =>
  (record, initialTarget) => {
    let target = initialTarget;
    let sequence = 0;
    return {
      send: (event) => {
        const number = sequence;
        // Events that are not sent count too.
        sequence += 1;
        if (target === null || !target.events.includes(event)) return;
        webhooks.send(record.sid, {
          url: target.url,
          method: target.method,
          parameters: {
            ...callParameters(accountSid, record),
            ...(event === 'initiated' ? { CallStatus: 'initiated' } : {}),
            ...(event === 'completed' ? endParameters(record) : {}),
            CallbackSource: 'call-progress-events',
            SequenceNumber: String(number),
            Timestamp: rfc2822(clock.nowMs()),
          },
        });
      },
      setTarget: (next) => {
        target = next;
      },
    };
  };

/** The SIP response of each end, as Twilio reports it. */
const SIP_RESPONSES: Partial<Record<CallStatus, string>> = {
  completed: '200',
  busy: '486',
  'no-answer': '480',
  canceled: '487',
  failed: '404',
};

const endParameters = (record: CallRecord): Record<string, string> => {
  const seconds = durationSeconds(record);
  return {
    CallDuration: String(seconds),
    Duration: String(Math.ceil(seconds / 60)),
    SipResponseCode: SIP_RESPONSES[record.status] ?? '',
  };
};
