import type { ErrorCode } from '../error.ts';
import type {
  Channel,
  ChannelId,
  ConversationId,
  FileId,
  LegId,
  MemberId,
  MessageId,
  Thread,
  WorkspaceId,
} from '../ids.ts';

/** People talking. Transcript, talk time, files and actions are the same for every kind. */
export type Conversation = RecordingConversation | MeetingConversation;

interface ConversationBase {
  readonly id: ConversationId;
  readonly startedBy: MemberId;
  /** The file's name, or the meeting's title. Unescaped. */
  readonly title: string;
  readonly createdAtMs: number;
  /** Grows with every change of what the thread shows, so that a late update never overwrites a newer one. */
  readonly revision: number;
}

export interface RecordingConversation extends ConversationBase {
  readonly kind: 'recording';
  readonly thread: Thread;
  readonly source: RecordingSource;
  /** The message with the recording, and its position among that message's recordings. */
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
  /** Stored and queued, or waiting for a retry after `because`. */
  | { readonly name: 'waiting'; readonly because: ErrorCode | null }
  /** The file is being sent to the engine, or the engine is at work. */
  | { readonly name: 'transcribing' }
  /** The transcription is stored; the thread does not show the current revision yet. */
  | { readonly name: 'transcribed' }
  | { readonly name: 'published'; readonly atMs: number; readonly inFile: boolean }
  | Undelivered
  | {
      readonly name: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly mayRetry: boolean;
    }
  /** Its message or its file was deleted before there was a result: nothing is shown of it. */
  | { readonly name: 'withdrawn' };

/** People in a room: a meeting, or a call, which began by dialling a phone. */
export interface MeetingConversation extends ConversationBase {
  readonly kind: 'meeting' | 'call';
  readonly channel: Channel;
  /** Under the card; null until the card is posted (`opening`, and `failed` when it never was). */
  readonly thread: Thread | null;
  /** May mute, remove, switch captions and end. Initially who started it. */
  readonly host: MemberId;
  /** When the first person joined: the zero of the conversation's clock. Null before. */
  readonly startedAtMs: number | null;
  /** Null before. */
  readonly endedAtMs: number | null;
  readonly state: MeetingState;
}

export type MeetingState =
  /** Stored; the card is not posted yet. */
  | { readonly name: 'opening' }
  /** People may join. Live from the first one on (`startedAtMs`). */
  | { readonly name: 'open' }
  /** No one may join any more; the last captions are awaited. `by` is null when everyone had left. */
  | { readonly name: 'ending'; readonly by: MemberId | null }
  /** Every caption is stored as a line; the transcription is not made yet. */
  | { readonly name: 'ended' }
  | { readonly name: 'transcribed' }
  | { readonly name: 'published'; readonly atMs: number; readonly inFile: boolean }
  | Undelivered
  /** No speech, or the card could not be posted. */
  | { readonly name: 'failed'; readonly code: ErrorCode; readonly message: string };

/** The result can't be posted in its thread. `sent`: the person who started the conversation got it as a direct message. */
export interface Undelivered {
  readonly name: 'undelivered';
  readonly because: ErrorCode;
  readonly sent: boolean;
}

/** Durable work, enqueued in the transaction that makes it necessary. */
export type Job =
  /** Post one status message for each recording, in their order. */
  | { readonly name: 'announce'; readonly conversationIds: readonly ConversationId[] }
  | { readonly name: 'transcribe'; readonly conversationId: ConversationId }
  /** Take back what the thread shows of a recording that is withdrawn. */
  | { readonly name: 'withdraw'; readonly conversationId: ConversationId }
  /** Find out about a file of which nothing but its id is known, and transcribe it unless that is done already. */
  | {
      readonly name: 'take-shared-file';
      readonly workspaceId: WorkspaceId;
      readonly channelId: ChannelId;
      readonly fileId: FileId;
    }
  /** Update the thread: progress, failure, or result with chart and files. */
  | { readonly name: 'publish'; readonly conversationId: ConversationId; readonly revision: number }
  /** Send an undelivered result to the person who started the conversation. */
  | { readonly name: 'send-privately'; readonly conversationId: ConversationId; readonly revision: number }
  /** Share one export of the transcript as a file in the thread. */
  | {
      readonly name: 'share-export';
      readonly conversationId: ConversationId;
      readonly format: ExportFormat;
      readonly revision: number;
      /** Who requested it, and is notified if it fails. */
      readonly by: MemberId;
    }
  /** Send one export of the transcript to the person who requested it. */
  | {
      readonly name: 'send-export';
      readonly conversationId: ConversationId;
      readonly format: ExportFormat;
      readonly revision: number;
      readonly to: MemberId;
    }
  /** Post the card of a meeting in its channel. */
  | { readonly name: 'open-meeting'; readonly conversationId: ConversationId }
  /** Check whether an instance still hosts a meeting; repeated until the meeting is over. */
  | { readonly name: 'watch-meeting'; readonly conversationId: ConversationId }
  /** Post the last captions and the ended card, and make the transcription from the lines. */
  | { readonly name: 'conclude-meeting'; readonly conversationId: ConversationId }
  /** Dial a leg. One job a leg, since two at once could dial it twice. */
  | { readonly name: 'dial-leg'; readonly legId: LegId }
  /** Compare a leg with the provider's call, and do what is due: hang it up, settle its recording. */
  | { readonly name: 'reconcile-leg'; readonly legId: LegId }
  /** Transcribe the recording of a call that ended. */
  | { readonly name: 'transcribe-call'; readonly conversationId: ConversationId };

export type JobName = Job['name'];

export const EXPORT_FORMATS = ['txt', 'vtt', 'srt', 'json', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
