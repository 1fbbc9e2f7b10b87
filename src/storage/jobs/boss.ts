import { sql } from 'kysely';
import { type ConstructorOptions, PgBoss, type QueueOptions } from 'pg-boss';
import type { JobName } from '../../core/conversation/types.ts';
import type { Log } from '../../core/ports.ts';
import type { Database } from '../database.ts';
import { toStorageError } from '../errors.ts';
import { JOB_NAMES, queueOf } from './payload.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/**
 * On a server, an instance renews the lease of its jobs this often, and when it has not for the whole lease, another
 * instance takes them. A shorter lease finds the jobs of the dead sooner, and takes those of an instance that was
 * merely held up. Three renewals fit into a lease, so that one failed renewal costs nothing. Embedded there is no
 * other instance, and what is active at the start belongs to the dead.
 */
const LEASE_S = 15;
const LEASE_REFRESH_S = 4;
/** The least time between two checks of leases, by whichever instances: the poller asks for one when a lease expired. */
const LEASE_CHECK_S = 2;

/** A handler that runs for longer is considered stuck, and its job runs again. No transcription takes as long. */
const EXPIRE_S: Record<JobName, number> = {
  announce: HOUR_S,
  transcribe: 12 * HOUR_S,
  withdraw: HOUR_S,
  'take-shared-file': HOUR_S,
  publish: HOUR_S,
  'send-privately': HOUR_S,
  'share-export': HOUR_S,
  'send-export': HOUR_S,
  'open-meeting': HOUR_S,
  'watch-meeting': HOUR_S,
  'conclude-meeting': HOUR_S,
  'dial-leg': HOUR_S,
  'reconcile-leg': HOUR_S,
  'transcribe-call': 12 * HOUR_S,
};

/** For finding out what happened. */
const KEEP_FINISHED_S = 24 * HOUR_S;
/** Attempts are counted in `attempt.ts`: pg-boss counts orderly stops too, and fails a job without `gaveUp`. */
const NEVER_GIVE_UP = 1_000_000;

export const heartbeatOptions = (size: Database['size']): { heartbeatRefreshSeconds?: number } =>
  size === 'server' ? { heartbeatRefreshSeconds: LEASE_REFRESH_S } : {};

/**
 * pg-boss on `database`, its tables up to date, one queue for each kind of job, no worker yet.
 * @throws AppError when the database fails.
 */
export const startBoss = async (database: Database, log: Log): Promise<PgBoss> => {
  const boss = new PgBoss({
    ...database.bossOptions,
    ...(database.size === 'server' ? leaseChecks : {}),
    useListenNotify: true,
    schedule: false,
    // No job depends on another; pg-boss looks for such jobs all the same.
    flowIntervalSeconds: HOUR_S,
  });
  // pg-boss recovers by itself. Without a listener, the event would end the process.
  boss.on('error', (err) => log.warn({ err }, 'job queue fault'));
  boss.on('warning', ({ message }) => log.warn({ warning: message }, 'job queue warning'));
  try {
    await boss.start();
    for (const name of JOB_NAMES) await openQueue(boss, name, database.size);
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw toStorageError(error);
  }
};

const leaseChecks: ConstructorOptions = { monitorIntervalSeconds: LEASE_CHECK_S };

const openQueue = async (boss: PgBoss, name: JobName, size: Database['size']): Promise<void> => {
  const queue = queueOf(name);
  const options = {
    notify: true,
    expireInSeconds: EXPIRE_S[name],
    deleteAfterSeconds: KEEP_FINISHED_S,
    retryLimit: NEVER_GIVE_UP,
    retryDelay: 0,
    ...(size === 'server' ? { heartbeatSeconds: LEASE_S } : {}),
  } satisfies QueueOptions & { notify: boolean };
  await boss.createQueue(queue, options);
  // A queue of an earlier version keeps that version's options otherwise.
  await boss.updateQueue(queue, options);
  // Fills pg-boss's cache of the queue. The first `send` would look it up outside of its transaction, and on the embedded
  // database's only connection wait for itself for ever.
  await boss.findJobs(queue, { id: '00000000-0000-0000-0000-000000000000' });
};

/**
 * Requeues every active job. Only for the embedded database, before any worker starts: the lock on the directory proves
 * that the process that claimed them is dead.
 */
export const requeueActive = async (boss: PgBoss, { db }: Database): Promise<number> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from pgboss.job where state = 'active'`.execute(db);
  for (const { id, name } of rows) await boss.fail(name, id);
  return rows.length;
};
