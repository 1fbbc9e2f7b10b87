import type { Approach } from '../conversation/may-be-recording.ts';
import type { Channel, ChannelId, FileId, MemberId, MessageId, Thread, WorkspaceId } from '../ids.ts';
import type { ThreadMessage } from '../thread-message.ts';

/** A recording as a stream that is read once. */
export interface RecordingBytes {
  readonly name: string;
  /** Null when the other side did not say. */
  readonly sizeBytes: number | null;
  /** Ending the iteration early (`return()`) closes the connection. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Whether each channel carries a party of its own; when left out, this is detected from the audio. */
  readonly partyPerChannel?: boolean;
}

export interface PostedMessage {
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
}

/** A message as it was taken. */
export interface ShownMessage extends PostedMessage {
  /** Whether it shows all that it should: false for a result whose transcript is to be shared as a file as well. */
  readonly whole: boolean;
}

export interface OutgoingFile {
  /** With extension. Any path in it is cut off. */
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly altText?: string;
}

/** A file as a message has it. */
export interface PostedFile {
  readonly fileId: FileId;
  readonly name: string;
  readonly sizeBytes: number | null;
  /** What the chat service says of it, never trusted alone: `audio/mpeg`. */
  readonly mimeType: string | null;
}

export interface Chat {
  /**
   * Posts under `thread`. `key` travels in the message's metadata, for `find`. What the service does not take as it is
   * becomes simpler until it does: without its picture, without its transcript, as text alone.
   */
  post(thread: Thread, message: ThreadMessage, key: string): Promise<ShownMessage>;
  /** The message that an earlier, interrupted `post` with this key left in the thread, if it got that far. */
  find(thread: Thread, key: string): Promise<PostedMessage | null>;
  /** Changes a message, in simpler forms as for `post`. Fails with `edit-refused` where only another message helps. */
  edit(workspaceId: WorkspaceId, posted: PostedMessage, message: ThreadMessage): Promise<ShownMessage>;
  /** Deletes a message of Parley's. Nothing happens when it is gone already. */
  remove(workspaceId: WorkspaceId, posted: PostedMessage): Promise<void>;
  /** Posts a message of its own in the channel, whose thread may then be posted under. `key` as for `post`. */
  postCard(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    message: ThreadMessage,
    key: string,
  ): Promise<PostedMessage>;
  /** The message that an earlier, interrupted `postCard` with this key left among the channel's latest, if it did. */
  findCard(workspaceId: WorkspaceId, channelId: ChannelId, key: string): Promise<PostedMessage | null>;
  /** Posts a message that one member alone sees, in their own conversation with Parley. `key` as for `post`. */
  postPrivately(
    workspaceId: WorkspaceId,
    to: MemberId,
    message: ThreadMessage,
    key: string,
  ): Promise<PostedMessage>;
  /** The message that an earlier, interrupted `postPrivately` with this key left among the latest there, if it did. */
  findPrivate(workspaceId: WorkspaceId, to: MemberId, key: string): Promise<PostedMessage | null>;
  /**
   * Posts a message that only one member sees, in the channel or thread; where Parley can't post there, as a direct
   * message. Best effort: never throws.
   */
  postEphemeral(where: Channel | Thread, to: MemberId, text: string): Promise<void>;

  /** Uploads an image for use in blocks, shared nowhere, and waits until the service has digested it. */
  uploadImage(workspaceId: WorkspaceId, file: OutgoingFile): Promise<FileId>;
  /**
   * Shares a file in the thread, or below a channel's latest message, once: `reserved` is called with the file's id
   * before anything is visible, and after a crash the same call with that id as `resume` finishes the upload or finds it
   * finished.
   */
  shareFile(
    where: Channel | Thread,
    file: OutgoingFile,
    options: { readonly resume: FileId | null; readonly reserved: (id: FileId) => Promise<void> },
  ): Promise<FileId>;

  /**
   * The message that shared a recording in a channel, with all its files, for a file of which nothing but the id is known.
   * Null for a file that is no recording, was shared by an app, or is not there any more. Fails when its message is not
   * there yet.
   */
  sharedRecording(
    where: Channel,
    fileId: FileId,
  ): Promise<{
    readonly files: readonly PostedFile[];
    readonly thread: Thread;
    readonly postedIn: MessageId;
    readonly by: MemberId;
    readonly approach: Approach;
  } | null>;
  /**
   * Streams a file of the workspace. Fails with `recording-deleted`, `recording-gone`, `no-file-access` or
   * `recording-too-large`.
   */
  openFile(
    workspaceId: WorkspaceId,
    fileId: FileId,
    options: { signal: AbortSignal },
  ): Promise<RecordingBytes>;
  /** Deletes a file that Parley shared and that a newer one replaces. Nothing happens when it is gone already. */
  deleteFile(workspaceId: WorkspaceId, fileId: FileId): Promise<void>;

  /** One byte range of a file, for playing a sample in the browser; headers as received. */
  openFileRange(
    workspaceId: WorkspaceId,
    fileId: FileId,
    range: string | null,
    signal: AbortSignal,
  ): Promise<{ status: number; headers: Readonly<Record<string, string>>; bytes: AsyncIterable<Uint8Array> }>;

  /** The address of a thread, for a browser; null when it cannot be had. Never throws. */
  permalink(thread: Thread): Promise<string | null>;
  /** The display name of a member; their id when it cannot be had. */
  memberName(workspaceId: WorkspaceId, memberId: MemberId): Promise<string>;
  /** The phone number in a member's profile, as they wrote it; null when there is none or it is unavailable. */
  memberPhone(workspaceId: WorkspaceId, memberId: MemberId): Promise<string | null>;
  /**
   * Whether they belong to another organization, and are here only through a channel that is shared with it. A person of
   * another workspace of the same organization is not external.
   */
  isExternal(workspaceId: WorkspaceId, memberId: MemberId): Promise<boolean>;
  /** Whether a member is a workspace admin. */
  isAdmin(workspaceId: WorkspaceId, memberId: MemberId): Promise<boolean>;
  /** Publishes a member's App Home again. Best effort: never throws. */
  refreshHome(workspaceId: WorkspaceId, memberId: MemberId): Promise<void>;
}

/** Fetches recordings from public URLs only. */
export interface Links {
  /** Fails with `link-refused`, `link-failed` or `recording-too-large`. */
  open(url: string, options: { signal: AbortSignal }): Promise<RecordingBytes>;
}

/** The response of another server. */
export interface WebResponse {
  readonly status: number;
  /** Names in lower case; of a header that comes twice, the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ending the iteration early, or before its start (`return()`), closes the connection. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The public web, for adapters that are led to addresses by others. */
export interface PublicWeb {
  /**
   * One GET, whatever its status; redirects are the caller's. Refuses addresses that are not public and ports that are
   * unusual with `link-refused`; fails with `link-failed`.
   */
  get(
    url: URL,
    options: { readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<WebResponse>;
}
