import type { PinCaller } from '../../calls/pin.ts';
import type { ConversationId } from '../../ids.ts';

export interface PinTx {
  /** Assigns the first candidate that is free, or keeps the conversation's PIN. Null when all are taken. */
  givePin(id: ConversationId, candidates: readonly string[]): Promise<string | null>;
  pinOf(id: ConversationId): Promise<string | null>;
  conversationWithPin(pin: string): Promise<ConversationId | null>;
  /** Frees the PIN for other conversations. */
  dropPin(id: ConversationId): Promise<void>;
  /**
   * Wrong PINs of one caller since one moment, and of all callers since another. Attempts of one caller are serialised
   * until the transaction ends, so that simultaneous ones count each other; attempts of different callers only once
   * there are `serializeAllFrom` wrong PINs.
   */
  wrongPinCounts(
    caller: PinCaller,
    sinceMs: { readonly byCaller: number; readonly byAll: number },
    serializeAllFrom: number,
  ): Promise<{ readonly byCaller: number; readonly byAll: number }>;
  addWrongPin(caller: PinCaller, atMs: number): Promise<void>;
}
