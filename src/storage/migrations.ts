import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { refusal, toStorageError } from './errors.ts';
import type { Tables } from './tables.ts';

/**
 * In order of name. A released migration is never edited: the next change is a new one. There are no down migrations; a
 * faulty one is followed by one that fixes it.
 */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-recordings': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table conversation (
          id text primary key,
          origin text not null unique,
          kind text not null,
          workspace_id text not null,
          channel_id text not null,
          root_id text not null,
          started_by text not null,
          title text not null,
          created_at_ms bigint not null,
          revision integer not null,
          posted_in text not null,
          position integer not null,
          source jsonb not null,
          state jsonb not null
        )`.execute(db);
      await sql`create index conversation_posted_in
        on conversation (workspace_id, channel_id, posted_in, position)`.execute(db);
      await sql`create index conversation_started_by
        on conversation (workspace_id, started_by, created_at_ms desc)`.execute(db);
      // Large, and always read whole: jsonb would parse it for nothing.
      await sql`
        create table heard (
          conversation_id text primary key references conversation (id),
          heard json not null
        )`.execute(db);
      await sql`
        create table speaker_names (
          conversation_id text primary key references conversation (id),
          names jsonb not null
        )`.execute(db);
      await sql`
        create table delivery (
          key text primary key,
          conversation_id text not null references conversation (id),
          delivery jsonb not null
        )`.execute(db);
      await sql`create index delivery_conversation on delivery (conversation_id)`.execute(db);
    },
  },
  '0002-meetings': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        alter table conversation
          alter column root_id drop not null,
          alter column posted_in drop not null,
          alter column source drop not null,
          add column host text,
          add column started_at_ms bigint,
          add column ended_at_ms bigint,
          add constraint conversation_kind check (
            case kind
              when 'recording' then root_id is not null and posted_in is not null and source is not null
              when 'meeting' then host is not null
            end
          )`.execute(db);
      await sql`
        create table meeting_party (
          conversation_id text not null references conversation (id),
          number integer not null,
          person_id text not null,
          name text not null,
          primary key (conversation_id, number)
        )`.execute(db);
      await sql`
        create table meeting_removed (
          conversation_id text not null references conversation (id),
          person_id text not null,
          primary key (conversation_id, person_id)
        )`.execute(db);
      // On for all meetings that have no row here.
      await sql`
        create table meeting_captions (
          conversation_id text primary key references conversation (id),
          captions_on boolean not null
        )`.execute(db);
      await sql`
        create table meeting_line (
          conversation_id text not null references conversation (id),
          number integer not null,
          id text not null,
          party integer not null,
          start_ms integer not null,
          end_ms integer not null,
          text text not null,
          words json not null,
          primary key (conversation_id, number)
        )`.execute(db);
      await sql`
        create table meeting_lease (
          conversation_id text primary key references conversation (id),
          holder text not null,
          url text not null,
          until timestamptz not null
        )`.execute(db);
    },
  },
  '0003-calls': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        alter table conversation
          drop constraint conversation_kind,
          add constraint conversation_kind check (
            case kind
              when 'recording' then root_id is not null and posted_in is not null and source is not null
              when 'meeting' then host is not null
              when 'call' then host is not null
              else false
            end
          )`.execute(db);
      // Workspace and channel are the conversation's, copied so that one index counts a day of calls.
      await sql`
        create table leg (
          id text primary key,
          added bigint generated always as identity,
          conversation_id text not null references conversation (id),
          workspace_id text not null,
          channel_id text not null,
          role text not null,
          number text not null,
          name text not null,
          member_id text,
          rung_by text,
          call_id text,
          state jsonb not null,
          hang_up_asked boolean not null,
          declined boolean not null,
          recording jsonb,
          created_at_ms bigint not null,
          answered_at_ms bigint,
          ended_at_ms bigint
        )`.execute(db);
      await sql`create index leg_conversation on leg (conversation_id, added)`.execute(db);
      await sql`create index leg_workspace on leg (workspace_id, created_at_ms)`.execute(db);
      await sql`create index leg_on_now on leg (workspace_id) where ended_at_ms is null`.execute(db);
      await sql`
        create table call_settings (
          workspace_id text primary key,
          settings jsonb not null
        )`.execute(db);
      await sql`
        create table own_number (
          workspace_id text not null,
          member_id text not null,
          number text not null,
          primary key (workspace_id, member_id)
        )`.execute(db);
      await sql`
        create table pin (
          pin text primary key,
          conversation_id text not null unique references conversation (id)
        )`.execute(db);
      await sql`
        create table wrong_pin (
          at_ms bigint not null,
          from_number text not null
        )`.execute(db);
      await sql`create index wrong_pin_at on wrong_pin (at_ms)`.execute(db);
    },
  },
  '0004-links-of-one-browser': {
    up: async (db: Kysely<unknown>) => {
      await sql`
        create table meeting_link (
          link_id text primary key,
          browser text not null,
          taken_at_ms bigint not null
        )`.execute(db);
      await sql`create index meeting_link_taken_at on meeting_link (taken_at_ms)`.execute(db);
    },
  },
  '0005-recordings-by-file': {
    up: async (db: Kysely<unknown>) => {
      await sql`create index conversation_file
        on conversation (workspace_id, (source ->> 'fileId')) where kind = 'recording'`.execute(db);
    },
  },
  '0006-extensions': {
    up: async (db: Kysely<unknown>) => {
      await sql`alter table leg add column extension text`.execute(db);
    },
  },
};

/**
 * Brings the tables up to date. Concurrent starts are serialised (Kysely holds an advisory lock), and a failing migration
 * leaves the tables unchanged.
 * @throws AppError, also when the database was written by a newer version of Parley
 */
export const migrate = async (
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<void> => {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (await wasWrittenByNewer(db, migrations)) {
    throw refusal(
      'The database was written by a newer version of Parley. Start that version or a later one.',
      error,
    );
  }
  throw toStorageError(error);
};

/** Whether the database has a migration that is not among ours. */
const wasWrittenByNewer = async (
  db: Kysely<Tables>,
  migrations: Readonly<Record<string, Migration>>,
): Promise<boolean> => {
  try {
    const applied = await sql<{ name: string }>`select name from migration`.execute(db);
    return applied.rows.some(({ name }) => !(name in migrations));
  } catch {
    // The original error says more.
    return false;
  }
};
