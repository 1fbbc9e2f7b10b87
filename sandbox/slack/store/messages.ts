import type { DatabaseSync } from 'node:sqlite';
import type { Message } from '../types.ts';

export interface MessageQuery {
  readonly channel: string;
  /** The root's `ts`: it and its replies. Without it: the channel's own level, without replies. */
  readonly thread?: string;
  readonly oldest?: string;
  readonly latest?: string;
  readonly inclusive?: boolean;
  readonly newestFirst?: boolean;
  readonly limit: number;
}

export interface MessageStore {
  save(message: Message): void;
  remove(channel: string, ts: string): void;
  get(channel: string, ts: string): Message | null;
  /** What the Web API shows: no ephemeral messages. */
  find(query: MessageQuery): Message[];
  /** Every message of a channel or a thread, oldest first, ephemeral ones included. */
  all(channel: string, thread?: string): Message[];
  /** The replies' count, people and the newest `ts`. */
  replies(channel: string, ts: string): { count: number; users: string[]; latest: string | null };
  newestTs(): string | null;
}

type Row = { data: string };

export const createMessageStore = (database: DatabaseSync): MessageStore => {
  const save = database.prepare(
    'INSERT OR REPLACE INTO messages (channel, ts, thread_ts, ephemeral_to, data) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = database.prepare('DELETE FROM messages WHERE channel = ? AND ts = ?');
  const get = database.prepare('SELECT data FROM messages WHERE channel = ? AND ts = ?');
  const everything = database.prepare('SELECT data FROM messages WHERE channel = ? ORDER BY ts');
  const thread = database.prepare(
    'SELECT data FROM messages WHERE channel = ?1 AND (ts = ?2 OR thread_ts = ?2) ORDER BY ts',
  );
  const replies = database.prepare(
    `SELECT data FROM messages WHERE channel = ?1 AND thread_ts = ?2 AND ts <> ?2 AND ephemeral_to IS NULL
     ORDER BY ts`,
  );
  const newest = database.prepare('SELECT MAX(ts) AS ts FROM messages');
  const parse = (row: unknown): Message => JSON.parse((row as Row).data) as Message;

  return {
    save: (message) => {
      save.run(
        message.channel,
        message.ts,
        message.threadTs ?? null,
        message.ephemeralTo ?? null,
        JSON.stringify(message),
      );
    },
    remove: (channel, ts) => void remove.run(channel, ts),
    get: (channel, ts) => {
      const row = get.get(channel, ts);
      return row === undefined ? null : parse(row);
    },
    find: (query) => {
      const where = ['channel = ?', 'ephemeral_to IS NULL'];
      const values: string[] = [query.channel];
      if (query.thread === undefined) where.push('(thread_ts IS NULL OR thread_ts = ts)');
      else {
        where.push('(ts = ? OR thread_ts = ?)');
        values.push(query.thread, query.thread);
      }
      const or = query.inclusive ? '=' : '';
      if (query.oldest !== undefined) {
        // The root of a thread is always on the first page, however old it is.
        where.push(query.thread === undefined ? `ts >${or} ?` : `(ts >${or} ? OR ts = ?)`);
        values.push(query.oldest);
        if (query.thread !== undefined) values.push(query.thread);
      }
      if (query.latest !== undefined) {
        where.push(`ts <${or} ?`);
        values.push(query.latest);
      }
      const order = query.newestFirst ? 'DESC' : 'ASC';
      return database
        .prepare(`SELECT data FROM messages WHERE ${where.join(' AND ')} ORDER BY ts ${order} LIMIT ?`)
        .all(...values, query.limit)
        .map(parse);
    },
    all: (channel, root) =>
      (root === undefined ? everything.all(channel) : thread.all(channel, root)).map(parse),
    replies: (channel, ts) => {
      const found = replies.all(channel, ts).map(parse);
      return {
        count: found.length,
        users: [...new Set(found.map((reply) => reply.user))],
        latest: found.at(-1)?.ts ?? null,
      };
    },
    newestTs: () => (newest.get() as { ts: string | null }).ts,
  };
};
