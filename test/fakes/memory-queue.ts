import type { Job, JobName } from '../../src/core/conversation/types.ts';
import { AppError, toAppError } from '../../src/core/error.ts';
import type { Clock, JobHandler, JobHandlers, Queue } from '../../src/core/ports.ts';
import type { EnqueuedJob } from './memory-tx.ts';

/** As the Queue port's own, for jobs that wait for the speech engine and for all others. */
const SLOW: readonly JobName[] = ['transcribe', 'transcribe-call'];
const QUICK_WORKERS = 4;
const ABORT_TIME_MS = 2_000;
const MAX_KILLS = 3;

interface StoredJob {
  readonly job: Job;
  readonly dueMs: number;
  readonly claims: number;
  readonly forgiven: number;
  /** Who has it in hand; null while it waits. */
  readonly claimedBy: symbol | null;
  /** Claims in a row that ended without an outcome. */
  readonly kills: number;
}

/** Committed jobs, which several queues share as instances share a database. */
export interface MemoryJobs {
  add(enqueued: readonly EnqueuedJob[]): void;
  /** Takes the earliest due job of this name. */
  claim(name: JobName, by: symbol): { readonly id: string; readonly stored: StoredJob } | null;
  /** Puts a claimed job back, due in `inMs`; does nothing when it is claimed by another. */
  putBack(id: string, by: symbol, inMs: number, forgive?: boolean): void;
  done(id: string, by: symbol): void;
  /** What this instance had in hand begins again, as after a crash. */
  abandon(by: symbol): void;
  /** Called when a job was added or put back. Returns how to stop. */
  onChange(listener: () => void): () => void;
  nextDueMs(): number | null;
  readonly waiting: readonly Job[];
}

export const createMemoryJobs = (clock: Clock): MemoryJobs => {
  const jobs = new Map<string, StoredJob>();
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const release = (id: string, stored: StoredJob, change: Partial<StoredJob>): void => {
    jobs.set(id, { ...stored, claimedBy: null, ...change });
  };
  return {
    add(enqueued) {
      for (const { job, startAfterMs } of enqueued) {
        const dueMs = clock.nowMs() + startAfterMs;
        const copy = structuredClone(job);
        jobs.set(crypto.randomUUID(), {
          job: copy,
          dueMs,
          claims: 0,
          forgiven: 0,
          claimedBy: null,
          kills: 0,
        });
      }
      if (enqueued.length > 0) changed();
    },
    claim(name, by) {
      const due = [...jobs]
        .filter(([, one]) => one.job.name === name && one.claimedBy === null && one.dueMs <= clock.nowMs())
        .toSorted(([, a], [, b]) => a.dueMs - b.dueMs)[0];
      if (due === undefined) return null;
      const [id, before] = due;
      const stored = { ...before, claims: before.claims + 1, claimedBy: by };
      jobs.set(id, stored);
      return { id, stored };
    },
    putBack(id, by, inMs, forgive = false) {
      const stored = jobs.get(id);
      if (stored?.claimedBy !== by) return;
      const forgiven = stored.forgiven + (forgive ? 1 : 0);
      release(id, stored, { dueMs: clock.nowMs() + inMs, forgiven, kills: forgive ? stored.kills : 0 });
      changed();
    },
    done(id, by) {
      if (jobs.get(id)?.claimedBy === by) jobs.delete(id);
    },
    abandon(by) {
      for (const [id, stored] of jobs) {
        if (stored.claimedBy !== by) continue;
        release(id, stored, { kills: stored.kills + 1, forgiven: stored.forgiven + 1 });
      }
      changed();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    nextDueMs() {
      const due = [...jobs.values()].filter(({ claimedBy }) => claimedBy === null).map(({ dueMs }) => dueMs);
      return due.length === 0 ? null : Math.min(...due);
    },
    get waiting() {
      return [...jobs.values()].filter(({ claimedBy }) => claimedBy === null).map(({ job }) => job);
    },
  };
};

/** The Queue port in virtual time: one instance that works on `jobs`. */
export const createMemoryQueue = (
  jobs: MemoryJobs,
  clock: Clock,
  retryDelaysMs: readonly number[],
): Queue & { abandon(): void } => {
  const self = Symbol('instance');
  const stopping = new AbortController();
  const running = new Map<string, { readonly name: JobName; readonly ended: Promise<void> }>();
  let isStopped = false;
  let stopListening = (): void => {};
  let cancelTimer = (): void => {};
  let stopped: Promise<void> | undefined;

  const attempt = async (id: string, stored: StoredJob, handlers: JobHandlers): Promise<void> => {
    const { job } = stored;
    const handler = handlers[job.name] as JobHandler;
    const number = stored.claims - stored.forgiven;
    const error = await run(handler, stored, number);
    if (error === null) return jobs.done(id, self);
    if (stopping.signal.aborted) return jobs.putBack(id, self, 0, true);
    const wait = retryDelaysMs[number - 1];
    const isWorthIt = error.retryable && number < (error.maxAttempts ?? Number.POSITIVE_INFINITY);
    if (isWorthIt && wait !== undefined) {
      const inMs = Math.ceil(Math.max(wait, error.retryAfterMs ?? 0));
      await handler.willRetry?.(job, error, inMs).catch(() => undefined);
      return jobs.putBack(id, self, inMs);
    }
    try {
      await handler.gaveUp(job, error);
      jobs.done(id, self);
    } catch {
      jobs.putBack(id, self, wait ?? retryDelaysMs.at(-1) ?? 1_000);
    }
  };

  const run = async (handler: JobHandler, stored: StoredJob, number: number): Promise<AppError | null> => {
    if (stored.kills >= MAX_KILLS) {
      return new AppError({ code: 'unexpected', retryable: false, userMessage: 'Too many crashes.' });
    }
    try {
      await handler.run(structuredClone(stored.job), { attempt: number, signal: stopping.signal });
      return null;
    } catch (error) {
      return toAppError(error);
    }
  };

  const pump = (handlers: JobHandlers, concurrency: number): void => {
    if (isStopped) return;
    for (const name of Object.keys(handlers) as JobName[]) {
      const limit = SLOW.includes(name) ? concurrency : QUICK_WORKERS;
      const inHand = (): number => [...running.values()].filter((one) => one.name === name).length;
      while (inHand() < limit) {
        const claimed = jobs.claim(name, self);
        if (claimed === null) break;
        const { id, stored } = claimed;
        const ended = Promise.resolve()
          .then(() => attempt(id, stored, handlers))
          .finally(() => {
            running.delete(id);
            pump(handlers, concurrency);
          });
        running.set(id, { name, ended });
      }
    }
    cancelTimer();
    const dueMs = jobs.nextDueMs();
    if (dueMs !== null && dueMs > clock.nowMs()) {
      cancelTimer = clock.after(dueMs - clock.nowMs(), () => pump(handlers, concurrency));
    }
  };

  const drained = (): Promise<unknown> => Promise.all([...running.values()].map(({ ended }) => ended));

  const stop = async (graceMs: number): Promise<void> => {
    isStopped = true;
    stopListening();
    cancelTimer();
    await Promise.race([drained(), clock.sleep(graceMs)]);
    stopping.abort();
    await Promise.race([drained(), clock.sleep(ABORT_TIME_MS)]);
    for (const id of running.keys()) jobs.putBack(id, self, 0, true);
  };

  return {
    work: async (handlers, { concurrency }) => {
      stopListening = jobs.onChange(() => pump(handlers, concurrency));
      pump(handlers, concurrency);
    },
    isWorking: () => !isStopped,
    stop: (graceMs) => (stopped ??= stop(graceMs)),
    abandon() {
      isStopped = true;
      stopListening();
      cancelTimer();
      jobs.abandon(self);
    },
  };
};
