import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from './database.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createFileStore, type FileStore } from './files.ts';
import { createMessageStore, type MessageStore } from './messages.ts';
import { createSettingsStore, type SettingsStore } from './settings.ts';

export interface Store {
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly directory: Directory;
  readonly settings: SettingsStore;
  /** Runs `work` in a transaction. Not to be nested. */
  transact<T>(work: () => T): T;
  close(): void;
}

/** `dataDir` null keeps rows in memory and bytes in a directory that `close` deletes. */
export const openStore = (dataDir: string | null): Store => {
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true });
  const filesDir = dataDir === null ? mkdtempSync(join(tmpdir(), 'parley-slack-')) : join(dataDir, 'files');
  const database = openDatabase(dataDir === null ? null : join(dataDir, 'slack.sqlite'));
  let open = true;
  return {
    messages: createMessageStore(database),
    files: createFileStore(database, filesDir),
    directory: createDirectory(database),
    settings: createSettingsStore(database),
    transact: (work) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => {
      if (!open) return;
      open = false;
      database.close();
      if (dataDir === null) rmSync(filesDir, { recursive: true, force: true });
    },
  };
};
