import { setTimeout as sleep } from 'node:timers/promises';
import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { JobName } from '../../core/conversation/types.ts';
import type { JobHandlers, Log, Queue, WallClock } from '../../core/ports.ts';
import { type Database, within } from '../database.ts';
import type { Enqueue } from '../tx.ts';
import { type AttemptParts, attemptJob, type Claim, countCutOffs, forgive, putBack } from './attempt.ts';
import { heartbeatOptions } from './boss.ts';
import { JOB_NAMES, parsePayload, queueOf, toStoredPayload } from './payload.ts';
import { createPoller } from './poller.ts';

/** Their jobs wait for the speech engine. */
const SLOW: readonly JobName[] = ['transcribe', 'transcribe-call'];
/** Workers for each of the other queues, whose jobs mostly wait for Slack. */
const QUICK_WORKERS = 4;
/**
 * Workers are woken by notifications of new jobs, timers of later ones, and the poller. Their own polling must not add
 * queries to these, and pg-boss knows no way to turn it off.
 */
const WORKER_POLL_S = 24 * 3_600;
/** For aborted handlers to end. Afterwards their jobs are put back regardless. */
const ABORT_TIME_MS = 2_000;

export interface QueueParts {
  readonly boss: PgBoss;
  readonly database: Database;
  readonly clock: WallClock;
  readonly log: Log;
  readonly retryDelaysMs: readonly number[];
}

/** The Queue port over pg-boss, and `enqueue` for transactions. */
export const createQueue = (parts: QueueParts): { queue: Queue; enqueue: Enqueue } => {
  const { boss, database } = parts;
  const stopping = new AbortController();
  const workers = new Map<string, string[]>();
  const running = new Set<Claim>();
  const timers = new Set<NodeJS.Timeout>();
  let stopped: Promise<void> | undefined;

  const wake = (queue: string): void => {
    for (const id of workers.get(queue) ?? []) boss.notifyWorker(id);
  };
  const poller = createPoller({ boss, db: database.db, log: parts.log, wake });

  const due = (queue: string, inMs: number): void => {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      wake(queue);
    }, inMs);
    timers.add(timer.unref());
  };

  const attemptParts: AttemptParts = {
    ...parts,
    db: database.db,
    stopping: stopping.signal,
    due,
    claimedHere: new Map(),
    alone: { isTaken: false },
  };

  const stop = async (graceMs: number): Promise<void> => {
    poller.stop();
    const drained = Promise.all(JOB_NAMES.map((name) => boss.offWork(queueOf(name), { wait: true })));
    await settledWithin(drained, graceMs);
    stopping.abort();
    for (const timer of timers) clearTimeout(timer);
    await settledWithin(drained, ABORT_TIME_MS);
    await Promise.all([...running].map((claim) => forcePutBack(attemptParts, claim)));
  };

  /** Starts one pg-boss worker, which works on one job of the queue after another; resolves to its id. */
  const startWorker = async (name: JobName, handlers: JobHandlers): Promise<string> => {
    const id = await boss.work(
      queueOf(name),
      {
        includeMetadata: true,
        pollingIntervalSeconds: WORKER_POLL_S,
        notifyPollingIntervalSeconds: WORKER_POLL_S,
        ...heartbeatOptions(database.size),
      },
      async ([claim]: JobWithMetadata<object>[]) => {
        if (claim === undefined) return;
        running.add(claim);
        try {
          await attemptJob(attemptParts, handlers, claim);
        } finally {
          running.delete(claim);
          // Otherwise it would pause before the next job of a backlog.
          boss.notifyWorker(id);
        }
      },
    );
    return id;
  };

  return {
    enqueue: async (trx, job, startAfterMs) => {
      const queue = queueOf(job.name);
      const payload = toStoredPayload({ job, forgiven: 0, kills: 0, counted: 0 });
      await boss.send(queue, payload, { startAfter: startAfterMs / 1_000, db: within(trx) });
      if (startAfterMs > 0) due(queue, startAfterMs);
    },
    queue: {
      work: async (handlers, { concurrency }) => {
        for (const name of JOB_NAMES) {
          // Not one pg-boss worker with a concurrency, because notifications would wake only one of them.
          const count = SLOW.includes(name) ? concurrency : QUICK_WORKERS;
          workers.set(
            queueOf(name),
            await Promise.all(Array.from({ length: count }, () => startWorker(name, handlers))),
          );
        }
        poller.start();
      },
      isWorking: () => poller.isWorking(),
      stop: (graceMs) => (stopped ??= stop(graceMs)),
    },
  };
};

/** Resolves when `promise` settled, and after `ms` at the latest. */
const settledWithin = async (promise: Promise<unknown>, ms: number): Promise<void> => {
  const timeout = new AbortController();
  const late = sleep(ms, undefined, { signal: timeout.signal }).catch(() => undefined);
  await Promise.race([promise.catch(() => undefined), late]);
  timeout.abort();
};

/** For a handler that ignores its signal. It loses its claim. */
const forcePutBack = async (parts: AttemptParts, claim: Claim): Promise<void> => {
  const stored = parsePayload(claim.data);
  if (stored === null) return;
  try {
    await putBack(parts, claim, 0, forgive(countCutOffs(stored, claim)));
  } catch (err) {
    parts.log.warn(
      { queue: claim.name, jobId: claim.id, err },
      'job not put back; it runs again when its lease expires',
    );
  }
};
