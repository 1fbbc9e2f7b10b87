import type { Clock } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { PhoneFailure } from '../failures.ts';
import { rfc2822 } from '../ids.ts';
import type { OngoingCall } from '../live-call.ts';
import type { Timing } from '../options.ts';
import type { Webhooks } from '../webhooks.ts';
import type { RecordingRequest } from './record.ts';
import { Recording, type RecordingHooks } from './recording.ts';

export interface Recordings {
  /** The call must be answered. */
  start(call: OngoingCall, request: RecordingRequest): Recording;
  get(sid: string): Recording | undefined;
  /** Of one call, or of all for null. */
  list(callSid: string | null): Recording[];
  remove(sid: string): void;
}

/** Makes recordings, keeps them for as long as the network runs, and reports their status. */
export const createRecordings = (options: {
  account: { readonly accountSid: string; readonly apiUrl: () => string };
  timing: Pick<Timing, 'processingMs' | 'slowProcessingMs'>;
  webhooks: Webhooks;
  failures: Failures<PhoneFailure>;
  clock: Clock;
}): Recordings => {
  const { account, timing, failures, webhooks } = options;
  const recordings = new Map<string, Recording>();
  const hooks: RecordingHooks = {
    processingMs: () =>
      failures.shouldFail('phone-recording-slow') ? timing.slowProcessingMs : timing.processingMs,
    isLost: () => failures.shouldFail('phone-recording-absent'),
    isDeleted: (sid) => !recordings.has(sid),
    onStatus: (recording) => {
      const { callback } = recording.request;
      if (callback === null || !callback.events.includes(recording.status)) return;
      webhooks.send(recording.callSid, {
        url: callback.url,
        method: callback.method,
        parameters: parametersOf(account, recording),
      });
    },
  };
  return {
    start: (call, request) => {
      const recording = new Recording(call, request, hooks, options.clock);
      recordings.set(recording.sid, recording);
      return recording;
    },
    get: (sid) => recordings.get(sid),
    list: (callSid) => [...recordings.values()].filter((one) => callSid === null || one.callSid === callSid),
    remove: (sid) => void recordings.delete(sid),
  };
};

const parametersOf = (
  { accountSid, apiUrl }: { accountSid: string; apiUrl: () => string },
  recording: Recording,
): Record<string, string> => ({
  AccountSid: accountSid,
  CallSid: recording.callSid,
  RecordingSid: recording.sid,
  RecordingUrl: `${apiUrl()}/2010-04-01/Accounts/${accountSid}/Recordings/${recording.sid}`,
  RecordingStatus: recording.status,
  RecordingDuration: String(Math.round((recording.durationMs ?? 0) / 1000)),
  RecordingChannels: String(recording.request.channels),
  RecordingStartTime: rfc2822(recording.createdAtMs),
  RecordingSource: recording.request.source,
  RecordingTrack: 'both',
  ErrorCode: String(recording.errorCode ?? 0),
});
