import { DatabaseSync } from 'node:sqlite';

/** Rows hold records as JSON; columns exist only for searching and ordering. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS users    (id TEXT PRIMARY KEY, place INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS channels (id TEXT PRIMARY KEY, place INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS members  (channel TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY (channel, user)) STRICT;
  CREATE TABLE IF NOT EXISTS messages (
    channel TEXT NOT NULL, ts TEXT NOT NULL, thread_ts TEXT, ephemeral_to TEXT, data TEXT NOT NULL,
    PRIMARY KEY (channel, ts)) STRICT;
  CREATE INDEX IF NOT EXISTS messages_by_thread ON messages (channel, thread_ts, ts);
  CREATE TABLE IF NOT EXISTS files    (id TEXT PRIMARY KEY, state TEXT NOT NULL, data TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS homes    (user TEXT PRIMARY KEY, view TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS events   (
    id TEXT PRIMARY KEY, attempt INTEGER NOT NULL, due_ms INTEGER NOT NULL, reason TEXT, body TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS response_urls (
    id TEXT PRIMARY KEY, uses INTEGER NOT NULL, expires_ms INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
`;

/**
 * Opens the workspace's database; null keeps it in memory. With a write-ahead log and `synchronous = NORMAL`, commits
 * survive a crash of the process but not of the machine, which is enough here.
 */
export const openDatabase = (path: string | null): DatabaseSync => {
  const database = new DatabaseSync(path ?? ':memory:');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000;');
  database.exec(SCHEMA);
  return database;
};
