import { errors } from 'undici';
import { AppError } from '../core/error.ts';
import {
  BAD_CERTIFICATE,
  DISCONNECTED,
  NO_FILE,
  NO_SUCH_SERVER,
  NOT_A_WEB_SERVER,
  noFileBy,
  SIGN_IN,
  STOPPED,
  serverProblem,
  TOO_LARGE,
  TOO_SLOW,
} from './sentences.ts';

/** A link that Parley must not open, now or later. */
export const refused = (userMessage: string): AppError =>
  new AppError({ code: 'link-refused', retryable: false, userMessage });

/** A public link without a file. */
export const failed = (userMessage: string, cause?: unknown): AppError =>
  new AppError({ code: 'link-failed', retryable: false, userMessage, cause });

const transient = (userMessage: string, cause?: unknown, retryAfterMs?: number): AppError =>
  new AppError({ code: 'link-failed', retryable: true, userMessage, cause, retryAfterMs });

export const tooLarge = (): AppError =>
  new AppError({ code: 'recording-too-large', retryable: false, userMessage: TOO_LARGE });

export const stopped = (): AppError =>
  new AppError({ code: 'unexpected', retryable: true, userMessage: STOPPED });

/** The error for a response that is not a file. */
export const byStatus = (status: number, retryAfter: string | undefined): AppError => {
  if (status === 401 || status === 403 || status === 407) return failed(SIGN_IN);
  if (status === 404 || status === 410) return failed(NO_FILE);
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const waitMs = retryAfter !== undefined && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : 0;
    return transient(serverProblem(status), undefined, waitMs > 0 ? waitMs : undefined);
  }
  return failed(noFileBy(status));
};

/** What undici and the system throw, as an `AppError`. Of its cause only the code is kept: messages may hold URLs. */
export const fromNetwork = (error: unknown): AppError => {
  const known = findAppError(error);
  if (known !== null) return known;
  const code = codeOf(error);
  const cause = new Error(`link: ${code ?? 'unknown fault'}`);
  if (code === 'ENOTFOUND' || code === 'ENODATA') return failed(NO_SUCH_SERVER, cause);
  if (code !== null && /CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code)) return failed(BAD_CERTIFICATE, cause);
  if (code?.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') return failed(NOT_A_WEB_SERVER, cause);
  return transient(code !== null && /TIMEOUT|ETIMEDOUT/.test(code) ? TOO_SLOW : DISCONNECTED, cause);
};

const findAppError = (error: unknown): AppError | null => {
  for (const at of chain(error)) if (at instanceof AppError) return at;
  return null;
};

const codeOf = (error: unknown): string | null => {
  for (const at of chain(error)) {
    // It does not always have a code.
    if (at instanceof errors.HTTPParserError) return 'HPE_INVALID';
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
};

/** The error, its causes, and the members of aggregates (one for each address that was tried). */
const chain = (error: unknown, depth = 0): Error[] => {
  if (!(error instanceof Error) || depth > 4) return [];
  const beneath = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...beneath.flatMap((one: unknown) => chain(one, depth + 1))];
};
