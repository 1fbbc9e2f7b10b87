import { z } from 'zod';
import type { AnsweredBy } from '../core/calls/types.ts';
import type { CallReport, PhoneEvent } from '../core/ports.ts';
import { sentenceOfCode, sentenceOfSip } from './sentences.ts';

/** `initiated` comes in callbacks only, `answered` is how some of them name `in-progress`. */
export const callStatus = z.enum([
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'answered',
  'completed',
  'busy',
  'no-answer',
  'canceled',
  'failed',
]);
type CallStatus = z.infer<typeof callStatus>;

const FAILED = 'The call did not get through. Please check the number, or try again later.';

/** How a call is. Why it failed is told by what the far network answered, or by the network's own code. */
export const reportOf = (
  status: CallStatus,
  why: { readonly sipResponse: number | null; readonly code: number | null } = {
    sipResponse: null,
    code: null,
  },
): CallReport => {
  switch (status) {
    case 'queued':
    case 'initiated':
    case 'ringing':
      return { state: 'ringing' };
    case 'in-progress':
    case 'answered':
      return { state: 'answered' };
    case 'completed':
      return { state: 'ended', how: 'hung-up', reason: null };
    case 'busy':
      return { state: 'ended', how: 'busy', reason: null };
    case 'no-answer':
      return { state: 'ended', how: 'no-answer', reason: null };
    case 'canceled':
      return { state: 'ended', how: 'cancelled', reason: null };
    case 'failed':
      return {
        state: 'ended',
        how: 'failed',
        reason: sentenceOfCode(why.code) ?? sentenceOfSip(why.sipResponse) ?? FAILED,
      };
  }
};

export const eventOf = (report: CallReport): PhoneEvent =>
  report.state === 'ended'
    ? { type: 'ended', how: report.how, reason: report.reason }
    : { type: report.state };

/** A fax is a machine, too. @see https://www.twilio.com/docs/voice/answering-machine-detection */
export const answeredByOf = (answeredBy: string): AnsweredBy => {
  if (answeredBy === 'human') return 'person';
  return answeredBy === 'fax' || answeredBy.startsWith('machine_') ? 'machine' : 'unknown';
};

/** How a recording is: nothing can be fetched of it before it is `completed`. Null for what is not known. */
export const recordingStateOf = (status: string): 'running' | 'ready' | 'absent' | null => {
  switch (status) {
    case 'in-progress':
    case 'paused':
    case 'stopped':
    case 'processing':
      return 'running';
    case 'completed':
      return 'ready';
    case 'absent':
    case 'failed':
      return 'absent';
    default:
      return null;
  }
};
