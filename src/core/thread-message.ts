import type { ConversationId, FileId } from './ids.ts';
import type { TalkTime } from './talk-time/types.ts';
import type { Transcript } from './transcript/types.ts';

/** What Parley says in a thread, as meaning; the Chat port turns it into blocks and plain text. */
export type ThreadMessage = ProgressMessage | FailureMessage | ResultMessage;

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
