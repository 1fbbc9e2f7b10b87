import type { CallSettings } from '../calls/types.ts';
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
import type { SpeakerName, VoiceId } from '../transcription.ts';

export interface PostedFile {
  readonly fileId: FileId;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** What the chat service says of it, never trusted alone: `audio/mpeg`. */
  readonly mimeType: string | null;
}

export interface Requests extends CallRequests {
  /** Somebody posted files. Those that may be audio or video are accepted; the others are left alone. */
  filesPosted(request: {
    readonly thread: Thread;
    readonly postedIn: MessageId;
    readonly by: MemberId;
    readonly files: readonly PostedFile[];
    /** True when a person pointed at this very message: every file is tried, and a repeat is answered. */
    readonly asked: boolean;
  }): Promise<RequestOutcome>;
  /** A link to transcribe. `origin` makes a repeated delivery of the same request one conversation. */
  transcribeLink(request: {
    readonly thread: Thread;
    readonly postedIn: MessageId;
    readonly by: MemberId;
    readonly url: string;
    readonly origin: string;
  }): Promise<RequestOutcome>;
  retry(conversationId: ConversationId, by: MemberId): Promise<RequestOutcome>;
  /** For the "name speakers" dialogue. Null when there is nothing to name (gone, or not transcribed yet). */
  voices(conversationId: ConversationId): Promise<VoicesToName | null>;
  /** Null takes a voice's name away again; voices that are not mentioned keep what they have. */
  nameSpeakers(
    conversationId: ConversationId,
    by: MemberId,
    names: Readonly<Record<VoiceId, SpeakerName | null>>,
  ): Promise<RequestOutcome>;
  shareExport(conversationId: ConversationId, by: MemberId, format: ExportFormat): Promise<RequestOutcome>;
  recentConversations(workspaceId: WorkspaceId, memberId: MemberId): Promise<readonly Conversation[]>;

  /**
   * Opens a meeting: its card follows in the channel. `origin` makes a repeated delivery of the same request one
   * meeting; an empty title becomes one. Refused, with what is missing, where Parley cannot hold meetings.
   */
  openMeeting(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    readonly title: string;
    readonly origin: string;
  }): Promise<RequestOutcome>;
  /**
   * A link of one's own into a meeting, good for a few minutes and for nobody else; else why not, as a sentence. Waits
   * some seconds for one that is about to open.
   */
  meetingLink(
    conversationId: ConversationId,
    workspaceId: WorkspaceId,
    by: MemberId,
  ): Promise<{ readonly url: string } | { readonly refused: string }>;
  /** Ends it for all. For the host alone. */
  endMeeting(conversationId: ConversationId, by: MemberId): Promise<RequestOutcome>;
}

/** What people ask in the channel about calls. */
export interface CallRequests {
  /**
   * Why this member can have no telephone rung, wherever, whenever and whichever, as a sentence; null when they can.
   * Whether a certain one can be rung, and now, is `planCall`'s to say.
   */
  callUnavailableReason(workspaceId: WorkspaceId, by: MemberId): Promise<string | null>;
  /** Understands what somebody typed after `/call`, and says what would happen. Changes nothing. */
  planCall(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    /** A member whose telephone is to ring; else the number is at the beginning of `text`. */
    readonly to: MemberId | null;
    /** What was typed, without the member: the number, then what it is about. */
    readonly text: string;
  }): Promise<CallPlan | { readonly refused: string }>;
  /**
   * Has it rung: the card follows in the channel. Everything is judged anew, since time has passed. `origin` makes a
   * repeated delivery of the same request one call, and answers which. The caller is given a link into it at once,
   * since the telephone may be answered within seconds.
   */
  placeCall(request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    readonly number: PhoneNumber;
    readonly memberId: MemberId | null;
    readonly title: string;
    /** `own-phone`: rings the caller's own telephone first. */
    readonly from: 'browser' | 'own-phone';
    readonly origin: string;
  }): Promise<{ readonly conversationId: ConversationId } | { readonly refused: string }>;
  /** Hangs up every telephone of a call and ends it. For anybody who sees its card. */
  hangUp(conversationId: ConversationId, workspaceId: WorkspaceId, by: MemberId): Promise<RequestOutcome>;
  /** A member's own number, as one writes it. */
  ownNumber(workspaceId: WorkspaceId, by: MemberId): Promise<string | null>;
  /** Empty text forgets it. Answers what was understood. */
  saveOwnNumber(
    workspaceId: WorkspaceId,
    by: MemberId,
    text: string,
  ): Promise<{ readonly shown: string | null } | { readonly refused: string }>;
  /** For those who may decide for the workspace. */
  callSettings(workspaceId: WorkspaceId, by: MemberId): Promise<CallSettings | { readonly refused: string }>;
  saveCallSettings(workspaceId: WorkspaceId, by: MemberId, settings: CallSettings): Promise<RequestOutcome>;
}

/** What a confirmation shows before a telephone rings. */
export interface CallPlan {
  readonly number: PhoneNumber;
  /** `+44 20 7946 0000` */
  readonly formatted: string;
  /** `United Kingdom` */
  readonly country: string;
  readonly memberId: MemberId | null;
  readonly title: string;
  /** The number that the other side sees. */
  readonly callerId: string;
  /** The caller's own telephone, as one writes it, for a call from there; null when none is known. */
  readonly ownNumber: string | null;
}

/** `accepted` needs no word of its own: the thread shows it. `refused` and `already` come with a sentence to say. */
export type RequestOutcome =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'already'; readonly sentence: string }
  | { readonly outcome: 'refused'; readonly sentence: string };

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
    /** A signed address of a page that plays a few seconds; null when Parley has no public address. */
    readonly sampleUrl: string | null;
  }[];
}
