import type { JobTx } from './queue.ts';
import type { CallSettingsTx } from './store/call-settings.ts';
import type { ConversationTx } from './store/conversations.ts';
import type { DeliveryTx } from './store/deliveries.ts';
import type { LeaseTx } from './store/leases.ts';
import type { LegTx } from './store/legs.ts';
import type { LinkTx } from './store/links.ts';
import type { MeetingTx } from './store/meetings.ts';
import type { PinTx } from './store/pins.ts';
import type { TranscriptTx } from './store/transcripts.ts';

export type * from './store/call-settings.ts';
export type * from './store/conversations.ts';
export type * from './store/deliveries.ts';
export type * from './store/leases.ts';
export type * from './store/legs.ts';
export type * from './store/links.ts';
export type * from './store/meetings.ts';
export type * from './store/pins.ts';
export type * from './store/transcripts.ts';

/** One database transaction. A function that takes part in one names the subjects that it uses. */
export interface Tx
  extends ConversationTx,
    TranscriptTx,
    DeliveryTx,
    MeetingTx,
    LinkTx,
    LeaseTx,
    LegTx,
    CallSettingsTx,
    PinTx,
    JobTx {}

export interface Store {
  /** Runs `work` in one transaction; commits when it resolves, rolls back when it rejects. */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Whether the database answers and takes writes, for readiness. */
  check(): Promise<boolean>;
}
