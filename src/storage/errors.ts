import { AppError } from '../core/error.ts';

/**
 * Classes of SQLSTATE after which the same statement may well work later: connection trouble (08), conflicts
 * between transactions (40), a lack of connections, memory or disk (53), a lock not to be had (55), and an
 * administrator or a shutdown in between (57).
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const PASSING = new Set(['08', '40', '53', '55', '57']);

/** The five characters that Postgres gives every error; undefined for what never reached the server. */
const sqlStateOf = (error: unknown): string | undefined => {
  // pg-boss and AppError keep the database's own error as their cause.
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in at) return code;
  }
  return undefined;
};

/** Whether two transactions got into each other's way, so that running this one again is the answer. */
export const isConflict = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
};

/** Mistakes in our own code, which the driver has no part in. */
const isOurMistake = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError;

/**
 * Any failure of the database as an `AppError`, retryable when it may pass. An error without an SQLSTATE never
 * came from the server: the driver could not reach it, or lost it.
 */
export const toStorageError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const state = sqlStateOf(error);
  const retryable = state === undefined ? !isOurMistake(error) : PASSING.has(state.slice(0, 2));
  return new AppError({
    code: 'unexpected',
    retryable,
    userMessage: retryable
      ? 'Parley cannot reach its database right now. Nothing is lost.'
      : 'Parley’s database refused something that it should have taken. Please tell whoever runs Parley.',
    cause: error,
  });
};

/** A reason not to start at all, in a sentence for whoever runs Parley. */
export const refusal = (sentence: string, cause?: unknown): AppError =>
  new AppError({ code: 'unexpected', retryable: false, userMessage: sentence, cause });
