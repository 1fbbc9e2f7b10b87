import type { AnsweredBy, LegEnding } from './calls/types.ts';
import type { ErrorCode } from './error.ts';
import type { ChannelId, ConversationId, FileId, MemberId } from './ids.ts';
import type { TalkTime } from './talk-time/types.ts';
import type { Transcript } from './transcript/types.ts';

/** A message of Parley as data; the Chat port renders it as blocks and plain text. */
export type ThreadMessage =
  | ProgressMessage
  | FailureMessage
  | ResultMessage
  | PrivateResultMessage
  | MeetingCardMessage
  | CallCardMessage
  | CaptionsMessage
  | RemarkMessage;

export interface ProgressMessage {
  readonly kind: 'progress';
  readonly title: string;
  readonly stage: ProgressStage;
}

export type ProgressStage =
  | { readonly name: 'waiting' }
  /** `fraction` 0 to 1 of the file sent to the engine; null when its size is unknown. */
  | { readonly name: 'sending'; readonly fraction: number | null }
  /** The engine has the whole file. */
  | { readonly name: 'transcribing'; readonly elapsedMs: number }
  | { readonly name: 'drawing' }
  /** A transient fault, retried automatically. */
  | { readonly name: 'waiting-to-retry'; readonly sentence: string };

export interface FailureMessage {
  readonly kind: 'failure';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly sentence: string;
  /** Offers a "Try again" button. */
  readonly mayRetry: boolean;
}

export interface ResultMessage {
  readonly kind: 'result';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly transcript: Transcript;
  readonly talkTime: TalkTime;
  /** Null when the chart could not be created: the figures then stand alone, with a note. */
  readonly chart: { readonly fileId: FileId; readonly altText: string } | null;
}

/** An undelivered result, for the person who started the conversation. Its transcript follows as a file. */
export interface PrivateResultMessage {
  readonly kind: 'private-result';
  readonly conversationId: ConversationId;
  readonly title: string;
  /** Where it should have been posted, and why it was not. */
  readonly channelId: ChannelId;
  readonly because: ErrorCode;
  readonly transcript: Transcript;
  readonly talkTime: TalkTime;
}

/** The root of a meeting's thread: title, participants, and a button to join. */
export interface MeetingCardMessage {
  readonly kind: 'meeting-card';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly startedBy: MemberId;
  readonly state: 'waiting' | 'live' | 'ended';
  /** Names of participants, in the order of joining. Empty once it has ended. */
  readonly present: readonly string[];
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Why no one can join at the moment, as a sentence. */
  readonly unavailable: string | null;
  /** What becomes of what people say, as a sentence; null once it has ended. */
  readonly capture: string | null;
  /** For joining by phone; null where that is not possible, and once it has ended. */
  readonly dialIn: { readonly number: string; readonly pin: string } | null;
  /** Further sentences for the channel. */
  readonly remarks: readonly string[];
}

/** The root of a call's thread: its phones and their states; buttons to join and to hang up. */
export interface CallCardMessage {
  readonly kind: 'call-card';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly startedBy: MemberId;
  readonly ended: boolean;
  /** The callee first. */
  readonly phones: readonly CardPhone[];
  /** Names of participants in browsers, in the order of joining. Empty once it has ended. */
  readonly present: readonly string[];
  /** Why no one can join at the moment, as a sentence. */
  readonly unavailable: string | null;
  /** What becomes of what people say, as a sentence; null when `remarks` say it, and once it has ended. */
  readonly capture: string | null;
  /** Further sentences for the channel: who declined recording, what happened to the recording. */
  readonly remarks: readonly string[];
}

export interface CardPhone {
  /** A member's name, or the formatted number. */
  readonly name: string;
  /** Keys to press once it is answered; null where there are none. */
  readonly extension: string | null;
  readonly state: /** The caller's own phone is dialled first. */
    | { readonly name: 'waiting' }
    | { readonly name: 'ringing' }
    | { readonly name: 'answered'; readonly by: AnsweredBy; readonly sinceMs: number }
    /** `lengthMs` from the answer on; null when it was not answered. */
    | {
        readonly name: 'ended';
        readonly how: LegEnding;
        readonly by: AnsweredBy;
        readonly lengthMs: number | null;
        readonly reason: string | null;
      };
}

/** A block of a meeting's final captions, by start. */
export interface CaptionsMessage {
  readonly kind: 'captions';
  readonly paragraphs: readonly CaptionParagraph[];
}
export interface CaptionParagraph {
  readonly name: string;
  /** On the conversation's clock. */
  readonly startMs: number;
  readonly text: string;
}

/** A notice for everyone in the thread. */
export interface RemarkMessage {
  readonly kind: 'remark';
  readonly sentence: string;
}
