import type { DatabaseSync } from 'node:sqlite';
import type { Channel, User } from '../types.ts';

export interface Directory {
  users(): User[];
  user(id: string): User | null;
  saveUser(user: User): void;
  channels(): Channel[];
  channel(id: string): Channel | null;
  saveChannel(channel: Channel): void;
  members(channel: string): string[];
  isMember(channel: string, user: string): boolean;
  addMember(channel: string, user: string): void;
  removeMember(channel: string, user: string): void;
}

/** People, channels and who is in which. */
export const createDirectory = (database: DatabaseSync): Directory => {
  const parse = <T>(row: unknown): T => JSON.parse((row as { data: string }).data) as T;
  const table = <T extends { id: string }>(name: 'users' | 'channels') => {
    const all = database.prepare(`SELECT data FROM ${name} ORDER BY place`);
    const one = database.prepare(`SELECT data FROM ${name} WHERE id = ?`);
    const save = database.prepare(
      `INSERT INTO ${name} (id, place, data) VALUES (?1, (SELECT COUNT(*) FROM ${name}), ?2)
       ON CONFLICT (id) DO UPDATE SET data = ?2`,
    );
    return {
      all: (): T[] => all.all().map((row) => parse<T>(row)),
      one: (id: string): T | null => {
        const row = one.get(id);
        return row === undefined ? null : parse<T>(row);
      },
      save: (item: T): void => void save.run(item.id, JSON.stringify(item)),
    };
  };
  const users = table<User>('users');
  const channels = table<Channel>('channels');
  const members = database.prepare('SELECT user FROM members WHERE channel = ? ORDER BY rowid');
  const isMember = database.prepare('SELECT 1 FROM members WHERE channel = ? AND user = ?');
  const add = database.prepare('INSERT OR IGNORE INTO members (channel, user) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM members WHERE channel = ? AND user = ?');
  return {
    users: users.all,
    user: users.one,
    saveUser: users.save,
    channels: channels.all,
    channel: channels.one,
    saveChannel: channels.save,
    members: (channel) => members.all(channel).map((row) => (row as { user: string }).user),
    isMember: (channel, user) => isMember.get(channel, user) !== undefined,
    addMember: (channel, user) => void add.run(channel, user),
    removeMember: (channel, user) => void remove.run(channel, user),
  };
};
