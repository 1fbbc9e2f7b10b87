import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { refusal } from './errors.ts';

export interface DirectoryLock {
  /** Idempotent. */
  release(): void;
}

/**
 * Locks the data directory for this process; creates it when missing. PGlite does not lock its files, and two processes
 * on them lose rows.
 *
 * The lock is an open exclusive transaction on an empty SQLite file, which is Node's only access to kernel file locks.
 * The kernel releases it with the process, so it is never stale. The process id beside it is for the error message only;
 * it must not be in the lock file itself, because POSIX releases a process's locks on a file when the process closes any
 * descriptor of it.
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
    // It has the lock, and has not written its id yet.
    return 'another instance of Parley';
  }
};
