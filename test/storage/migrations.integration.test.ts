import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../../src/core/error.ts';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { MIGRATIONS, migrate } from '../../src/storage/migrations.ts';
import { createPlaces, type Places, SIZES, silent } from './support/places.ts';

test('a server that cannot be reached is a sentence that names the setting, and nothing of its value', async () => {
  // Port 1 of this machine: refused at once.
  const databaseUrl = 'postgres://somebody:secret@127.0.0.1:1/parley';
  const error = await openDatabase({ databaseUrl, dataDir: '', log: silent }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AppError', userMessage: expect.stringContaining('DATABASE_URL') });
  expect((error as AppError).userMessage).not.toContain('secret');
});

describe.each(SIZES)('the tables (%s)', (size) => {
  let places: Places;
  let database: Database;
  beforeAll(async () => {
    places = await createPlaces(size, { tables: false });
    database = await openDatabase({ ...(await places.create()), log: silent });
  });
  afterAll(async () => {
    await database.close();
    await places.close();
  });

  const tables = async (): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public' order by 1`.execute(
      database.db,
    );
    return rows.map(({ name }) => name);
  };

  test('are made from nothing by several who start at once, and a later start changes nothing', async () => {
    await Promise.all([migrate(database.db), migrate(database.db), migrate(database.db)]);
    const made = await tables();
    expect(made).toEqual([
      'call_settings',
      'conversation',
      'delivery',
      'heard',
      'leg',
      'meeting_captions',
      'meeting_lease',
      'meeting_line',
      'meeting_link',
      'meeting_party',
      'meeting_removed',
      'migration',
      'migration_lock',
      'own_number',
      'pin',
      'speaker_names',
      'wrong_pin',
    ]);
    await migrate(database.db);
    expect(await tables()).toEqual(made);
  });

  test('of an earlier version keep what is in them', async () => {
    const earlier = await openDatabase({ ...(await places.create()), log: silent });
    try {
      const { '0001-recordings': first, '0002-meetings': second } = MIGRATIONS;
      await migrate(earlier.db, { '0001-recordings': first!, '0002-meetings': second! });
      const kept = sql<{ id: string; kind: string; host: string }>`select id, kind, host from conversation`;
      await sql`
        insert into conversation
          (id, origin, kind, workspace_id, channel_id, started_by, title, created_at_ms, revision, position, state, host)
        values ('m1', 'm1', 'meeting', 'T1', 'C1', 'U1', 'Stand-up', 1, 1, 0, '{"name":"open"}', 'U1')`.execute(
        earlier.db,
      );
      await migrate(earlier.db);
      expect((await kept.execute(earlier.db)).rows).toEqual([{ id: 'm1', kind: 'meeting', host: 'U1' }]);
      for (const change of [sql`kind = 'call', host = null`, sql`kind = 'séance'`]) {
        await expect(sql`update conversation set ${change}`.execute(earlier.db)).rejects.toThrow(
          'conversation_kind',
        );
      }
      await sql`update conversation set kind = 'call'`.execute(earlier.db);
    } finally {
      await earlier.close();
    }
  });

  test('stay as they were when a step fails, and the start is refused', async () => {
    const faulty = {
      ...MIGRATIONS,
      '9998-fine': {
        up: async (db: Kysely<unknown>) => void (await sql`create table half (id text)`.execute(db)),
      },
      '9999-faulty': { up: async (db: Kysely<unknown>) => void (await sql`create nonsense`.execute(db)) },
    };
    const before = await tables();
    await expect(migrate(database.db, faulty)).rejects.toMatchObject({ name: 'AppError', retryable: false });
    expect(await tables()).toEqual(before);
    await migrate(database.db);
  });

  test('that a newer version of Parley wrote are left alone, with a sentence that says so', async () => {
    await migrate(database.db, { ...MIGRATIONS, '9999-from-the-future': { up: async () => {} } });
    await expect(migrate(database.db)).rejects.toMatchObject({
      name: 'AppError',
      userMessage: expect.stringContaining('newer version of Parley'),
    });
  });
});
