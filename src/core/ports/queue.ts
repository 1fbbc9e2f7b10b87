import type { Job, JobName } from '../conversation/types.ts';
import type { AppError } from '../error.ts';

export interface JobTx {
  /** Enqueues within the transaction: the job exists if and only if the transaction commits. */
  enqueue(job: Job, options?: { readonly startAfterMs?: number }): Promise<void>;
}

export interface JobContext {
  /** 1 on the first attempt. Attempts cut off by a stop or a crash do not count. */
  readonly attempt: number;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

export interface JobHandler<J extends Job = Job> {
  /**
   * Does the work. A retryable `AppError` before the last attempt schedules another one, with growing delays and never
   * earlier than `retryAfterMs`.
   */
  run(job: J, context: JobContext): Promise<void>;
  /** Another attempt follows in `inMs`: for informing the person. Best effort. */
  willRetry?(job: J, error: AppError, inMs: number): Promise<void>;
  /** The last attempt failed, or the error is final. When this fails, the job runs again. */
  gaveUp(job: J, error: AppError): Promise<void>;
}

export type JobHandlers = { readonly [Name in JobName]: JobHandler<Extract<Job, { name: Name }>> };

export interface Queue {
  /** Starts working. Jobs of processes that died are picked up within seconds of the next start. */
  work(handlers: JobHandlers, options: { readonly concurrency: number }): Promise<void>;
  /** Whether jobs that are due are found and taken now, for readiness. */
  isWorking(): boolean;
  /** Stops claiming jobs, waits up to `graceMs` for running ones, and aborts the rest, which run again later. */
  stop(graceMs: number): Promise<void>;
}
