import { errors } from 'undici';
import { AppError } from '../core/error.ts';

/** An address that Parley must not fetch, now or ever. */
export const refused = (userMessage: string): AppError =>
  new AppError({ code: 'link-refused', retryable: false, userMessage });

/** A public address that did not give a file and will not. */
export const failed = (userMessage: string, cause?: unknown): AppError =>
  new AppError({ code: 'link-failed', retryable: false, userMessage, cause });

/** A fault that may pass. */
const failedForNow = (userMessage: string, cause?: unknown, retryAfterMs?: number): AppError =>
  new AppError({ code: 'link-failed', retryable: true, userMessage, cause, retryAfterMs });

export const tooLarge = (): AppError =>
  new AppError({
    code: 'recording-too-large',
    retryable: false,
    userMessage:
      'The file behind that link is larger than 2 GB, more than Parley takes. Please give a link to a shorter recording, or to its sound only.',
  });

export const stopped = (): AppError =>
  new AppError({
    code: 'unexpected',
    retryable: true,
    userMessage: 'Parley was stopped while it read the link.',
  });

/** The answers of a server that are no file, as an error. */
export const byStatus = (status: number, retryAfter: string | undefined): AppError => {
  if (status === 401 || status === 403 || status === 407) {
    return failed(
      'The server behind that link wants a sign-in. Please give a link that opens for everybody.',
    );
  }
  if (status === 404 || status === 410) {
    return failed(
      'There is no file behind that link, or not any more. Please check the link in your browser.',
    );
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    const waitMs = retryAfter !== undefined && /^\d{1,4}$/.test(retryAfter) ? Number(retryAfter) * 1000 : 0;
    return failedForNow(
      `The server behind that link is in trouble (it answered ${status}).`,
      undefined,
      waitMs > 0 ? waitMs : undefined,
    );
  }
  return failed(
    `The server behind that link did not give a file (it answered ${status}). Please check the link in your browser.`,
  );
};

/** What undici and the system throw, as an error. The cause is cut down to its code: messages may hold addresses. */
export const fromNetwork = (error: unknown): AppError => {
  const known = findAppError(error);
  if (known !== null) return known;
  const code = codeOf(error);
  const cause = new Error(`link: ${code ?? 'unknown fault'}`);
  if (code === 'ENOTFOUND' || code === 'ENODATA') {
    return failed('There is no server of that name. Please check the link.', cause);
  }
  if (code !== null && /CERT|TLS|SSL|SELF_SIGNED|ISSUER/.test(code)) {
    return failed(
      'The server behind that link cannot prove its identity (its certificate is wrong). Please post the file here instead.',
      cause,
    );
  }
  if (code?.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return failed(
      'The server behind that link does not answer like a web server. Please check the link.',
      cause,
    );
  }
  if (code !== null && /TIMEOUT|ETIMEDOUT/.test(code)) {
    return failedForNow('The server behind that link took too long.', cause);
  }
  return failedForNow('The connection to the server behind that link broke.', cause);
};

const findAppError = (error: unknown): AppError | null => {
  for (const at of chain(error)) if (at instanceof AppError) return at;
  return null;
};

const codeOf = (error: unknown): string | null => {
  for (const at of chain(error)) {
    // It does not always say its code.
    if (at instanceof errors.HTTPParserError) return 'HPE_INVALID';
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return null;
};

/** The error, what caused it, and the members of aggregates (one for each address that was tried). */
const chain = (error: unknown, depth = 0): Error[] => {
  if (!(error instanceof Error) || depth > 4) return [];
  const beneath = error instanceof AggregateError ? error.errors : [error.cause];
  return [error, ...beneath.flatMap((one: unknown) => chain(one, depth + 1))];
};
