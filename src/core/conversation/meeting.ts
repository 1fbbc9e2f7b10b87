import type { AppError } from '../error.ts';
import type { Channel, ConversationId, MemberId, MessageId } from '../ids.ts';
import { shorten, toSingleLine } from '../single-line.ts';
import { isTranscribed } from './decide.ts';
import { type DeliveryEvent, decideDelivery } from './delivery.ts';
import type { Job, MeetingConversation, MeetingState } from './types.ts';

/** What happened to a meeting. */
export type MeetingEvent =
  /** Its card is posted. */
  | { readonly type: 'card-posted'; readonly messageId: MessageId }
  | { readonly type: 'card-failed'; readonly error: AppError }
  /** Someone joined. */
  | { readonly type: 'joined' }
  /** By the host, or null when it was empty for the grace period. */
  | { readonly type: 'end-requested'; readonly by: MemberId | null }
  /** All final captions are stored. */
  | { readonly type: 'finals-stored' }
  | { readonly type: 'transcribed' }
  /** No speech. `notify`: whether the thread should say so, because people were together. `reason`: why, if known. */
  | { readonly type: 'silent'; readonly notify: boolean; readonly reason?: string | null }
  | DeliveryEvent
  | { readonly type: 'speakers-named' };

export interface MeetingDecision {
  readonly conversation: MeetingConversation;
  /** To be enqueued in the transaction that saves the conversation. */
  readonly jobs: readonly Job[];
}

const NO_ONE_JOINED = {
  meeting: 'No one joined, so this meeting was closed.',
  call: 'This call ended before anyone talked.',
} as const;

const silence = ({ kind, startedAtMs }: MeetingConversation): string =>
  startedAtMs === null
    ? NO_ONE_JOINED[kind]
    : `No speech was detected, so there’s no transcript of this ${kind}.`;

/**
 * The life of a meeting, or a call: opening -> open -> ending -> ended -> transcribed -> published (or undelivered),
 * or failed. As with recordings, an event that does not fit the state changes nothing.
 */
export const decideMeeting = (
  conversation: MeetingConversation,
  event: MeetingEvent,
  nowMs: number,
): MeetingDecision => {
  const { id, state, revision } = conversation;
  const same: MeetingDecision = { conversation, jobs: [] };
  const become = (next: MeetingState, jobs: readonly Job[] = []): MeetingDecision => ({
    conversation: { ...conversation, state: next },
    jobs,
  });
  const becomeAndShow = (next: MeetingState): MeetingDecision => ({
    conversation: { ...conversation, state: next, revision: revision + 1 },
    jobs: [{ name: 'publish', conversationId: id, revision: revision + 1 }],
  });

  switch (event.type) {
    case 'card-posted':
      return state.name === 'opening'
        ? {
            conversation: {
              ...conversation,
              thread: { ...conversation.channel, rootId: event.messageId },
              state: { name: 'open' },
            },
            jobs: [],
          }
        : same;
    case 'card-failed':
      return state.name === 'opening'
        ? become({ name: 'failed', code: event.error.code, message: event.error.userMessage })
        : same;
    case 'joined':
      return state.name === 'open' && conversation.startedAtMs === null
        ? {
            conversation: { ...conversation, startedAtMs: nowMs },
            jobs: [{ name: 'watch-meeting', conversationId: id }],
          }
        : same;
    case 'end-requested':
      return state.name === 'open'
        ? {
            conversation: { ...conversation, endedAtMs: nowMs, state: { name: 'ending', by: event.by } },
            jobs: [],
          }
        : same;
    case 'finals-stored':
      return state.name === 'ending'
        ? become({ name: 'ended' }, [{ name: 'conclude-meeting', conversationId: id }])
        : same;
    case 'transcribed':
      return state.name === 'ended' ? becomeAndShow({ name: 'transcribed' }) : same;
    case 'silent': {
      if (state.name !== 'ended') return same;
      const message = event.reason ?? silence(conversation);
      const silent: MeetingState = { name: 'failed', code: 'no-speech', message };
      return event.notify ? becomeAndShow(silent) : become(silent);
    }
    case 'published':
    case 'undeliverable':
    case 'sent-privately': {
      const posting = decideDelivery(conversation, event, nowMs);
      return posting === null ? same : become(posting.state, posting.jobs);
    }
    case 'speakers-named':
      return isTranscribed(state) ? becomeAndShow({ name: 'transcribed' }) : same;
  }
};

const MAX_TITLE_LENGTH = 120;

/** The caller enqueues its `open-meeting` job. */
export const newMeeting = (
  request: {
    readonly id: ConversationId;
    readonly kind: MeetingConversation['kind'];
    readonly channel: Channel;
    readonly startedBy: MemberId;
    readonly title: string;
  },
  nowMs: number,
): MeetingConversation => ({
  id: request.id,
  kind: request.kind,
  channel: request.channel,
  thread: null,
  startedBy: request.startedBy,
  host: request.startedBy,
  title:
    shorten(toSingleLine(request.title), MAX_TITLE_LENGTH) || (request.kind === 'call' ? 'Call' : 'Meeting'),
  createdAtMs: nowMs,
  startedAtMs: null,
  endedAtMs: null,
  revision: 1,
  state: { name: 'opening' },
});
