import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { FileRecord } from '../types.ts';

export interface FileStore {
  save(file: FileRecord): void;
  get: (id: string) => FileRecord | null;
  inState(state: FileRecord['state']): FileRecord[];
  /** Where a file's bytes are kept. */
  path(id: string): string;
  /** Deletes the bytes; the record stays. */
  removeBytes(id: string): void;
}

/** Records in the database, bytes in `directory`. File ids never come from outside, so they are safe as names. */
export const createFileStore = (database: DatabaseSync, directory: string): FileStore => {
  mkdirSync(directory, { recursive: true });
  const save = database.prepare('INSERT OR REPLACE INTO files (id, state, data) VALUES (?, ?, ?)');
  const get = database.prepare('SELECT data FROM files WHERE id = ?');
  const inState = database.prepare('SELECT data FROM files WHERE state = ?');
  const parse = (row: unknown): FileRecord => JSON.parse((row as { data: string }).data) as FileRecord;
  const path = (id: string): string => join(directory, id);
  return {
    save: (file) => void save.run(file.id, file.state, JSON.stringify(file)),
    get: (id) => {
      const row = get.get(id);
      return row === undefined ? null : parse(row);
    },
    inState: (state) => inState.all(state).map(parse),
    path,
    removeBytes: (id) => {
      if (existsSync(path(id))) rmSync(path(id));
    },
  };
};
