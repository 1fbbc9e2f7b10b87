import type { CallSettings } from '../calls/types.ts';
import type { Approach } from '../conversation/may-be-recording.ts';
import type { Conversation, ExportFormat } from '../conversation/types.ts';
import type {
  ChannelId,
  ConversationId,
  FileId,
  MemberId,
  MessageId,
  PhoneNumber,
  Thread,
  WorkspaceId,
} from '../ids.ts';
import type { TalkTime } from '../talk-time/types.ts';
import type { Transcript } from '../transcript/types.ts';
import type { SpeakerName, VoiceId } from '../transcription.ts';
import type { PostedFile } from './chat.ts';

export interface Requests extends CallRequests {
  /**
   * Accepts those of a message's files that `recordingsAmong` finds, and ignores the others. A file of a message is one
   * conversation, however often it comes; only when it is `chosen` again is a failure retried.
   */
  filesPosted(request: {
    readonly thread: Thread;
    readonly postedIn: MessageId;
    readonly by: MemberId;
    readonly files: readonly PostedFile[];
    readonly approach: Approach;
  }): Promise<RequestOutcome>;
  /** A file was shared, of which nothing but its id is known. It is transcribed unless its message arrives as well. */
  fileShared(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly fileId: FileId;
  }): Promise<void>;
  /** A message was deleted. What is not published of its recordings is withdrawn: work stops, and nothing stays shown. */
  messageDeleted(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly messageId: MessageId;
  }): Promise<void>;
  /** The same for a file, in every channel. */
  fileDeleted(request: { readonly workspaceId: WorkspaceId; readonly fileId: FileId }): Promise<void>;
  /** Transcribes a link. `origin` makes repeated deliveries of one request one conversation. */
  transcribeLink(request: {
    readonly thread: Thread;
    readonly postedIn: MessageId;
    readonly by: MemberId;
    readonly url: string;
    readonly origin: string;
  }): Promise<RequestOutcome>;
  retry(conversationId: ConversationId, by: MemberId): Promise<RequestOutcome>;
  /** For the "Name speakers" dialog. Null when there is nothing to name: gone, or not transcribed yet. */
  voices(conversationId: ConversationId): Promise<VoicesToName | null>;
  /** Null removes a voice's name; voices that are not mentioned keep theirs. */
  nameSpeakers(
    conversationId: ConversationId,
    by: MemberId,
    names: Readonly<Record<VoiceId, SpeakerName | null>>,
  ): Promise<RequestOutcome>;
  /** Shares the transcript as a file in the thread. */
  shareExport(conversationId: ConversationId, by: MemberId, format: ExportFormat): Promise<RequestOutcome>;
  /** Sends the same file to one person, in their own conversation with Parley. */
  sendExport(conversationId: ConversationId, to: MemberId, format: ExportFormat): Promise<RequestOutcome>;
  /** Every figure, for a dialog. Null when there is no transcript. */
  resultDetails(conversationId: ConversationId): Promise<ResultDetails | null>;
  recentConversations(workspaceId: WorkspaceId, memberId: MemberId): Promise<readonly Conversation[]>;

  /**
   * Opens a meeting; its card follows in the channel. `origin` makes repeated deliveries of one request one meeting. An
   * empty title gets a default. Refused, with the reason, where meetings are not available.
   */
  openMeeting(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    readonly title: string;
    readonly origin: string;
  }): Promise<RequestOutcome>;
  /**
   * A personal link into a meeting, valid for a few minutes; else the reason, as a sentence. Waits some seconds for a
   * meeting that is opening.
   */
  meetingLink(
    conversationId: ConversationId,
    workspaceId: WorkspaceId,
    by: MemberId,
  ): Promise<{ readonly url: string } | { readonly refused: string }>;
  /** Ends it for everyone. For the host only. */
  endMeeting(conversationId: ConversationId, by: MemberId): Promise<RequestOutcome>;
}

/** Requests of members about calls. */
export interface CallRequests {
  /** Why this member can't call at all, as a sentence; null when they can. `planCall` checks a number and the limits. */
  callUnavailableReason(workspaceId: WorkspaceId, by: MemberId): Promise<string | null>;
  /** Parses the text after `/call`, and returns what would happen. Changes nothing. */
  planCall(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    /** A member to call; else the number is at the beginning of `text`. */
    readonly to: MemberId | null;
    /** Without the member: the number, then the title. */
    readonly text: string;
  }): Promise<CallPlan | { readonly refused: string }>;
  /**
   * Places the call; the card follows in the channel. Everything is checked again, since time has passed. `origin` makes
   * repeated deliveries of one request one call, and returns which. The caller gets a link at once, since the phone may
   * be answered within seconds.
   */
  placeCall(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    /** As `CallPlan` has it. */
    readonly number: PhoneNumber;
    readonly memberId: MemberId | null;
    readonly title: string;
    /** `own-phone`: dials the caller's own phone first. */
    readonly from: 'browser' | 'own-phone';
    readonly origin: string;
  }): Promise<{ readonly conversationId: ConversationId } | { readonly refused: string }>;
  /** Hangs up every phone of a call and ends it. For everyone who sees its card. */
  hangUp(conversationId: ConversationId, workspaceId: WorkspaceId, by: MemberId): Promise<RequestOutcome>;
  /** Presses the extension of the phone that was called. For everyone who sees the call's card. */
  pressExtension(
    conversationId: ConversationId,
    workspaceId: WorkspaceId,
    by: MemberId,
  ): Promise<RequestOutcome>;
  /** A member's own number, formatted. */
  ownNumber(workspaceId: WorkspaceId, by: MemberId): Promise<string | null>;
  /** Empty text removes it. Returns the parsed number, formatted. */
  saveOwnNumber(
    workspaceId: WorkspaceId,
    by: MemberId,
    text: string,
  ): Promise<{ readonly formatted: string | null } | { readonly refused: string }>;
  /** For workspace admins. */
  callSettings(workspaceId: WorkspaceId, by: MemberId): Promise<CallSettings | { readonly refused: string }>;
  saveCallSettings(workspaceId: WorkspaceId, by: MemberId, settings: CallSettings): Promise<RequestOutcome>;
}

/** What the confirmation shows before the call is placed. */
export interface CallPlan {
  /** With its extension, if any: `+14155552671;ext=123`. */
  readonly number: PhoneNumber;
  /** `+44 20 7946 0000`, or `+1 415 555 2671 ext. 123` */
  readonly formatted: string;
  /** `United Kingdom` */
  readonly country: string;
  readonly memberId: MemberId | null;
  readonly title: string;
  /** The number shown to the person called. */
  readonly callerId: string;
  /** The caller's own number, formatted, for a call from their phone; null when unknown. */
  readonly ownNumber: string | null;
}

/** `accepted` needs no response: the thread shows it. `refused` and `already` carry a sentence for the person. */
export type RequestOutcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'already'; readonly sentence: string }
  | { readonly outcome: 'refused'; readonly sentence: string };

export interface ResultDetails {
  readonly title: string;
  readonly transcript: Transcript;
  readonly talkTime: TalkTime;
}

export interface VoicesToName {
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly voices: readonly {
    readonly voice: VoiceId;
    /** "Speaker 2", or the name given before. */
    readonly currentName: string;
    /** False while the name is only "Speaker 2". */
    readonly named: boolean;
    readonly memberId: string | null;
    readonly party: number;
    readonly speakingMs: number;
    /** A few of its words, at most 120 characters. */
    readonly excerpt: string;
    /** A signed URL of a page that plays a few seconds; null when Parley has no public URL. */
    readonly sampleUrl: string | null;
  }[];
}
