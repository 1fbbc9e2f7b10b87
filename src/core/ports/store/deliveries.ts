import type { ConversationId, FileId } from '../../ids.ts';
import type { PostedMessage } from '../chat.ts';

/**
 * A delivery makes something visible outside exactly once: its intention is stored before the attempt, its outcome
 * after it. What is intended and has no outcome may or may not have happened.
 */
export type Delivery =
  | { readonly state: 'intended' }
  /** A file whose upload was reserved and perhaps finished. */
  | { readonly state: 'reserved'; readonly fileId: FileId }
  | { readonly state: 'message'; readonly posted: PostedMessage; readonly revision: number }
  | { readonly state: 'file'; readonly fileId: FileId }
  /** Delivered once, and replaced by a newer one since, or known under another key. */
  | { readonly state: 'withdrawn' };

export interface DeliveryTx {
  delivery(key: string): Promise<Delivery | null>;
  /** Keeps what an earlier attempt stored under the key. */
  intendDelivery(key: string, conversationId: ConversationId): Promise<void>;
  saveDelivery(key: string, delivery: Delivery): Promise<void>;
  deliveriesOf(conversationId: ConversationId): Promise<ReadonlyMap<string, Delivery>>;
}
