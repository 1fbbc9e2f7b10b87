import type { JobWithMetadata, PgBoss } from 'pg-boss';
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
  /** The last claim of each job that this process had in hand and that has no outcome. */
  readonly claimedHere: Map<string, number>;
  /** Held by the one job that may be what kills processes. */
  readonly alone: { isTaken: boolean };
}

/** A job that was in hand whenever so many processes in a row were killed is set aside. */
const MAX_KILLS = 3;
/** From so many on a job runs while no other such job does, so that the others are not blamed for it. */
const ALONE_FROM_KILLS = MAX_KILLS - 1;
/** Between two looks whether another such job is done. */
const ALONE_WAIT_MS = 2_000;

/** Without any configured wait, so that a failing `gaveUp` does not spin. */
const FALLBACK_WAIT_MS = 1_000;

/** About a day with the default waits: a rolling update is over by then. */
const UNREADABLE_TRIES = 150;

/**
 * Makes one attempt at a claimed job. When this resolves, the job is done or given up (the caller completes it), or it was
 * put back into the queue, where completing it has no effect.
 */
export const attemptJob = async (parts: AttemptParts, handlers: JobHandlers, claim: Claim): Promise<void> => {
  const stored = parsePayload(claim.data);
  if (stored === null) return setAside(parts, claim);
  const wasHere = parts.claimedHere.get(claim.id) === claim.retryCount - 1;
  parts.claimedHere.set(claim.id, claim.retryCount);
  const counted = countCutOffs(stored, claim);
  // This process lives: it lost its claim while the database was away, or stalled.
  const payload = wasHere ? { ...counted, kills: stored.kills } : counted;
  const isSuspect = payload.kills >= ALONE_FROM_KILLS && payload.kills < MAX_KILLS;
  if (isSuspect && parts.alone.isTaken) {
    await putBack(parts, claim, ALONE_WAIT_MS, forgive(payload));
  } else {
    if (isSuspect) parts.alone.isTaken = true;
    try {
      await attemptCounted(parts, handlers, claim, payload);
    } finally {
      if (isSuspect) parts.alone.isTaken = false;
    }
  }
  if (parts.claimedHere.get(claim.id) === claim.retryCount) parts.claimedHere.delete(claim.id);
};

const attemptCounted = async (
  parts: AttemptParts,
  handlers: JobHandlers,
  claim: Claim,
  payload: Payload,
): Promise<void> => {
  const { log, stopping } = parts;
  const { job } = payload;
  const handler = handlers[job.name] as JobHandler;
  const attempt = claim.retryCount + 1 - payload.forgiven;
  const fields = { queue: claim.name, jobId: claim.id, attempt };

  const error = await run(parts, handler, payload, claim, attempt);
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
    return putBack(parts, claim, inMs, harmless(payload));
  }

  logFailure(log, error, fields, 'job failed');
  try {
    await handler.gaveUp(job, error);
  } catch (err) {
    log.error({ ...fields, err }, 'job not given up; will retry');
    if (stopping.aborted) await putBack(parts, claim, 0, forgive(payload));
    else await putBack(parts, claim, wait ?? longestWait(parts), harmless(payload));
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
  { clock, log, stopping }: AttemptParts,
  handler: JobHandler,
  { job, kills }: Payload,
  claim: Claim,
  attempt: number,
): Promise<AppError | null> => {
  if (kills >= MAX_KILLS) return tooManyCrashes();
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

/**
 * Counts the claims since the last outcome, which their processes did not live to settle: they cost no attempt.
 */
export const countCutOffs = (payload: Payload, { retryCount, output }: Claim): Payload => {
  const isSettled =
    retryCount === 0 || (output as Partial<Settlement> | null)?.settledClaim === retryCount - 1;
  const cutOffs = isSettled ? 0 : Math.max(1, retryCount - (payload.counted ?? retryCount));
  return {
    ...payload,
    forgiven: payload.forgiven + cutOffs,
    kills: payload.kills + cutOffs,
    counted: retryCount,
  };
};

/** After an outcome; what was set aside for good stays so. */
const harmless = (payload: Payload): Payload =>
  payload.kills >= MAX_KILLS ? payload : { ...payload, kills: 0 };

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
    const stored =
      payload === undefined ? undefined : toStoredPayload({ ...payload, counted: claim.retryCount + 1 });
    await boss.update(claim.name, stored, { id: claim.id, startAfter: inMs / 1_000, ...options });
  });
  due(claim.name, inMs);
};
