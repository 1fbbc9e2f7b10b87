import type { DatabaseSync } from 'node:sqlite';
import type { AppSettings, Json, Team } from '../types.ts';

export interface PendingEvent {
  readonly id: string;
  /** The number of attempts so far. */
  readonly attempt: number;
  readonly dueMs: number;
  /** Why the last attempt failed, in Slack's words. */
  readonly reason: string | null;
  readonly body: Json;
}

export interface ResponseUrl {
  readonly id: string;
  readonly uses: number;
  readonly expiresMs: number;
  readonly channel: string;
  readonly user: string;
  /** The message it may replace or delete. */
  readonly messageTs?: string;
  readonly threadTs?: string;
}

export interface SettingsStore {
  team(): Team | null;
  saveTeam(team: Team): void;
  app(): AppSettings | null;
  saveApp(app: AppSettings): void;
  home(user: string): Json | null;
  saveHome(user: string, view: Json): void;
  events(): PendingEvent[];
  saveEvent(event: PendingEvent): void;
  removeEvent(id: string): void;
  responseUrl(id: string): ResponseUrl | null;
  saveResponseUrl(url: ResponseUrl): void;
}

type EventRow = { id: string; attempt: number; due_ms: number; reason: string | null; body: string };

/** What else is persistent: the app's settings, homes, unacknowledged events, response URLs. */
export const createSettingsStore = (database: DatabaseSync): SettingsStore => {
  const setting = database.prepare('SELECT value FROM settings WHERE name = ?');
  const saveSetting = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)');
  const read = <T>(name: string): T | null => {
    const row = setting.get(name) as { value: string } | undefined;
    return row === undefined ? null : (JSON.parse(row.value) as T);
  };
  const write = (name: string, value: unknown): void => void saveSetting.run(name, JSON.stringify(value));
  const home = database.prepare('SELECT view FROM homes WHERE user = ?');
  const saveHome = database.prepare('INSERT OR REPLACE INTO homes (user, view) VALUES (?, ?)');
  const events = database.prepare('SELECT * FROM events ORDER BY rowid');
  const saveEvent = database.prepare(
    `INSERT INTO events (id, attempt, due_ms, reason, body) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (id) DO UPDATE SET attempt = ?2, due_ms = ?3, reason = ?4`,
  );
  const removeEvent = database.prepare('DELETE FROM events WHERE id = ?');
  const responseUrl = database.prepare('SELECT data FROM response_urls WHERE id = ?');
  const saveResponseUrl = database.prepare(
    'INSERT OR REPLACE INTO response_urls (id, uses, expires_ms, data) VALUES (?, ?, ?, ?)',
  );
  database.prepare('DELETE FROM response_urls WHERE expires_ms < ?').run(Date.now());

  return {
    team: () => read<Team>('team'),
    saveTeam: (team) => write('team', team),
    app: () => read<AppSettings>('app'),
    saveApp: (app) => write('app', app),
    home: (user) => {
      const row = home.get(user) as { view: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.view) as Json);
    },
    saveHome: (user, view) => void saveHome.run(user, JSON.stringify(view)),
    events: () =>
      (events.all() as EventRow[]).map((row) => ({
        id: row.id,
        attempt: row.attempt,
        dueMs: row.due_ms,
        reason: row.reason,
        body: JSON.parse(row.body) as Json,
      })),
    saveEvent: (event) =>
      void saveEvent.run(event.id, event.attempt, event.dueMs, event.reason, JSON.stringify(event.body)),
    removeEvent: (id) => void removeEvent.run(id),
    responseUrl: (id) => {
      const row = responseUrl.get(id) as { data: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.data) as ResponseUrl);
    },
    saveResponseUrl: (url) => void saveResponseUrl.run(url.id, url.uses, url.expiresMs, JSON.stringify(url)),
  };
};
