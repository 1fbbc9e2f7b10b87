import type { AppError, ErrorCode } from '../error.ts';
import type { ConversationId, MemberId, MessageId, Thread } from '../ids.ts';
import { type DeliveryEvent, decideDelivery } from './delivery.ts';
import type { Conversation, Job, RecordingConversation, RecordingSource, RecordingState } from './types.ts';

/** What happened to a recording. */
export type RecordingEvent =
  /** Its status message is posted. */
  | { readonly type: 'announced' }
  | { readonly type: 'transcription-started' }
  | { readonly type: 'will-retry'; readonly code: ErrorCode }
  | { readonly type: 'transcribed' }
  | { readonly type: 'failed'; readonly error: AppError }
  /** Its message or its file was deleted. */
  | { readonly type: 'withdrawn' }
  | DeliveryEvent
  | { readonly type: 'retry-requested' }
  | { readonly type: 'speakers-named' };

export interface Decision {
  readonly conversation: RecordingConversation;
  /** To be enqueued in the transaction that saves the conversation. */
  readonly jobs: readonly Job[];
}

/**
 * The life of a recording: waiting -> transcribing -> transcribed -> published; or failed, which may be retried. A
 * result that can't be posted is undelivered, and may be posted later. Until its result is posted it may be withdrawn,
 * which is final: whatever a job still does for it then is taken back. An event that does not fit the state (a repeated
 * job, a late retry) changes nothing, so that every job is safe to run twice.
 */
export const decide = (
  conversation: RecordingConversation,
  event: RecordingEvent,
  nowMs: number,
): Decision => {
  const { id, state, revision } = conversation;
  const same: Decision = { conversation, jobs: [] };
  const become = (next: RecordingState, jobs: readonly Job[] = []): Decision => ({
    conversation: { ...conversation, state: next },
    jobs,
  });
  const becomeAndShow = (next: RecordingState): Decision => ({
    conversation: { ...conversation, state: next, revision: revision + 1 },
    jobs: [{ name: 'publish', conversationId: id, revision: revision + 1 }],
  });

  if (state.name === 'withdrawn') return { conversation, jobs: mayHaveShown(event) ? [withdraw(id)] : [] };

  switch (event.type) {
    case 'announced':
      return state.name === 'waiting'
        ? { conversation, jobs: [{ name: 'transcribe', conversationId: id }] }
        : same;
    case 'transcription-started':
      return state.name === 'waiting' ? become({ name: 'transcribing' }) : same;
    case 'will-retry':
      return isPending(state) ? become({ name: 'waiting', because: event.code }) : same;
    case 'transcribed':
      return isPending(state) ? becomeAndShow({ name: 'transcribed' }) : same;
    case 'failed':
      return isPending(state)
        ? becomeAndShow({
            name: 'failed',
            code: event.error.code,
            message: event.error.userMessage,
            mayRetry: isWorthRetrying(event.error),
          })
        : same;
    case 'withdrawn':
      return isPending(state) || state.name === 'transcribed' || state.name === 'failed'
        ? become({ name: 'withdrawn' }, [withdraw(id)])
        : same;
    case 'published':
    case 'undeliverable':
    case 'sent-privately': {
      const posting = decideDelivery(conversation, event, nowMs);
      return posting === null ? same : become(posting.state, posting.jobs);
    }
    case 'retry-requested':
      if (state.name === 'undelivered') return becomeAndShow({ name: 'transcribed' });
      return state.name === 'failed' && state.mayRetry
        ? {
            ...become({ name: 'waiting', because: null }),
            jobs: [{ name: 'transcribe', conversationId: id }],
          }
        : same;
    case 'speakers-named':
      return isTranscribed(state) ? becomeAndShow({ name: 'transcribed' }) : same;
  }
};

const withdraw = (conversationId: RecordingConversation['id']): Job => ({
  name: 'withdraw',
  conversationId,
});

/** Whether a job may have shown something before its event found the recording withdrawn. */
const mayHaveShown = ({ type }: RecordingEvent): boolean =>
  type !== 'retry-requested' && type !== 'speakers-named';

const isPending = (state: RecordingState): boolean =>
  state.name === 'waiting' || state.name === 'transcribing';

/** Whether there is a result, wherever it is shown. */
export const isTranscribed = ({ name }: Conversation['state']): boolean =>
  name === 'transcribed' || name === 'published' || name === 'undelivered';

/** Whether nothing more happens without a request. */
export const isSettled = (state: RecordingState): boolean =>
  state.name === 'published' ||
  state.name === 'undelivered' ||
  state.name === 'failed' ||
  state.name === 'withdrawn';

/** Transient faults, and what a person can fix in between: permissions, keys, the channel. Not the file itself. */
const isWorthRetrying = (error: AppError): boolean =>
  error.retryable ||
  (
    [
      'no-file-access',
      'not-in-channel',
      'channel-archived',
      'engine-refused',
      'link-failed',
    ] satisfies ErrorCode[] as ErrorCode[]
  ).includes(error.code);

export interface Acceptance {
  readonly id: ConversationId;
  readonly thread: Thread;
  readonly postedIn: MessageId;
  readonly position: number;
  readonly startedBy: MemberId;
  readonly title: string;
  readonly source: RecordingSource;
}

/** The caller enqueues its `announce` job, one for all recordings of a message. */
export const acceptRecording = (acceptance: Acceptance, nowMs: number): RecordingConversation => ({
  ...acceptance,
  kind: 'recording',
  createdAtMs: nowMs,
  revision: 1,
  state: { name: 'waiting', because: null },
});
