import { AppError } from '../core/error.ts';

/**
 * Classes of SQLSTATE after which the same statement may succeed later: connection failures (08), a transaction that the
 * server ended or that may only read (25), a password or a database that is being exchanged (28, 3D), conflicts between
 * transactions (40), insufficient resources (53), a lock not available (55), operator intervention (57), and faults of
 * the machine or of the server itself (58, XX).
 * @see https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const PASSING = new Set(['08', '25', '28', '3D', '40', '53', '55', '57', '58', 'XX']);

/** Undefined for errors that did not come from the server. */
const sqlStateOf = (error: unknown): string | undefined => {
  // pg-boss and AppError keep the database's own error as their cause.
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && 'severity' in at) return code;
  }
  return undefined;
};

/** A serialization failure or a deadlock: the transaction may simply run again. */
export const isConflict = (error: unknown): boolean => {
  const state = sqlStateOf(error);
  return state === '40001' || state === '40P01';
};

/** The server takes no writes, as one that was replaced by another. */
export const isReadOnly = (error: unknown): boolean => sqlStateOf(error) === '25006';

/** Mistakes in our own code. */
const isOurMistake = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof ReferenceError ||
  error instanceof SyntaxError;

/**
 * Any failure of the database as an `AppError`, retryable when it may pass. Without an SQLSTATE the driver could not
 * reach the server, or lost the connection.
 */
export const toStorageError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  const state = sqlStateOf(error);
  const retryable = state === undefined ? !isOurMistake(error) : PASSING.has(state.slice(0, 2));
  return new AppError({
    code: 'unexpected',
    retryable,
    userMessage: retryable
      ? 'Parley can’t reach its database right now. Nothing is lost.'
      : 'Parley’s database refused valid data. Tell your Parley admin.',
    cause: error,
  });
};

/** A final error with a sentence for the Parley admin. */
export const refusal = (sentence: string, cause?: unknown): AppError =>
  new AppError({ code: 'unexpected', retryable: false, userMessage: sentence, cause });
