import type { ConversationId } from '../../../core/ids.ts';
import type { MeetingLine } from '../../../core/meeting/lines.ts';
import type { Log, Store } from '../../../core/ports.ts';
import { retryUntilAborted } from '../../util/retry.ts';

/** A meeting's final captions: at once in memory, for the pages, and as soon as can be in the database. */
export interface LineLog {
  /** At most `limit` lines after number `since`. */
  after(
    since: number,
    limit: number,
  ): { readonly lines: readonly MeetingLine[]; readonly last: number; readonly more: boolean };
  add(line: Omit<MeetingLine, 'number'>): void;
  /** Resolves when all that was added is stored, or cannot be. */
  stored(): Promise<void>;
}

export const createLineLog = (options: {
  readonly id: ConversationId;
  /** What is stored already. */
  readonly known: readonly MeetingLine[];
  readonly store: Store;
  readonly log: Log;
  /** Gives up what cannot be stored. */
  readonly signal: AbortSignal;
  /** These are safe now, in their order. */
  readonly onStored: (lines: readonly MeetingLine[]) => void;
  /** Another copy writes this meeting's lines. */
  readonly onRefused: (error: unknown) => void;
}): LineLog => {
  const { id, store, log, signal } = options;
  const lines = [...options.known];
  let safe = lines.length;
  let writing: Promise<void> | null = null;
  let refused = false;

  const write = async (): Promise<void> => {
    try {
      while (safe < lines.length) {
        const batch = lines.slice(safe);
        await retryUntilAborted(() => store.transact((tx) => tx.saveLines(id, batch)), { log, signal });
        safe += batch.length;
        options.onStored(batch);
      }
    } catch (error) {
      refused = true;
      log.error({ err: error, conversation: id, lines: lines.length - safe }, 'captions could not be stored');
      options.onRefused(error);
    }
  };

  return {
    after(since, limit) {
      const from = Math.min(since, lines.length);
      const last = Math.min(from + limit, lines.length);
      return { lines: lines.slice(from, last), last, more: last < lines.length };
    },
    add(line) {
      lines.push({ ...line, number: lines.length + 1 });
      if (refused) return;
      writing ??= write().finally(() => {
        writing = null;
      });
    },
    async stored() {
      while (writing !== null) await writing;
    },
  };
};
