import type { AnsweredBy, LegEnding } from './calls/types.ts';
import type { ErrorCode } from './error.ts';
import type { ChannelId, ConversationId, FileId, MemberId } from './ids.ts';
import type { TalkTime } from './talk-time/types.ts';
import type { Transcript } from './transcript/types.ts';

/** What Parley says in a thread, as meaning; the Chat port turns it into blocks and plain text. */
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
  /** `fraction` 0 to 1 of the file that has reached the engine; null when the size is unknown. */
  | { readonly name: 'sending'; readonly fraction: number | null }
  /** The engine has all of it and is at work. */
  | { readonly name: 'transcribing'; readonly elapsedMs: number }
  | { readonly name: 'drawing' }
  /** A passing fault; `sentence` says which. Tried again by itself. */
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
  /** Null when the chart could not be drawn: the figures then stand alone, with a line that says so. */
  readonly chart: { readonly fileId: FileId; readonly altText: string } | null;
}

/** A result that its thread did not take, for whoever started the conversation alone. Its transcript follows as a file. */
export interface PrivateResultMessage {
  readonly kind: 'private-result';
  readonly conversationId: ConversationId;
  readonly title: string;
  /** Where it would have been posted, and why it was not. */
  readonly channelId: ChannelId;
  readonly because: ErrorCode;
  readonly transcript: Transcript;
  readonly talkTime: TalkTime;
}

/** The root of a meeting's thread, in its channel: what it is, who is in, and a button to join. */
export interface MeetingCardMessage {
  readonly kind: 'meeting-card';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly startedBy: MemberId;
  readonly state: 'waiting' | 'live' | 'ended';
  /** Names, in the order of coming. Empty once it has ended. */
  readonly present: readonly string[];
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Why nobody can join at the moment, as a sentence. */
  readonly unavailable: string | null;
  /** For joining by telephone; null where that is not possible, and once it has ended. */
  readonly dialIn: { readonly number: string; readonly pin: string } | null;
}

/** The root of a call's thread, in its channel: whose telephone rings, and how that goes; buttons to join and to hang up. */
export interface CallCardMessage {
  readonly kind: 'call-card';
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly startedBy: MemberId;
  readonly ended: boolean;
  /** Telephones, whom the call is for first. */
  readonly phones: readonly CardPhone[];
  /** Names of who is in from a browser, in the order of coming. Empty once it has ended. */
  readonly present: readonly string[];
  /** Why nobody can join at the moment, as a sentence. */
  readonly unavailable: string | null;
  /** What else the channel should know, as whole sentences: who declined to be recorded, what became of the recording. */
  readonly remarks: readonly string[];
}

export interface CardPhone {
  /** A member's name, or the number as one writes it. */
  readonly name: string;
  readonly state: /** Its turn has not come: the caller's own telephone rings first. */
    | { readonly name: 'waiting' }
    | { readonly name: 'ringing' }
    | { readonly name: 'answered'; readonly by: AnsweredBy; readonly sinceMs: number }
    /** `lengthMs` from the answer on; null when nobody answered. */
    | {
        readonly name: 'ended';
        readonly how: LegEnding;
        readonly by: AnsweredBy;
        readonly lengthMs: number | null;
        readonly reason: string | null;
      };
}

/** A stretch of a meeting's final captions, by the time at which they began. A full one is followed by another. */
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

/** Something that everybody in the thread should know. */
export interface RemarkMessage {
  readonly kind: 'remark';
  readonly sentence: string;
}
