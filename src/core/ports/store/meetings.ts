import type { ConversationId, MemberId } from '../../ids.ts';
import type { MeetingLine, MeetingParty } from '../../meeting/lines.ts';

/** What the next instance needs to host a meeting. */
interface MeetingRecord {
  /** By their numbers. */
  readonly parties: readonly MeetingParty[];
  readonly removed: readonly MemberId[];
  readonly captionsOn: boolean;
}

export interface MeetingTx {
  meeting(id: ConversationId): Promise<MeetingRecord>;
  /** At the party's number; replaces the name that was there. */
  saveMeetingParty(id: ConversationId, number: number, party: MeetingParty): Promise<void>;
  saveCaptionsOn(id: ConversationId, on: boolean): Promise<void>;
  /** A removed person cannot join again. */
  saveRemoved(id: ConversationId, personId: MemberId): Promise<void>;
  /**
   * By number; saving the same line again changes nothing.
   * @throws AppError, not retryable, when another line has the number: then two instances host the meeting
   */
  saveLines(id: ConversationId, lines: readonly MeetingLine[]): Promise<void>;
  /** By number. */
  lines(id: ConversationId): Promise<readonly MeetingLine[]>;
}
