import type { Kysely } from 'kysely';
import type { Job } from '../core/conversation/types.ts';
import type { Tx } from '../core/ports.ts';
import { toStorageError } from './errors.ts';
import type { Tables } from './tables.ts';
import { callSettingsTx } from './tx/call-settings.ts';
import { conversationTx } from './tx/conversations.ts';
import { deliveryTx } from './tx/deliveries.ts';
import { leaseTx } from './tx/leases.ts';
import { legTx } from './tx/legs.ts';
import { linkTx } from './tx/links.ts';
import { meetingTx } from './tx/meetings.ts';
import { pinTx } from './tx/pins.ts';
import { transcriptTx } from './tx/transcripts.ts';

/** Enqueues a job in the transaction it is given. */
export type Enqueue = (trx: Kysely<Tables>, job: Job, startAfterMs: number) => Promise<void>;

/** The subjects of the Store port over the open transaction `trx`. */
export const createTx = (trx: Kysely<Tables>, enqueue: Enqueue): Tx =>
  failingAsAppError<Tx>({
    ...conversationTx(trx),
    ...transcriptTx(trx),
    ...deliveryTx(trx),
    ...meetingTx(trx),
    ...linkTx(trx),
    ...leaseTx(trx),
    ...legTx(trx),
    ...callSettingsTx(trx),
    ...pinTx(trx),
    enqueue: (job, options) => enqueue(trx, job, options?.startAfterMs ?? 0),
  });

type AsyncMethods = { readonly [name: string]: (...args: never[]) => Promise<unknown> };

/** The same methods; whatever one throws becomes an `AppError`. */
const failingAsAppError = <T extends object>(methods: T): T =>
  Object.fromEntries(
    Object.entries(methods as AsyncMethods).map(([name, method]) => [
      name,
      async (...args: never[]) => {
        try {
          return await method(...args);
        } catch (error) {
          throw toStorageError(error);
        }
      },
    ]),
  ) as T;
