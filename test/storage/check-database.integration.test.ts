import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkDatabase } from '../../src/storage/check-database.ts';
import { lockDirectory } from '../../src/storage/directory-lock.ts';
import { silentLog } from '../media/support.ts';
import { startPostgres } from '../support/postgres.ts';
import { temporaryDirectory } from '../support/temporary.ts';

it('says of a server what it is, and refuses one that does not let it in', async () => {
  const server = await startPostgres();
  try {
    await server.createDatabase('parley');
    const examine = (databaseUrl: string) => checkDatabase({ databaseUrl, dataDir: '', log: silentLog });
    const found = await examine(server.urlOf('parley'));
    expect(found.description).toMatch(/^Postgres \d+\.\d+ answers in \d+ ms$/);
    expect(Math.abs((found.nowMs ?? 0) - Date.now())).toBeLessThan(60_000);
    const refused = { userMessage: expect.stringContaining('can’t use the database server') };
    await expect(examine(server.urlOf('parley').replace('password', 'guess'))).rejects.toMatchObject(refused);
    await expect(examine(server.urlOf('nothing'))).rejects.toMatchObject(refused);
  } finally {
    await server.close();
  }
});

it('makes no embedded database, and says who has one', async () => {
  const { directory, remove } = temporaryDirectory();
  try {
    const examine = () => checkDatabase({ databaseUrl: null, dataDir: directory, log: silentLog });
    expect(await examine()).toEqual({ description: 'embedded; created at the first start', nowMs: null });
    expect(existsSync(path.join(directory, 'postgres'))).toBe(false);
    const lock = lockDirectory(directory);
    await expect(examine()).rejects.toMatchObject({
      userMessage: expect.stringContaining(`in use by another instance of Parley, process ${process.pid}`),
    });
    lock.release();
  } finally {
    remove();
  }
});
