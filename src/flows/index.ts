import type { ConversationId } from '../core/ids.ts';
import type {
  Charts,
  Chat,
  Clock,
  JobHandlers,
  Links,
  Log,
  MeetingAccess,
  PhoneEvents,
  Requests,
  Rooms,
  Speech,
  Store,
} from '../core/ports.ts';
import { dialLegHandler } from './calls/dial-leg.ts';
import { createPhoneEvents } from './calls/phone-events.ts';
import { reconcileLegHandler } from './calls/reconcile-leg.ts';
import { createCallRequests } from './calls/requests.ts';
import { createCallSettingsRequests } from './calls/settings-requests.ts';
import { transcribeCallHandler } from './calls/transcribe-call.ts';
import { createMeetingAccess } from './meetings/access.ts';
import { concludeMeetingHandler } from './meetings/conclude.ts';
import type { Instance } from './meetings/lease.ts';
import { openMeetingHandler } from './meetings/open-meeting.ts';
import type { CallOptions } from './meetings/phones/dial-out.ts';
import { createMeetingRegistry, type MeetingRegistry } from './meetings/registry.ts';
import { createMeetingRequests, type MeetingLinkTo } from './meetings/requests.ts';
import type { MeetingTiming } from './meetings/timing.ts';
import { watchMeetingHandler } from './meetings/watch-meeting.ts';
import { membersOnly } from './members-only.ts';
import { announceHandler } from './recordings/announce.ts';
import { createRecordingRequests } from './recordings/requests.ts';
import { takeSharedFileHandler } from './recordings/take-shared-file.ts';
import { transcribeHandler } from './recordings/transcribe.ts';
import { withdrawHandler } from './recordings/withdraw.ts';
import { shareExportHandler } from './results/exports.ts';
import { publishHandler } from './results/publish.ts';
import { createResultRequests, type SampleUrl } from './results/requests.ts';
import { sendExportHandler } from './results/send-export.ts';
import { sendPrivatelyHandler } from './results/send-privately.ts';
import { createEditBudget } from './util/edit-budget.ts';

export { MEETING_TIMING } from './meetings/timing.ts';

/** Everything that the flows take: ports, and what the composition root decides. */
export interface FlowOptions {
  readonly store: Store;
  readonly chat: Chat;
  readonly links: Links;
  readonly speech: Speech;
  readonly charts: Charts;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ConversationId;
  readonly sampleUrl: SampleUrl;
  readonly linkTo: MeetingLinkTo;
  readonly instance: Instance;
  readonly timing: MeetingTiming;
  /** Null where no phone provider is configured. */
  readonly calls: CallOptions | null;
}

export interface Flows {
  readonly requests: Requests;
  readonly handlers: JobHandlers;
  readonly access: MeetingAccess;
  /**
   * To be resumed once requests are answered, and closed before the queue and the store: every word is stored then, and
   * the meetings may go on elsewhere.
   */
  readonly meetings: MeetingRegistry;
  readonly phoneEvents: PhoneEvents;
}

/** The use cases and the durable background jobs that follow from them. */
export const createFlows = (options: FlowOptions): Flows => {
  const common = { ...options, edits: createEditBudget(options.clock) };
  const ports = { ...common, meetings: createMeetingRegistry(common) };
  return {
    requests: membersOnly(
      {
        ...createRecordingRequests(ports),
        ...createResultRequests(ports),
        ...createMeetingRequests(ports),
        ...createCallRequests(ports),
        ...createCallSettingsRequests(ports),
      },
      ports.chat,
    ),
    handlers: {
      announce: announceHandler(ports),
      transcribe: transcribeHandler(ports),
      withdraw: withdrawHandler(ports),
      'take-shared-file': takeSharedFileHandler({ ...ports, requests: createRecordingRequests(ports) }),
      publish: publishHandler(ports),
      'send-privately': sendPrivatelyHandler(ports),
      'share-export': shareExportHandler(ports),
      'send-export': sendExportHandler(ports),
      'open-meeting': openMeetingHandler(ports),
      'watch-meeting': watchMeetingHandler(ports),
      'conclude-meeting': concludeMeetingHandler(ports),
      'dial-leg': dialLegHandler(ports),
      'reconcile-leg': reconcileLegHandler(ports),
      'transcribe-call': transcribeCallHandler(ports),
    },
    access: createMeetingAccess(ports),
    meetings: ports.meetings,
    phoneEvents: createPhoneEvents(ports),
  };
};
