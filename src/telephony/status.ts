import type { AnsweredBy } from '../core/calls/types.ts';
import type { CallReport, PhoneEvent, RecordingState } from '../core/ports.ts';
import type { CallStatus } from './schemas.ts';
import { CALL_FAILED, sentenceOfCode, sentenceOfSip } from './sentences.ts';

/** The state of a call. Why it failed follows from the network's own code, or from the other network's SIP response. */
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
        reason: sentenceOfCode(why.code) ?? sentenceOfSip(why.sipResponse) ?? CALL_FAILED,
      };
  }
};

export const eventOf = (report: CallReport): PhoneEvent =>
  report.state === 'ended'
    ? { type: 'ended', how: report.how, reason: report.reason }
    : { type: report.state };

/** A fax counts as a machine. @see https://www.twilio.com/docs/voice/answering-machine-detection */
export const answeredByOf = (answeredBy: string): AnsweredBy => {
  if (answeredBy === 'human') return 'person';
  return answeredBy === 'fax' || answeredBy.startsWith('machine_') ? 'machine' : 'unknown';
};

/**
 * The state of a recording, which can be downloaded and deleted once it is `completed`. Lists and fetches call all that
 * comes before `processing`. Null for a status that is not known.
 */
export const recordingStateOf = (status: string): RecordingState | null => {
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
