import type { PinCaller } from '../calls/pin.ts';
import type { CallCounts, CallSettings, Leg } from '../calls/types.ts';
import type { Conversation, Job, JobName, RecordingConversation } from '../conversation/types.ts';
import type { AppError } from '../error.ts';
import type {
  ChannelId,
  ConversationId,
  FileId,
  LegId,
  MemberId,
  MessageId,
  PhoneNumber,
  WorkspaceId,
} from '../ids.ts';
import type { MeetingLine, MeetingParty } from '../meeting/lines.ts';
import type { SpeakerNames, Transcription } from '../transcription.ts';
import type { PostedMessage } from './chat.ts';

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

  saveTranscription(id: ConversationId, transcription: Transcription): Promise<void>;
  transcription(id: ConversationId): Promise<Transcription | null>;
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
   * Gives a link to the browser that brings it, unless it is another's already, and answers whose it is. Kept for
   * longer than links are believed.
   */
  claimLink(linkId: string, browser: string, atMs: number): Promise<string>;
  /** The browser that took it; null when none did. */
  linkBrowser(linkId: string): Promise<string | null>;

  /**
   * Takes or renews the right to carry a meeting, for `forMs` from now by the database's clock, unless another holder
   * has it: then answers whose it is.
   */
  takeLease(id: ConversationId, lease: Lease, forMs: number): Promise<Lease>;
  /** Whose it is or was last. `expiredForMs` is negative while it lasts. */
  lease(id: ConversationId): Promise<(Lease & { readonly expiredForMs: number }) | null>;
  /** Gives it back at once, if it is this holder's. */
  releaseLease(id: ConversationId, holder: string): Promise<void>;

  addLeg(leg: Leg): Promise<void>;
  /** `lock` as for `conversation`. */
  leg(id: LegId, options?: { lock: boolean }): Promise<Leg | null>;
  /** In the order in which they were added. */
  legsOf(id: ConversationId): Promise<readonly Leg[]>;
  saveLeg(leg: Leg): Promise<void>;
  /** Those with a telephone that was answered and has not ended. */
  conversationsWithActiveLegs(): Promise<readonly ConversationId[]>;
  /**
   * Legs that this workspace had rung since `sinceMs` (who dialled in does not count), and those not ended. Holds the
   * workspace's count until the transaction ends, so that callers at the same moment count each other.
   */
  callCounts(asked: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly memberId: MemberId;
    readonly sinceMs: number;
  }): Promise<CallCounts>;
  /** Null where a workspace never decided. */
  callSettings(workspaceId: WorkspaceId): Promise<CallSettings | null>;
  saveCallSettings(workspaceId: WorkspaceId, settings: CallSettings): Promise<void>;
  /** The telephone number that a member gave as their own. */
  ownNumber(workspaceId: WorkspaceId, memberId: MemberId): Promise<PhoneNumber | null>;
  /** Null forgets it. */
  saveOwnNumber(workspaceId: WorkspaceId, memberId: MemberId, number: PhoneNumber | null): Promise<void>;

  /** Gives a conversation the first of these PINs that no other has, or keeps what it has. Null when all are taken. */
  givePin(id: ConversationId, candidates: readonly string[]): Promise<string | null>;
  pinOf(id: ConversationId): Promise<string | null>;
  conversationWithPin(pin: string): Promise<ConversationId | null>;
  /** The PIN is free for others from here on. */
  dropPin(id: ConversationId): Promise<void>;
  /**
   * How often this one gave a wrong PIN since the one moment, and all together since the other. Holds the count until
   * the transaction ends, so that those who guess at the same moment count each other.
   */
  wrongPinCounts(
    guesser: PinCaller,
    sinceMs: { readonly byGuesser: number; readonly byAll: number },
  ): Promise<{ readonly byGuesser: number; readonly byAll: number }>;
  addWrongPin(guesser: PinCaller, atMs: number): Promise<void>;

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
   * each time, and never less than `retryAfterMs`.
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
