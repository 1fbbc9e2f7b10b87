import { type Kysely, sql } from 'kysely';
import type { LinkTx } from '../../core/ports.ts';
import type { Tables } from '../tables.ts';

/** A link is valid for a day and ten minutes after it was made, and is made before it is claimed. */
const KEEP_LINKS_MS = 25 * 3_600_000;

export const linkTx = (trx: Kysely<Tables>): LinkTx => {
  const ofLink = (linkId: string) =>
    trx.selectFrom('meeting_link').select('browser').where('link_id', '=', linkId);

  return {
    claimLink: async (linkId, browser, atMs) => {
      await trx
        .deleteFrom('meeting_link')
        .where('taken_at_ms', '<', sql<string>`${atMs - KEEP_LINKS_MS}`)
        .execute();
      const claimed = await trx
        .insertInto('meeting_link')
        .values({ link_id: linkId, browser, taken_at_ms: atMs })
        // Waits for a concurrent claim.
        .onConflict((conflict) => conflict.doNothing())
        .returning('browser')
        .executeTakeFirst();
      return claimed?.browser ?? (await ofLink(linkId).executeTakeFirstOrThrow()).browser;
    },

    linkBrowser: async (linkId) => (await ofLink(linkId).executeTakeFirst())?.browser ?? null,
  };
};
