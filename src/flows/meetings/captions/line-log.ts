import type { ConversationId } from '../../../core/ids.ts';
import type { MeetingLine } from '../../../core/meeting/lines.ts';
import type { Clock, Log } from '../../../core/ports.ts';
import type { MeetingWrites } from '../writes.ts';

/** A meeting's caption lines: at once in memory, for the pages, and as soon as possible in the database. */
export interface LineLog {
  /** At most `limit` lines after number `since`. */
  after(
    since: number,
    limit: number,
  ): { readonly lines: readonly MeetingLine[]; readonly last: number; readonly more: boolean };
  add(line: Omit<MeetingLine, 'number'>): void;
  /** No more lines follow. Resolves when all are stored, or cannot be. */
  stored(): Promise<void>;
}

/** Long enough for a slow answer, which is no news. */
const UNSAVED_AFTER_MS = 5_000;
/** After a meeting's end, for lines that the database refuses for good. */
const LAST_TRIES_MS = 60_000;

export const createLineLog = (options: {
  readonly id: ConversationId;
  /** Lines that are stored already. */
  readonly known: readonly MeetingLine[];
  readonly retryUntilStored: MeetingWrites['retryUntilStored'];
  readonly clock: Clock;
  readonly log: Log;
  /** These lines are stored now, in their order. */
  readonly onStored: (lines: readonly MeetingLine[]) => void;
  /** Whether lines have waited to be stored for longer than people should not know. */
  readonly onUnsaved: (unsaved: boolean) => void;
  /** The database refuses lines: another instance may write them. */
  readonly onRefused: () => void;
}): LineLog => {
  const { id, retryUntilStored, clock, log } = options;
  const lines = [...options.known];
  let storedCount = lines.length;
  let writing: Promise<void> | null = null;
  let isUnsaved = false;
  let isGivenUp = false;
  /** Set once no more lines follow. */
  let triedUntilMs = Number.POSITIVE_INFINITY;

  const setUnsaved = (unsaved: boolean): void => {
    if (unsaved === isUnsaved) return;
    isUnsaved = unsaved;
    options.onUnsaved(unsaved);
  };
  const onRefused = (): boolean => {
    options.onRefused();
    return clock.monotonicMs() < triedUntilMs;
  };

  const write = async (): Promise<void> => {
    const cancel = clock.after(UNSAVED_AFTER_MS, () => setUnsaved(true));
    try {
      while (storedCount < lines.length) {
        const batch = lines.slice(storedCount);
        await retryUntilStored((tx) => tx.saveLines(id, batch), onRefused);
        storedCount += batch.length;
        options.onStored(batch);
      }
      setUnsaved(false);
    } catch (error) {
      isGivenUp = true;
      const lost = lines.length - storedCount;
      log.error({ err: error, conversation: id, lines: lost }, 'captions could not be stored');
    } finally {
      cancel();
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
      if (isGivenUp) return;
      writing ??= write().finally(() => {
        writing = null;
      });
    },
    async stored() {
      triedUntilMs = clock.monotonicMs() + LAST_TRIES_MS;
      while (writing !== null) await writing;
    },
  };
};
