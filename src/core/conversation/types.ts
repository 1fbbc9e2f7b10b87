import type { ErrorCode } from '../error.ts';
import type { ConversationId, FileId, MemberId, MessageId, Thread } from '../ids.ts';

/** People talking, heard by Parley. What follows the talking is the same for every kind. */
export type Conversation = RecordingConversation;

interface ConversationBase {
  readonly id: ConversationId;
  readonly thread: Thread;
  readonly startedBy: MemberId;
  /** What the thread calls it: the file's name, the meeting's title. Shown escaped. */
  readonly title: string;
  readonly createdAtMs: number;
  /** Grows with every change of what the thread shows, so that a late redraw never overwrites a newer one. */
  readonly revision: number;
}

export interface RecordingConversation extends ConversationBase {
  readonly kind: 'recording';
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
  | { readonly name: 'heard' }
  | { readonly name: 'published'; readonly atMs: number; readonly inFile: boolean }
  | {
      readonly name: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly mayRetry: boolean;
    };

/** Work that survives a crash: enqueued in the transaction that makes it necessary. */
export type Job =
  /** Answer in the thread at once, one message a recording, in their order. */
  | { readonly name: 'announce'; readonly conversationIds: readonly ConversationId[] }
  | { readonly name: 'transcribe'; readonly conversationId: ConversationId }
  /** Draw the conversation as it now is in its thread: progress, failure, or result with chart and files. */
  | { readonly name: 'publish'; readonly conversationId: ConversationId; readonly revision: number }
  /** Share one export of the transcript as a file in the thread. */
  | {
      readonly name: 'share-export';
      readonly conversationId: ConversationId;
      readonly format: ExportFormat;
      readonly revision: number;
      /** Who asked, and is told if it fails. */
      readonly by: MemberId;
    };

export type JobName = Job['name'];

export const EXPORT_FORMATS = ['txt', 'vtt', 'srt', 'json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
