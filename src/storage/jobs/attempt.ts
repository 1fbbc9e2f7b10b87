import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Job } from '../../core/conversation/types.ts';
import { AppError, toAppError } from '../../core/error.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { JobHandler, JobHandlers, Log, WallClock } from '../../core/ports.ts';
import { type Database, within } from '../database.ts';
import { type Payload, parsePayload, toStoredPayload } from './payload.ts';

/** A job claimed by this process. `retryCount` grows with every claim. */
export type Claim = Pick<JobWithMetadata, 'id' | 'name' | 'data' | 'retryCount' | 'output' | 'signal'>;

export interface AttemptParts {
  readonly boss: PgBoss;
  readonly db: Database['db'];
  readonly clock: WallClock;
  readonly log: Log;
  /** The wait after the first failure, the second, and so on; one attempt more than waits. */
  readonly retryDelaysMs: readonly number[];
  /** Aborted when the process stops. */
  readonly stopping: AbortSignal;
  /** A job of this queue is due `inMs` from now. */
  readonly due: (name: string, inMs: number) => void;
}

/** Without any configured wait, so that a failing `gaveUp` does not spin. */
const FALLBACK_WAIT_MS = 1_000;

/** About a day with the default waits: a rolling update is over by then. */
const UNREADABLE_TRIES = 150;

/**
 * Makes one attempt at a claimed job. When this resolves, the job is done or given up (the caller completes it), or it was
 * put back into the queue, where completing it has no effect.
 */
export const attemptJob = async (parts: AttemptParts, handlers: JobHandlers, claim: Claim): Promise<void> => {
  const { log, stopping } = parts;
  const payload = parsePayload(claim.data);
  if (payload === null) return setAside(parts, claim);
  const { job } = payload;
  const handler = handlers[job.name] as JobHandler;
  const attempt = claim.retryCount + 1 - payload.forgiven;
  const fields = { queue: claim.name, jobId: claim.id, attempt };

  const error = await run(parts, handler, job, claim, attempt);
  if (error === null) return;
  // Stalled for longer than the lease: another instance has claimed the job.
  if (claim.signal.aborted) return log.warn(fields, 'job claimed by another instance');
  if (stopping.aborted) return putBack(parts, claim, 0, forgive(payload));

  const wait = parts.retryDelaysMs[attempt - 1];
  const isWorthIt = error.retryable && attempt < (error.maxAttempts ?? Number.POSITIVE_INFINITY);
  if (isWorthIt && wait !== undefined) {
    // `retryAfterMs` may lengthen the wait, not shorten it: all attempts would be spent within seconds.
    const inMs = Math.ceil(Math.max(wait, error.retryAfterMs ?? 0));
    log.warn({ ...fields, err: error, inMs }, 'job attempt failed; will retry');
    try {
      await handler.willRetry?.(job, error, inMs);
    } catch (err) {
      log.warn({ ...fields, err }, 'retry not announced');
    }
    return putBack(parts, claim, inMs);
  }

  logFailure(log, error, fields, 'job failed');
  try {
    await handler.gaveUp(job, error);
  } catch (err) {
    log.error({ ...fields, err }, 'job not given up; will retry');
    if (stopping.aborted) await putBack(parts, claim, 0, forgive(payload));
    else await putBack(parts, claim, wait ?? longestWait(parts));
  }
};

const longestWait = ({ retryDelaysMs }: AttemptParts): number => retryDelaysMs.at(-1) ?? FALLBACK_WAIT_MS;

/** A job that this version cannot read may be one of a newer version during a rolling update, so it stays in the queue. */
const setAside = async (parts: AttemptParts, claim: Claim): Promise<void> => {
  const fields = { queue: claim.name, jobId: claim.id };
  if (claim.retryCount >= UNREADABLE_TRIES) {
    parts.log.error(fields, 'unreadable job dropped');
    await parts.boss.cancel(claim.name, claim);
    return;
  }
  parts.log.error(fields, 'unreadable job set aside');
  await putBack(parts, claim, longestWait(parts));
};

/** Null when the job is done. */
const run = async (
  { clock, log, retryDelaysMs, stopping }: AttemptParts,
  handler: JobHandler,
  job: Job,
  claim: Claim,
  attempt: number,
): Promise<AppError | null> => {
  if (wasCutOff(claim) && attempt > retryDelaysMs.length) return tooManyCrashes();
  const startedMs = clock.nowMs();
  try {
    await handler.run(job, { attempt, signal: AbortSignal.any([claim.signal, stopping]) });
    log.info({ queue: claim.name, jobId: claim.id, attempt, tookMs: clock.nowMs() - startedMs }, 'job done');
    return null;
  } catch (thrown) {
    return toAppError(thrown);
  }
};

const tooManyCrashes = (): AppError =>
  new AppError({
    code: 'unexpected',
    retryable: false,
    userMessage: 'Parley kept failing on this and stopped trying. Tell your Parley admin, then try again.',
  });

/** Left on a job by a failed attempt, so that the next one distinguishes it from a crash. */
interface Settlement {
  readonly settledClaim: number;
}

/** Whether the claim before this one has no outcome: the process died, or stalled past its lease. */
const wasCutOff = ({ retryCount, output }: Claim): boolean =>
  retryCount > 0 && (output as Partial<Settlement> | null)?.settledClaim !== retryCount - 1;

/** For an attempt that does not count. */
export const forgive = (payload: Payload): Payload => ({ ...payload, forgiven: payload.forgiven + 1 });

/**
 * Gives a claimed job back to the queue, due `inMs` from now, with `payload` in place of its own if one is given.
 * Does nothing when the claim is no longer ours.
 */
export const putBack = async (
  { boss, db, due }: AttemptParts,
  claim: Claim,
  inMs: number,
  payload?: Payload,
): Promise<void> => {
  const settlement: Settlement = { settledClaim: claim.retryCount };
  await db.transaction().execute(async (trx) => {
    const options = { db: within(trx) };
    const failed = await boss.fail(claim.name, claim, settlement, options);
    // pg-boss documents the count and leaves it out of its types.
    if ((failed as { affected?: number }).affected === 0) return;
    const stored = payload === undefined ? undefined : toStoredPayload(payload);
    await boss.update(claim.name, stored, { id: claim.id, startAfter: inMs / 1_000, ...options });
  });
  due(claim.name, inMs);
};
