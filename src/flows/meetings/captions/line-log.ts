import type { ConversationId } from '../../../core/ids.ts';
import type { MeetingLine } from '../../../core/meeting/lines.ts';
import type { Log, Tx } from '../../../core/ports.ts';

/** A meeting's caption lines: at once in memory, for the pages, and as soon as possible in the database. */
export interface LineLog {
  /** At most `limit` lines after number `since`. */
  after(
    since: number,
    limit: number,
  ): { readonly lines: readonly MeetingLine[]; readonly last: number; readonly more: boolean };
  add(line: Omit<MeetingLine, 'number'>): void;
  /** Resolves when all added lines are stored, or cannot be. */
  stored(): Promise<void>;
}

export const createLineLog = (options: {
  readonly id: ConversationId;
  /** Lines that are stored already. */
  readonly known: readonly MeetingLine[];
  /** Runs a transaction, with retries. */
  readonly persist: (work: (tx: Tx) => Promise<void>) => Promise<void>;
  readonly log: Log;
  /** These lines are stored now, in their order. */
  readonly onStored: (lines: readonly MeetingLine[]) => void;
  /** Another instance writes this meeting's lines. */
  readonly onRefused: (error: unknown) => void;
}): LineLog => {
  const { id, persist, log } = options;
  const lines = [...options.known];
  let storedCount = lines.length;
  let writing: Promise<void> | null = null;
  let isRefused = false;

  const write = async (): Promise<void> => {
    try {
      while (storedCount < lines.length) {
        const batch = lines.slice(storedCount);
        await persist((tx) => tx.saveLines(id, batch));
        storedCount += batch.length;
        options.onStored(batch);
      }
    } catch (error) {
      isRefused = true;
      const lost = lines.length - storedCount;
      log.error({ err: error, conversation: id, lines: lost }, 'captions could not be stored');
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
      if (isRefused) return;
      writing ??= write().finally(() => {
        writing = null;
      });
    },
    async stored() {
      while (writing !== null) await writing;
    },
  };
};
