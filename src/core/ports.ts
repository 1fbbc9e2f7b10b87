import type { PieChart } from './chart.ts';
import type {
  Conversation,
  ExportFormat,
  Job,
  JobName,
  RecordingConversation,
} from './conversation/types.ts';
import type { AppError } from './error.ts';
import type { Heard, HeardWord, SpeakerName, SpeakerNames, VoiceId } from './heard.ts';
import type {
  Channel,
  ChannelId,
  ConversationId,
  FileId,
  MemberId,
  MessageId,
  Thread,
  WorkspaceId,
} from './ids.ts';
import type { MeetingLine, MeetingParty } from './meeting/lines.ts';
import type { ResultMessage, ThreadMessage } from './thread-message.ts';

/** The ports: what core and the flows ask of the world. Every method may throw `AppError`, and nothing else. */

// ---------------------------------------------------------------- bytes

/** A recording being read, once, front to back. */
export interface RecordingBytes {
  readonly name: string;
  /** Null when the other side did not say. */
  readonly sizeBytes: number | null;
  /** Abandoning the iteration (`return()`) closes the connection beneath. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

// ---------------------------------------------------------------- chat

export interface PostedMessage {
  readonly channelId: ChannelId;
  readonly messageId: MessageId;
}

export interface OutgoingFile {
  /** With extension. Any path in it is cut off. */
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly altText?: string;
}

export interface Chat {
  /** Posts under `thread`. `key` travels in the message's metadata, for `find`. */
  post(thread: Thread, message: ThreadMessage, key: string): Promise<PostedMessage>;
  /** The message that an earlier, interrupted `post` with this key left in the thread, if it got that far. */
  find(thread: Thread, key: string): Promise<PostedMessage | null>;
  edit(workspaceId: WorkspaceId, posted: PostedMessage, message: ThreadMessage): Promise<void>;
  /** Posts a message of its own in the channel, whose thread may then be posted under. `key` as for `post`. */
  postCard(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    message: ThreadMessage,
    key: string,
  ): Promise<PostedMessage>;
  /** The message that an earlier, interrupted `postCard` with this key left among the channel's latest, if it did. */
  findCard(workspaceId: WorkspaceId, channelId: ChannelId, key: string): Promise<PostedMessage | null>;
  /** Whether the message shows its whole transcript; else the transcript is shared as a file as well. */
  fits(message: ResultMessage): boolean;
  /** Tells one member something in the channel, or the thread, that nobody else sees. Best effort: never throws. */
  whisper(where: Channel | Thread, to: MemberId, text: string): Promise<void>;

  /** Uploads an image for use in blocks, shared nowhere, and waits until the service has digested it. */
  uploadImage(workspaceId: WorkspaceId, file: OutgoingFile): Promise<FileId>;
  /**
   * Shares a file in the thread, once: `reserved` is called with the file's id before anything is visible, and
   * after a crash the same call with that id as `resume` finishes the upload or finds it finished.
   */
  shareFile(
    thread: Thread,
    file: OutgoingFile,
    options: { readonly resume: FileId | null; readonly reserved: (id: FileId) => Promise<void> },
  ): Promise<FileId>;

  /** Streams a file of the workspace. Fails with `recording-gone`, `no-file-access` or `recording-too-large`. */
  openFile(
    workspaceId: WorkspaceId,
    fileId: FileId,
    options: { signal: AbortSignal },
  ): Promise<RecordingBytes>;
  /** Deletes a file that Parley shared and that a newer one replaces. Nothing happens when it is gone already. */
  deleteFile(workspaceId: WorkspaceId, fileId: FileId): Promise<void>;

  /** One byte range of a file, for listening to a sample in the browser; headers as they came. */
  openFileRange(
    workspaceId: WorkspaceId,
    fileId: FileId,
    range: string | null,
    signal: AbortSignal,
  ): Promise<{ status: number; headers: Readonly<Record<string, string>>; bytes: AsyncIterable<Uint8Array> }>;

  /** The display name of a member; their id when it cannot be had. */
  memberName(workspaceId: WorkspaceId, memberId: MemberId): Promise<string>;
  /** Draws a member's App Home anew. Best effort: never throws. */
  refreshHome(workspaceId: WorkspaceId, memberId: MemberId): Promise<void>;
}

/** Fetches recordings from public addresses, and from nowhere else. */
export interface Links {
  /** Fails with `link-refused`, `link-failed` or `recording-too-large`. */
  open(url: string, options: { signal: AbortSignal }): Promise<RecordingBytes>;
}

// ---------------------------------------------------------------- speech

export interface Speech {
  /**
   * Hears a whole recording. Streams: the file is never held whole. Judges the type by content.
   * `progress` is called as bytes reach the engine, and with `sent: true` once all have.
   */
  transcribe(
    recording: RecordingBytes,
    options: { signal: AbortSignal; progress: (p: { sentBytes: number; sent: boolean }) => void },
  ): Promise<Heard>;
  /** Hears one speaker while they speak. Costs nothing until audio comes; never throws for the engine's sake. */
  openLive(options: LiveOptions): LiveStream;
}

export interface LiveOptions {
  /** One channel. `linear16` is signed, little-endian. */
  readonly audio: { readonly encoding: 'linear16' | 'mulaw'; readonly sampleRateHz: number };
  /** BCP 47. Left out, the engine may expect any of the languages it tells apart while it listens. */
  readonly language?: string;
  /** In the order of the audio. Must not throw. */
  readonly onCaption: (caption: HeardCaption) => void;
  /** Told when it changes; a stream begins `live`. Must not throw. */
  readonly onState: (state: LiveState, told: { readonly lostMs: number }) => void;
}

/**
 * `delayed`: captions come later, and every word will come, as long as `lostMs` (audio given up so far, because the
 * engine stayed away for longer than is kept) is 0; told again when that grows. `ended`: no caption follows.
 */
export type LiveState = 'live' | 'delayed' | 'ended';

/** Some words of one speaker. Words of a final caption are never said again, nor changed. */
export interface HeardCaption {
  /** Within its stream; the same from the first interim to its final. */
  readonly id: string;
  /** Times on the conversation's clock, as `send` was told. A final may have none: what was interim was nothing. */
  readonly words: readonly HeardCaptionWord[];
  readonly text: string;
  readonly isFinal: boolean;
}
export type HeardCaptionWord = Pick<HeardWord, 'text' | 'startMs' | 'endMs' | 'confidence'>;

export interface LiveStream {
  /**
   * Whole samples, 20 to 250 ms of them, in order; `atMs` is the conversation time of the first. What is missing
   * between two pieces is silence that is not sent.
   */
  send(audio: Uint8Array, atMs: number): void;
  /** The speaker paused: what was said so far becomes final without waiting for more. */
  flush(): void;
  /** Resolves when all finals have arrived, or after a time limit. Idempotent. */
  close(): Promise<void>;
}

// ---------------------------------------------------------------- charts

export interface Charts {
  /** The chart as PNG bytes. */
  pie(chart: PieChart): Promise<Uint8Array>;
}

// ---------------------------------------------------------------- store and queue

/** What is known within one database transaction; all methods belong to it. */
export interface Tx {
  /** Inserts, unless `origin` is taken: then answers the conversation that took it. */
  addConversation(
    conversation: Conversation,
    origin: string,
  ): Promise<{ added: boolean; conversation: Conversation }>;
  /** `lock` holds the row until the transaction ends, so that decisions about one conversation follow each other. */
  conversation(id: ConversationId, options?: { lock: boolean }): Promise<Conversation | null>;
  /** Conversations whose recordings came in this message, by position. */
  conversationsPostedIn(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    messageId: MessageId,
  ): Promise<RecordingConversation[]>;
  /** Newest first. */
  conversationsOf(workspaceId: WorkspaceId, memberId: MemberId, limit: number): Promise<Conversation[]>;
  saveConversation(conversation: Conversation): Promise<void>;

  saveHeard(id: ConversationId, heard: Heard): Promise<void>;
  heard(id: ConversationId): Promise<Heard | null>;
  saveSpeakerNames(id: ConversationId, names: SpeakerNames): Promise<void>;
  /** Empty when nobody was named. */
  speakerNames(id: ConversationId): Promise<SpeakerNames>;

  /**
   * Deliveries make what is shown outside happen once. `intendDelivery` is written before the attempt;
   * `delivered` after it; what is intended but not delivered may or may not have happened.
   */
  delivery(key: string): Promise<Delivery | null>;
  intendDelivery(key: string, conversationId: ConversationId): Promise<void>;
  saveDelivery(key: string, delivery: Delivery): Promise<void>;
  deliveriesOf(conversationId: ConversationId): Promise<ReadonlyMap<string, Delivery>>;

  /** A meeting as its copy left it. */
  meeting(id: ConversationId): Promise<MeetingRecord>;
  /** At the party's number; a name that was there is replaced. */
  saveMeetingParty(id: ConversationId, number: number, party: MeetingParty): Promise<void>;
  saveCaptionsOn(id: ConversationId, on: boolean): Promise<void>;
  /** Who was removed stays out. */
  saveRemoved(id: ConversationId, personId: MemberId): Promise<void>;
  /**
   * By number; saving the same line again changes nothing.
   * @throws AppError, not retryable, when another line has the number: then two copies hold the meeting
   */
  saveLines(id: ConversationId, lines: readonly MeetingLine[]): Promise<void>;
  /** By number. */
  lines(id: ConversationId): Promise<readonly MeetingLine[]>;

  /**
   * Takes or renews the right to carry a meeting, for `forMs` from now by the database's clock, unless another holder
   * has it: then answers whose it is.
   */
  takeLease(id: ConversationId, lease: Lease, forMs: number): Promise<Lease>;
  /** Whose it is or was last. `overForMs` is negative while it lasts. */
  lease(id: ConversationId): Promise<(Lease & { readonly overForMs: number }) | null>;
  /** Gives it back at once, if it is this holder's. */
  releaseLease(id: ConversationId, holder: string): Promise<void>;

  /** Enqueues within this transaction: the job exists if and only if the transaction commits. */
  enqueue(job: Job, options?: { readonly startAfterMs?: number }): Promise<void>;
}

interface MeetingRecord {
  /** By their numbers. */
  readonly parties: readonly MeetingParty[];
  readonly removed: readonly MemberId[];
  readonly captionsOn: boolean;
}

/** Which copy of Parley carries a meeting. */
export interface Lease {
  /** One process; another after a restart. */
  readonly holder: string;
  /** Where browsers reach that copy. */
  readonly url: string;
}

export type Delivery =
  | { readonly state: 'intended' }
  /** A file whose upload was reserved and perhaps finished. */
  | { readonly state: 'reserved'; readonly fileId: FileId }
  | { readonly state: 'message'; readonly posted: PostedMessage; readonly revision: number }
  | { readonly state: 'file'; readonly fileId: FileId }
  /** Shown once, and since then replaced by a newer one. */
  | { readonly state: 'withdrawn' };

export interface Store {
  /** Runs `work` in one transaction; commits when it resolves, rolls back when it rejects. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Whether the database answers, for readiness. */
  check(): Promise<boolean>;
}

export interface JobContext {
  /** 1 on the first attempt. Attempts cut off by a crash count. */
  readonly attempt: number;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

export interface JobHandler<J extends Job = Job> {
  /**
   * Does the work. Throwing a retryable `AppError` before the last attempt runs it again later, waiting longer
   * each time (or `retryAfterMs`).
   */
  run(job: J, context: JobContext): Promise<void>;
  /** A retry is ahead: `inMs` from now. For telling the person. Best effort. */
  willRetry?(job: J, error: AppError, inMs: number): Promise<void>;
  /** The last attempt failed, or the error is final. Its own failure runs the job again. */
  gaveUp(job: J, error: AppError): Promise<void>;
}

export type JobHandlers = { readonly [Name in JobName]: JobHandler<Extract<Job, { name: Name }>> };

export interface Queue {
  /** Starts working. Jobs of processes that died are picked up again within seconds of the next start. */
  work(handlers: JobHandlers, options: { readonly concurrency: number }): Promise<void>;
  /** Stops taking jobs, lets running ones end within `graceMs`, aborts the rest (they run again later). */
  stop(graceMs: number): Promise<void>;
}

// ---------------------------------------------------------------- what people ask (the bot calls, the flows answer)

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

// ---------------------------------------------------------------- meetings

/** Where people meet: media and signalling. */
export interface Rooms {
  /** Why no meeting can be held at the moment, as a sentence with what to do; null when all is there. */
  missing(): string | null;
  /**
   * Opens the room of a meeting in this process.
   * @throws AppError `media-failed`
   */
  open(id: ConversationId, options: RoomOptions): Promise<Room>;
}

/** Somebody at the door of a meeting, as their link said. */
export interface MeetingPerson {
  readonly personId: MemberId;
  readonly name: string;
  readonly host: boolean;
}

export interface RoomOptions {
  readonly title: string;
  readonly captionsOn: boolean;
  /** By their numbers, when the meeting goes on from an earlier process. */
  readonly parties: readonly MemberId[];
  /** Who was removed, and stays out. */
  readonly removed: readonly MemberId[];
  /** The meeting's clock. */
  readonly nowMs: () => number;
  /** Final captions after number `since`, as many as fit into an answer, the number of the last, and whether there are more. */
  readonly transcript: (since: number) => {
    readonly lines: readonly MeetingLine[];
    readonly last: number;
    readonly more: boolean;
    readonly parties: readonly MeetingParty[];
  };
  /** Somebody who agreed to it is going to be heard. Nothing comes while they are muted or captions are off. */
  readonly listen: (party: number) => Ear;
  readonly on: RoomListener;
}

/** Takes the sound of one speaker. None of these may throw. */
export interface Ear {
  /** 16 kHz mono linear16, at most 100 ms, silence left out; `atMs` is on the meeting's clock. */
  readonly audio: (pcm: Uint8Array, atMs: number) => void;
  readonly pause: () => void;
  /** Nothing follows. */
  readonly closed: () => void;
}

/** None of these may throw. */
interface RoomListener {
  /** `place` is one browser of theirs; a person may have several. */
  readonly joined: (place: string, party: number, person: MeetingPerson) => void;
  /** For good; `here` is how many places are still taken. */
  readonly left: (place: string, here: number) => void;
  readonly removed: (personId: MemberId) => void;
  readonly captionsSwitched: (on: boolean) => void;
  /** The host ended it, and everybody is out. */
  readonly ended: (by: MemberId) => void;
}

export interface Room {
  caption(caption: RoomCaption): void;
  captionsDelayed(delayed: boolean): void;
  talkTime(parties: readonly { readonly partyIndex: number; readonly speakingMs: number }[]): void;
  /** Tells everybody that it is over, and closes it; `ended` is not called. */
  end(by: string | null): void;
  /** Closes it for this process only: pages come back. Idempotent, as all that close. */
  close(): void;
}

/** What is being said. The first `committed` characters of `text` never change again. */
export interface RoomCaption {
  readonly partyIndex: number;
  readonly id: string;
  readonly text: string;
  readonly committed: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly isFinal: boolean;
}

/** What a link into a meeting says. */
export interface MeetingPass {
  readonly conversationId: ConversationId;
  readonly workspaceId: WorkspaceId;
  readonly personId: MemberId;
}

/** What a meeting's page asks for, the flows answer. */
export interface Meetings {
  /** For the page before one joins. Null for a meeting that there is not. */
  info(pass: MeetingPass): Promise<{
    readonly title: string;
    readonly name: string;
    readonly host: boolean;
    /** Null while nobody has been in. */
    readonly startedAtMs: number | null;
    /** Why nobody can come in any more, as a sentence; null while they can. */
    readonly closed: string | null;
    /** What keeps this copy from holding it at the moment, as a sentence; null when nothing does. */
    readonly unavailable: string | null;
    /** Whether this person has been in. */
    readonly knows: boolean;
    /** Where the copy is that carries it, when that is another one. */
    readonly elsewhere: string | null;
  } | null>;
  /** Opens the meeting's room in this process, unless another copy has it. */
  enter(pass: MeetingPass): Promise<Entrance>;
}

export type Entrance =
  | { readonly at: 'here'; readonly person: MeetingPerson }
  /** Another copy has it; its address may be this one's when both are reached through one. */
  | { readonly at: 'elsewhere'; readonly url: string }
  /** Why not, for the person. `over`: it will not be otherwise later. */
  | { readonly at: 'nowhere'; readonly sentence: string; readonly over: boolean };

// ---------------------------------------------------------------- the rest of the world

export interface Clock {
  nowMs(): number;
}

/** Structured: a constant message and fields. Never a transcript, name, number, token or signed link. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
export type LogFields = Readonly<Record<string, unknown>>;
