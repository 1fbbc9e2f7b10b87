import { rfc2822 } from '../ids.ts';
import type { Network } from '../network.ts';
import {
  type CallOrder,
  type CallRecord,
  type CallStatus,
  callParameters,
  durationSeconds,
} from './record.ts';

type ProgressEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** Tells the network's customer how a call goes on, as far as it asked for that. */
export interface StatusCallbacks {
  send(event: ProgressEvent): void;
  readonly setTarget: (callback: CallOrder['statusCallback']) => void;
}

/** @see https://www.twilio.com/docs/voice/api/call-resource#statuscallback */
export const createStatusCallbacks = (
  network: Network,
  record: CallRecord,
  statusCallback: CallOrder['statusCallback'],
): StatusCallbacks => {
  let callback = statusCallback;
  let sequence = 0;
  return {
    send: (event) => {
      const number = sequence;
      // Counted whether it is told or not.
      sequence += 1;
      if (callback === null || !callback.events.includes(event)) return;
      network.webhooks.send(record.sid, {
        url: callback.url,
        method: callback.method,
        parameters: {
          ...callParameters(network.account.accountSid, record),
          ...(event === 'initiated' ? { CallStatus: 'initiated' } : {}),
          ...(event === 'completed' ? endOf(record) : {}),
          CallbackSource: 'call-progress-events',
          SequenceNumber: String(number),
          Timestamp: rfc2822(Date.now()),
        },
      });
    },
    setTarget: (next) => {
      callback = next;
    },
  };
};

/** How calls end in SIP, as Twilio tells it. */
const SIP_RESPONSES: Partial<Record<CallStatus, string>> = {
  completed: '200',
  busy: '486',
  'no-answer': '480',
  canceled: '487',
  failed: '404',
};

const endOf = (record: CallRecord): Record<string, string> => {
  const seconds = durationSeconds(record);
  return {
    CallDuration: String(seconds),
    Duration: String(Math.ceil(seconds / 60)),
    SipResponseCode: SIP_RESPONSES[record.status] ?? '',
  };
};
