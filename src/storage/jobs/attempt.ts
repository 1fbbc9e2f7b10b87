import type { JobWithMetadata, PgBoss } from 'pg-boss';
import type { Job } from '../../core/conversation/types.ts';
import { AppError, toAppError } from '../../core/error.ts';
import type { JobHandler, JobHandlers, Log, WallClock } from '../../core/ports.ts';
import { type Database, within } from '../database.ts';
import { type Payload, parsePayload, toStoredPayload } from './payload.ts';

/** A job in this process's hands. `retryCount` grows with every claim, whatever became of the one before. */
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
  /** Told that a job of this queue is due `inMs` from now. */
  readonly due: (name: string, inMs: number) => void;
}

/** Only when there is no wait at all to choose from, so that a `gaveUp` that cannot succeed does not spin. */
const FALLBACK_WAIT_MS = 1_000;

/** With the default waits about a day, within which copies of two versions should have become one. */
const UNREADABLE_TRIES = 150;

/**
 * Makes one attempt at a claimed job. When this resolves, the job was done or given up (the caller completes it),
 * or it was put back into the queue, where completing it has no effect.
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
  // Held up for longer than the lease: the job is in other hands, and what becomes of it is theirs to say.
  if (claim.signal.aborted) return log.warn(fields, 'a job was lost to another process');
  if (stopping.aborted) return putBack(parts, claim, 0, forgive(payload));

  const wait = parts.retryDelaysMs[attempt - 1];
  if (error.retryable && wait !== undefined) {
    // The other side may ask for more patience than ours, not for less: all attempts would be spent within seconds.
    const inMs = Math.ceil(Math.max(wait, error.retryAfterMs ?? 0));
    log.warn({ ...fields, err: error, inMs }, 'a job failed and is tried again');
    try {
      await handler.willRetry?.(job, error, inMs);
    } catch (err) {
      log.warn({ ...fields, err }, 'nobody could be told that a job is tried again');
    }
    return putBack(parts, claim, inMs);
  }

  log.error({ ...fields, err: error }, 'a job failed for good');
  try {
    await handler.gaveUp(job, error);
  } catch (err) {
    log.error({ ...fields, err }, 'a job could not be given up and is tried again');
    if (stopping.aborted) await putBack(parts, claim, 0, forgive(payload));
    else await putBack(parts, claim, wait ?? longestWait(parts));
  }
};

const longestWait = ({ retryDelaysMs }: AttemptParts): number => retryDelaysMs.at(-1) ?? FALLBACK_WAIT_MS;

/**
 * A job that this version cannot read may be one of a newer version, which takes turns with this one while copies
 * are replaced. So it stays in the queue for a while, and nobody works on it here.
 */
const setAside = async (parts: AttemptParts, claim: Claim): Promise<void> => {
  const fields = { queue: claim.name, jobId: claim.id };
  if (claim.retryCount >= UNREADABLE_TRIES) {
    parts.log.error(fields, 'a job cannot be read and is dropped');
    await parts.boss.cancel(claim.name, claim);
    return;
  }
  parts.log.error(fields, 'a job cannot be read and is set aside');
  await putBack(parts, claim, longestWait(parts));
};

/** Null when the job is done; else why not. */
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
    log.info(
      { queue: claim.name, jobId: claim.id, attempt, tookMs: clock.nowMs() - startedMs },
      'a job is done',
    );
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

/** What a failed attempt leaves on its job, so that the next one can tell a failure from a crash. */
interface Settlement {
  readonly settledClaim: number;
}

/** Whether the claim before this one ended without a word: the process died, or was held up past its lease. */
const wasCutOff = ({ retryCount, output }: Claim): boolean =>
  retryCount > 0 && (output as Partial<Settlement> | null)?.settledClaim !== retryCount - 1;

/** The payload of an attempt that is not to count. */
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
