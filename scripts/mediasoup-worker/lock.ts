import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

/** How often a waiting process looks whether the other one is done; a build takes minutes. */
const LOOK_EVERY_MS = 500;

/**
 * Does `work` while no other process (nor another call in this one) does any in the same directory. The lock is
 * an open exclusive transaction on an empty SQLite file, which the kernel drops with the process however that
 * ends, so nothing stale can be left (docs/decisions/0022-data-directory-lock.md).
 */
export const exclusively = async <T>(
  directory: string,
  options: { readonly waiting: () => void; readonly signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> => {
  const lock = new DatabaseSync(path.join(directory, 'lock'));
  try {
    for (let told = false; !take(lock); told = true) {
      if (!told) options.waiting();
      await wait(LOOK_EVERY_MS, undefined, { signal: options.signal });
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
    // SQLITE_BUSY: somebody else has it.
    if (error instanceof Error && 'errcode' in error && error.errcode === 5) return false;
    throw error;
  }
};
