import type { ErrorCode } from '../error.ts';
import type { Conversation, Job, RecordingState, Undelivered } from './types.ts';

/** How showing a result went, of whatever it is the result. */
export type DeliveryEvent =
  /** The thread shows the result as of `revision`; `inFile`: the transcript is too long for the message. */
  | { readonly type: 'published'; readonly revision: number; readonly inFile: boolean }
  /** The thread does not take the result as of `revision`. */
  | { readonly type: 'undeliverable'; readonly revision: number; readonly because: ErrorCode }
  /** Whoever started it has the result as of `revision` in a message of their own. */
  | { readonly type: 'sent-privately'; readonly revision: number };

/** What becomes of a result, and the work that follows. Null when the event does not fit, and nothing changes. */
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
