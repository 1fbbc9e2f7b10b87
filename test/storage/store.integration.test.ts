import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/storage/database.ts';
import type { Storage } from '../../src/storage/index.ts';
import { storeContract } from './contract/store.ts';
import { createPlaces, type Place, type Places, SIZES, silent } from './support/places.ts';
import { conversationId, recording } from './support/samples.ts';

for (const size of SIZES) storeContract(size, () => createPlaces(size));

const soon = { timeout: 30_000, interval: 50 };

describe('the store on a server', () => {
  let places: Places;
  let place: Place;
  let storage: Storage;
  beforeAll(async () => {
    places = await createPlaces('server');
    place = await places.create();
    storage = await place.open();
  });
  afterAll(() => places.close());

  const transact: Storage['store']['transact'] = (work) => storage.store.transact(work);

  test('two transactions that block each other both come through', async () => {
    await transact(async (tx) => {
      for (const id of ['left', 'right']) await tx.addConversation(recording(id), id);
    });
    // Each takes its first lock, waits until the other has its own, and then wants the other's.
    let arrived = 0;
    let bothIn = () => {};
    const both = new Promise<void>((resolve) => {
      bothIn = resolve;
    });
    const lockInOrder = (order: readonly string[]) =>
      transact(async (tx) => {
        await tx.conversation(conversationId(order[0]!), { lock: true });
        arrived += 1;
        if (arrived === 2) bothIn();
        await both;
        await tx.conversation(conversationId(order[1]!), { lock: true });
      });
    await Promise.all([lockInOrder(['left', 'right']), lockInOrder(['right', 'left'])]);
    // One of the two was ended by the server and began again, perhaps more than once.
    expect(arrived).toBeGreaterThanOrEqual(3);
  });

  test('a connection that breaks is a retryable AppError, and the next one works', async () => {
    const admin = new Client({ connectionString: place.databaseUrl! });
    await admin.connect();
    try {
      const broken = transact(async (tx) => {
        await tx.conversation(conversationId('any'));
        await admin.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'",
        );
        await tx.conversation(conversationId('any'));
      });
      await expect(broken).rejects.toMatchObject({ name: 'AppError', retryable: true });
      // Each of the other connections is replaced once it is known to be broken.
      await vi.waitFor(async () => expect(await storage.store.check()).toBe(true), { timeout: 120_000 });
    } finally {
      await admin.end();
    }
  });
});

test('a server that takes no writes is left, so that the next connection finds the one that does', async () => {
  const places = await createPlaces('server');
  const place = await places.create();
  const storage = await place.open();
  const admin = new Client({ connectionString: place.databaseUrl! });
  await admin.connect();
  const add = (id: string) =>
    storage.store.transact(async (tx) => void (await tx.addConversation(recording(id), id)));
  try {
    await add('before');
    const { rows } = await admin.query('select current_database() as name');
    // Sessions that are open keep the setting with which they began, as they keep a server that was demoted.
    await admin.query(`alter database ${rows[0].name} set default_transaction_read_only = on`);
    await vi.waitFor(async () => {
      // Again each time: a session that was just beginning may have missed both.
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'parley'",
      );
      await expect(add('during')).rejects.toMatchObject({ retryable: true });
      expect(await storage.store.check()).toBe(false);
    }, soon);
    await admin.query(`set default_transaction_read_only = off`);
    await admin.query(`alter database ${rows[0].name} reset default_transaction_read_only`);
    await vi.waitFor(async () => expect(await storage.store.check()).toBe(true), soon);
    await add('after');
  } finally {
    await admin.end();
    await places.close();
  }
});

test('an instance that stalls within a transaction loses its locks, and a statement its time, on every connection', async () => {
  const places = await createPlaces('server');
  const database = await openDatabase({ ...(await places.create()), log: silent });
  try {
    const transactions = Array.from({ length: 3 }, () =>
      database.db.transaction().execute(async (trx) => {
        const { rows } = await sql<{
          after: string;
        }>`select current_setting('idle_in_transaction_session_timeout') || ', ' || current_setting('statement_timeout')
          as after, pg_sleep(0.01)`.execute(trx);
        return rows[0]?.after;
      }),
    );
    expect(await Promise.all(transactions)).toEqual(Array(3).fill('30s, 10s'));
  } finally {
    await database.close();
    await places.close();
  }
});
