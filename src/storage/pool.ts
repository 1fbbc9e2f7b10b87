import { Pool, type PoolConfig } from 'pg';
import type { Log } from '../core/ports.ts';

/**
 * The failing statement reports a broken connection, and the pool replaces it. Without listeners, these events would end
 * the process.
 */
export const openPool = (config: PoolConfig, log: Log): Pool => {
  const pool = new Pool(config);
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection broke'));
  pool.on('connect', (client) =>
    client.on('error', (err) => log.warn({ err }, 'a database connection broke')),
  );
  return pool;
};
