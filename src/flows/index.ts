import type { JobHandlers, MeetingAccess, PhoneEvents, Requests } from '../core/ports.ts';
import { dialLegHandler } from './calls/dial-leg.ts';
import { createPhoneEvents } from './calls/phone-events.ts';
import { reconcileLegHandler } from './calls/reconcile-leg.ts';
import { createCallRequests } from './calls/requests.ts';
import { transcribeCallHandler } from './calls/transcribe-call.ts';
import { concludeMeetingHandler } from './meetings/conclude.ts';
import { openMeetingHandler, watchMeetingHandler } from './meetings/jobs.ts';
import { createMeetingRegistry, type MeetingRegistry } from './meetings/registry.ts';
import { createMeetingRequests } from './meetings/requests.ts';
import type { FlowParts } from './parts.ts';
import { announceHandler } from './recordings/announce.ts';
import { createRecordingRequests } from './recordings/requests.ts';
import { transcribeHandler } from './recordings/transcribe.ts';
import { shareExportHandler } from './results/exports.ts';
import { publishHandler } from './results/publish.ts';
import { sendPrivatelyHandler } from './results/send-privately.ts';

export { type FlowParts, MEETING_PACE } from './parts.ts';

/** The ways through the house: what people ask, and the durable jobs that follow from it. */
export const createFlows = (parts: FlowParts): Flows => {
  const meetings = createMeetingRegistry(parts);
  return {
    requests: {
      ...createRecordingRequests(parts),
      ...createMeetingRequests(parts, meetings),
      ...createCallRequests(parts, meetings),
    },
    handlers: {
      announce: announceHandler(parts),
      transcribe: transcribeHandler(parts),
      publish: publishHandler(parts),
      'send-privately': sendPrivatelyHandler(parts),
      'share-export': shareExportHandler(parts),
      'open-meeting': openMeetingHandler(parts, meetings),
      'watch-meeting': watchMeetingHandler(parts, meetings),
      'conclude-meeting': concludeMeetingHandler(parts),
      'dial-leg': dialLegHandler(parts, meetings),
      'reconcile-leg': reconcileLegHandler(parts, meetings),
      'transcribe-call': transcribeCallHandler(parts),
    },
    meetings,
    calls: createPhoneEvents(parts, meetings),
  };
};

export interface Flows {
  readonly requests: Requests;
  readonly handlers: JobHandlers;
  /**
   * `resume` once requests are answered. To be closed before the queue and the store: what was said is stored, and what
   * is carried here may go on elsewhere.
   */
  readonly meetings: MeetingAccess & Pick<MeetingRegistry, 'resume' | 'close'>;
  readonly calls: PhoneEvents;
}
