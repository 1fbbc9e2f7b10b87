import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { refusal } from './errors.ts';

export interface DirectoryLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Takes the data directory for this process alone; creates it when missing. PGlite does not guard its files, and
 * two processes on them lose rows.
 *
 * The lock is an open exclusive transaction on an empty SQLite file, which is the one way to a kernel file lock
 * that Node offers. The kernel drops it with the process, however that ends: nothing can be left stale, and a
 * process number that was given to somebody else means nothing. The number is kept beside it only to be told.
 * It must not be kept in the lock file itself: POSIX drops a process's locks on a file as soon as that process
 * closes any descriptor of it.
 *
 * @throws AppError when another process, or this one, holds the directory.
 */
export const lockDirectory = (directory: string): DirectoryLock => {
  const holderFile = join(directory, 'holder.pid');
  const lockFile = openLockFile(directory);
  try {
    lockFile.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lockFile.close();
    if (!isBusy(error)) throw refusal(`Parley can’t lock its data directory ${directory}.`, error);
    throw refusal(
      `The data directory ${directory} is in use by ${holder(holderFile)}. Stop it, ` +
        'set another DATA_DIR, or set one DATABASE_URL for both.',
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`);
  return {
    release: () => {
      if (!lockFile.isOpen) return;
      rmSync(holderFile, { force: true });
      lockFile.close();
    },
  };
};

const openLockFile = (directory: string): DatabaseSync => {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return new DatabaseSync(join(directory, 'lock'));
  } catch (error) {
    throw refusal(`Parley can’t write to its data directory ${directory}.`, error);
  }
};

/** SQLITE_BUSY. @see https://www.sqlite.org/rescode.html#busy */
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === 5;

const holder = (holderFile: string): string => {
  try {
    return `another instance of Parley, process ${Number.parseInt(readFileSync(holderFile, 'utf8'), 10)}`;
  } catch {
    // It has the lock and has not yet written who it is.
    return 'another instance of Parley';
  }
};
