import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

/** Polling interval of a waiting process; a build takes minutes. */
const POLL_EVERY_MS = 500;

/**
 * Runs `work` while no other process, or call in this one, runs any for the same directory. The lock is an open
 * exclusive transaction on an empty SQLite file. The kernel releases it when the process ends, so it is never stale (docs/decisions/0022-data-directory-lock.md).
 */
export const exclusively = async <T>(
  directory: string,
  options: { readonly waiting: () => void; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> => {
  const lock = new DatabaseSync(path.join(directory, 'lock'));
  try {
    for (let isWaiting = false; !take(lock); isWaiting = true) {
      if (!isWaiting) options.waiting();
      await wait(POLL_EVERY_MS, undefined, { signal: options.signal });
    }
    return await work();
  } finally {
    lock.close();
  }
};

const take = (lock: DatabaseSync): boolean => {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    // SQLITE_BUSY: it is locked.
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return false;
    throw error;
  }
};
