import type { Conversation, ExportFormat } from '../conversation/types.ts';
import type { SpeakerName, VoiceId } from '../heard.ts';
import type { ChannelId, ConversationId, FileId, MemberId, MessageId, Thread, WorkspaceId } from '../ids.ts';

export interface PostedFile {
  readonly fileId: FileId;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** What the chat service says of it, never trusted alone: `audio/mpeg`. */
  readonly mimeType: string | null;
}

export interface Requests {
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
  linkGiven(request: {
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
  /** A link of one's own into a meeting, good for a few minutes and for nobody else; else why not, as a sentence. */
  meetingLink(
    conversationId: ConversationId,
    workspaceId: WorkspaceId,
    by: MemberId,
  ): Promise<{ readonly url: string } | { readonly refused: string }>;
  /** Ends it for all. For the host alone. */
  endMeeting(conversationId: ConversationId, by: MemberId): Promise<RequestOutcome>;
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
