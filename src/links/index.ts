import type { AppError } from '../core/error.ts';
import type { Links, Log, RecordingBytes } from '../core/ports.ts';
import { bodyOf, contentLength, discard, type HttpResponse, header } from '../web/http-response.ts';
import { byStatus, failed, refused, tooLarge } from './errors.ts';
import { parseLink } from './guard.ts';
import { nameOf } from './name.ts';
import { COMPRESSED, TOO_MANY_REDIRECTS, WEB_PAGE } from './sentences.ts';
import { createGuardedHttp, faultOf, type WebOptions } from './web.ts';

export { createPublicWeb } from './web.ts';

export interface LinksOptions extends WebOptions {
  /** Default 2 GB. */
  readonly maxBytes?: number;
  readonly log: Log;
}

/** The Links port over HTTP. */
export type ClosableLinks = Links & { close(): Promise<void> };

const MAX_REDIRECTS = 5;

/** Opens recordings at public addresses. `guard.ts` has what is refused, and why. */
export const createLinks = (options: LinksOptions): ClosableLinks => {
  const { log, maxBytes = 2 * 1024 ** 3 } = options;
  const http = createGuardedHttp(options);

  const open: Links['open'] = async (text, { signal }) => {
    let url = parseLink(text);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await get(url, signal);
      const next = redirectOf(response);
      if (next === null) return accept(response, url, signal);
      discard(response);
      url = parseLink(next, url);
    }
    throw refused(TOO_MANY_REDIRECTS);
  };

  const get = async (url: URL, signal: AbortSignal): Promise<HttpResponse> => {
    try {
      return await http.get(url, { accept: 'audio/*, video/*, */*;q=0.5' }, signal);
    } catch (error) {
      throw logged(error as AppError);
    }
  };

  const accept = (response: HttpResponse, url: URL, signal: AbortSignal): RecordingBytes => {
    const problem = problemOf(response, maxBytes);
    if (problem !== null) {
      discard(response);
      throw logged(problem);
    }
    log.debug({ status: response.statusCode }, 'links: file opened');
    return {
      name: nameOf(url, header(response, 'content-disposition')),
      sizeBytes: contentLength(response),
      bytes: bodyOf(response, { maxBytes, tooLarge, broken: (error) => faultOf(error, signal) }),
    };
  };

  const logged = (error: AppError): AppError => {
    // No URL in the log: it may be signed.
    log.info({ code: error.code, retryable: error.retryable, cause: error.cause }, 'links: not opened');
    return error;
  };

  return { open, close: () => http.close() };
};

const redirectOf = (response: HttpResponse): string | null =>
  [301, 302, 303, 307, 308].includes(response.statusCode) ? (header(response, 'location') ?? null) : null;

/** Why a response is not a file; null when it is one. */
const problemOf = (response: HttpResponse, maxBytes: number): AppError | null => {
  if (response.statusCode !== 200) return byStatus(response.statusCode, header(response, 'retry-after'));
  const type = header(response, 'content-type') ?? '';
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type)) {
    return failed(WEB_PAGE);
  }
  const encoding = header(response, 'content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    return failed(COMPRESSED);
  }
  const sizeBytes = contentLength(response);
  return sizeBytes !== null && sizeBytes > maxBytes ? tooLarge() : null;
};
