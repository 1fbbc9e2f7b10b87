import type { ErrorCode } from '../error.ts';
import type { Channel, ConversationId, FileId, LegId, MemberId, MessageId, Thread } from '../ids.ts';

/** People talking, heard by Parley. What follows the talking is the same for every kind. */
export type Conversation = RecordingConversation | MeetingConversation;

interface ConversationBase {
  readonly id: ConversationId;
  readonly startedBy: MemberId;
  /** What the thread calls it: the file's name, the meeting's title. Shown escaped. */
  readonly title: string;
  readonly createdAtMs: number;
  /** Grows with every change of what the thread shows, so that a late redraw never overwrites a newer one. */
  readonly revision: number;
}

export interface RecordingConversation extends ConversationBase {
  readonly kind: 'recording';
  readonly thread: Thread;
  readonly source: RecordingSource;
  /** The message the recording came in, and its place among that message's recordings. */
  readonly postedIn: MessageId;
  readonly position: number;
  readonly state: RecordingState;
}

export type RecordingSource =
  | {
      readonly type: 'chat-file';
      readonly fileId: FileId;
      readonly name: string;
      readonly sizeBytes: number | null;
    }
  | { readonly type: 'link'; readonly url: string; readonly name: string };

/** `published.inFile`: the transcript is too long for the message, and is shared as a file as well. */
export type RecordingState =
  /** Accepted and in the database; its turn has not come, or a passing fault is being waited out. */
  | { readonly name: 'waiting'; readonly because: ErrorCode | null }
  /** Bytes are on their way to the engine, or the engine is at work. */
  | { readonly name: 'transcribing' }
  /** What was heard is stored; the thread does not show it yet, or not as it now is. */
  | { readonly name: 'transcribed' }
  | { readonly name: 'published'; readonly atMs: number; readonly inFile: boolean }
  | Undelivered
  | {
      readonly name: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly mayRetry: boolean;
    };

/** People in a room of ours: a meeting, or a call, which began with a telephone that rang. */
export interface MeetingConversation extends ConversationBase {
  readonly kind: 'meeting' | 'call';
  readonly channel: Channel;
  /** Under the meeting's card; null as long as the card is not posted (`opening`, and `failed` when it never was). */
  readonly thread: Thread | null;
  /** May mute, remove, switch captions and end; at first who started it. */
  readonly host: MemberId;
  /** When the first person came in: the zero of the conversation's clock. Null before. */
  readonly startedAtMs: number | null;
  /** When it was over. Null before. */
  readonly endedAtMs: number | null;
  readonly state: MeetingState;
}

export type MeetingState =
  /** Asked for and in the database; the card is not in the channel yet. */
  | { readonly name: 'opening' }
  /** The card is there and people may come in. Live from the first one on (`startedAtMs`). */
  | { readonly name: 'open' }
  /** Nobody may come in any more; the last words are awaited. `by` is null when everybody had left. */
  | { readonly name: 'ending'; readonly by: MemberId | null }
  /** Every word is stored as a line; what was heard is not made of them yet. */
  | { readonly name: 'ended' }
  | { readonly name: 'transcribed' }
  | { readonly name: 'published'; readonly atMs: number; readonly inFile: boolean }
  | Undelivered
  /** Nobody said anything, or the card could not be posted. */
  | { readonly name: 'failed'; readonly code: ErrorCode; readonly message: string };

/**
 * The thread does not take what was heard, for this reason. `sent`: whoever started the conversation has it in a message
 * of their own.
 */
export interface Undelivered {
  readonly name: 'undelivered';
  readonly because: ErrorCode;
  readonly sent: boolean;
}

/** Work that survives a crash: enqueued in the transaction that makes it necessary. */
export type Job =
  /** Answer in the thread at once, one message a recording, in their order. */
  | { readonly name: 'announce'; readonly conversationIds: readonly ConversationId[] }
  | { readonly name: 'transcribe'; readonly conversationId: ConversationId }
  /** Draw the conversation as it now is in its thread: progress, failure, or result with chart and files. */
  | { readonly name: 'publish'; readonly conversationId: ConversationId; readonly revision: number }
  /** Send a result that its thread does not take to whoever started the conversation. */
  | { readonly name: 'send-privately'; readonly conversationId: ConversationId; readonly revision: number }
  /** Share one export of the transcript as a file in the thread. */
  | {
      readonly name: 'share-export';
      readonly conversationId: ConversationId;
      readonly format: ExportFormat;
      readonly revision: number;
      /** Who asked, and is told if it fails. */
      readonly by: MemberId;
    }
  /** Post the card of a meeting in its channel. */
  | { readonly name: 'open-meeting'; readonly conversationId: ConversationId }
  /** See whether a meeting still has a copy of Parley that carries it; comes again until the meeting is over. */
  | { readonly name: 'watch-meeting'; readonly conversationId: ConversationId }
  /** Show the last captions and the ended card, and make what was heard out of the lines. */
  | { readonly name: 'conclude-meeting'; readonly conversationId: ConversationId }
  /** Have a telephone rung. One a leg, since two at once could ring it twice. */
  | { readonly name: 'dial-leg'; readonly legId: LegId }
  /** Do what a telephone that was rung needs next: look how it is, hang it up, settle its recording. */
  | { readonly name: 'reconcile-leg'; readonly legId: LegId }
  /** Hear the recording of a call that ended. */
  | { readonly name: 'transcribe-call'; readonly conversationId: ConversationId };

export type JobName = Job['name'];

export const EXPORT_FORMATS = ['txt', 'vtt', 'srt', 'json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
