import { type Kysely, sql } from 'kysely';
import type { PgBoss } from 'pg-boss';
import type { Log } from '../../core/ports.ts';
import type { Tables } from '../tables.ts';

/** How late a job may start that no notification and no timer announced. Each instance sends one query as often. */
const POLL_EVERY_MS = 3_000;
/** Two polls may be late. */
const STALE_AFTER_MS = 3 * POLL_EVERY_MS;

interface DueQueue {
  readonly name: string;
  /** An instance stopped renewing the lease of one of its jobs. */
  readonly lease_expired: boolean;
}

export interface Poller {
  start(): void;
  stop(): void;
  /** Whether the last polls succeeded. */
  isWorking(): boolean;
}

/**
 * Finds jobs that came due while their instance was down, missed notifications and expired leases, with one query for
 * all queues in place of one for each worker.
 */
export const createPoller = (options: {
  readonly boss: PgBoss;
  readonly db: Kysely<Tables>;
  readonly log: Log;
  /** Wakes the workers of a queue. */
  readonly wake: (queue: string) => void;
}): Poller => {
  const { boss, db, log, wake } = options;
  let timer: NodeJS.Timeout | undefined;
  let isPolling = false;
  let polledAtMs = Number.NEGATIVE_INFINITY;

  const poll = async (): Promise<void> => {
    const due = await findDue(db);
    const expired = due.filter(({ lease_expired }) => lease_expired);
    // pg-boss gives these jobs back in one statement that checks the lease again.
    for (const { name } of expired) await boss.supervise(name);
    for (const { name } of due) wake(name);
  };

  const tick = (): void => {
    if (isPolling) return;
    isPolling = true;
    poll()
      .then(() => {
        polledAtMs = performance.now();
      })
      .catch((err: unknown) => log.warn({ err }, 'due jobs not polled'))
      .finally(() => {
        isPolling = false;
      });
  };

  return {
    start() {
      timer ??= setInterval(tick, POLL_EVERY_MS).unref();
      tick();
    },
    stop: () => clearInterval(timer),
    isWorking: () => performance.now() - polledAtMs < STALE_AFTER_MS,
  };
};

const findDue = async (db: Kysely<Tables>): Promise<readonly DueQueue[]> => {
  const { rows } = await sql<DueQueue>`
    select name, bool_or(state = 'active') as lease_expired
    from pgboss.job
    where (state < 'active' and start_after <= now())
      or (state = 'active' and heartbeat_on + heartbeat_seconds * interval '1s' < now())
    group by name`.execute(db);
  return rows;
};
