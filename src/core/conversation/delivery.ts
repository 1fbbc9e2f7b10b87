import type { ErrorCode } from '../error.ts';
import type { Conversation, Job, RecordingState, Undelivered } from './types.ts';

/** The outcome of posting a result. */
export type DeliveryEvent =
  /** The thread shows the result as of `revision`; `inFile`: the transcript is too long for the message. */
  | { readonly type: 'published'; readonly revision: number; readonly inFile: boolean }
  /** The result as of `revision` can't be posted in the thread. */
  | { readonly type: 'undeliverable'; readonly revision: number; readonly because: ErrorCode }
  /** The person who started it got the result as of `revision` as a direct message. */
  | { readonly type: 'sent-privately'; readonly revision: number };

/** The state after an outcome, and the jobs that follow. Null when the event does not fit, and nothing changes. */
export const decideDelivery = (
  { id, state, revision }: Conversation,
  event: DeliveryEvent,
  nowMs: number,
): {
  readonly state: Extract<RecordingState, { name: 'published' }> | Undelivered;
  readonly jobs: readonly Job[];
} | null => {
  if (event.revision !== revision) return null;
  switch (event.type) {
    case 'published':
      return state.name === 'transcribed'
        ? { state: { name: 'published', atMs: nowMs, inFile: event.inFile }, jobs: [] }
        : null;
    case 'undeliverable':
      return state.name === 'transcribed'
        ? {
            state: { name: 'undelivered', because: event.because, sent: false },
            jobs: [{ name: 'send-privately', conversationId: id, revision }],
          }
        : null;
    case 'sent-privately':
      return state.name === 'undelivered' ? { state: { ...state, sent: true }, jobs: [] } : null;
  }
};
