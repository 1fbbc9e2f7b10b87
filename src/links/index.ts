import { Agent, request } from 'undici';
import type { AppError } from '../core/error.ts';
import type { Links, Log, RecordingBytes } from '../core/ports.ts';
import { bodyOf, contentLength, discard, type HttpResponse, header } from '../web/http-response.ts';
import { byStatus, failed, fromNetwork, refused, stopped, tooLarge } from './errors.ts';
import {
  type AllowPrivate,
  createGuardedConnector,
  parseLink,
  type Resolve,
  resolveBySystem,
} from './guard.ts';
import { nameOf } from './name.ts';

export interface LinksOptions {
  /**
   * Lets single places through that are not public or on an unusual port. For the local workspace, whose files
   * lie on this machine; a server that others reach must leave it out.
   */
  readonly allowPrivate?: AllowPrivate;
  /** Default 2 GB. */
  readonly maxBytes?: number;
  /** The longest wait for a connection, for an answer, and between two pieces of a file. Default 30 s. */
  readonly timeoutMs?: number;
  /** How names become addresses. Default: as the system does. */
  readonly resolve?: Resolve;
  readonly log: Log;
}

/** The Links port over HTTP, and an end to the connections it keeps. */
export type ClosableLinks = Links & { close(): Promise<void> };

const MAX_REDIRECTS = 5;

/** Reads recordings from public addresses. What is refused, and why, stands in `guard.ts`. */
export const createLinks = (options: LinksOptions): ClosableLinks => {
  const { log, timeoutMs = 30_000, maxBytes = 2 * 1024 ** 3 } = options;
  const dispatcher = new Agent({
    connect: createGuardedConnector({
      resolve: options.resolve ?? resolveBySystem,
      allowPrivate: options.allowPrivate ?? (() => false),
      timeoutMs,
    }),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // A connection is good for one file; keeping it would only keep it open.
    pipelining: 0,
    allowH2: false,
  });

  const open: Links['open'] = async (text, { signal }) => {
    let url = parseLink(text);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await get(url, signal);
      const next = redirectOf(response);
      if (next === null) return accept(response, url, signal);
      discard(response);
      url = parseLink(next, url);
    }
    throw refused(
      'That link leads from one address to the next without end. Please give a link straight to the file.',
    );
  };

  const get = async (url: URL, signal: AbortSignal): Promise<HttpResponse> => {
    try {
      return await request(url, {
        dispatcher,
        signal,
        // Nobody's compression is undone here, so that a small file cannot grow into a large one.
        headers: {
          accept: 'audio/*, video/*, */*;q=0.5',
          'accept-encoding': 'identity',
          'user-agent': 'Parley',
        },
      });
    } catch (error) {
      throw report(faultOf(error, signal));
    }
  };

  const accept = (response: HttpResponse, url: URL, signal: AbortSignal): RecordingBytes => {
    const problem = problemOf(response, maxBytes);
    if (problem !== null) {
      discard(response);
      throw report(problem);
    }
    log.debug({ status: response.statusCode }, 'links: file opened');
    return {
      name: nameOf(url, header(response, 'content-disposition')),
      sizeBytes: contentLength(response),
      bytes: bodyOf(response, { maxBytes, tooLarge, broken: (error) => faultOf(error, signal) }),
    };
  };

  const report = (error: AppError): AppError => {
    // The address stays out of the log: it may be a signed one.
    log.info({ code: error.code, retryable: error.retryable, cause: error.cause }, 'links: not opened');
    return error;
  };

  let closing: Promise<void> | null = null;
  return {
    open,
    close() {
      closing ??= dispatcher.destroy();
      return closing;
    },
  };
};

const faultOf = (error: unknown, signal: AbortSignal): AppError =>
  signal.aborted ? stopped() : fromNetwork(error);

const redirectOf = (response: HttpResponse): string | null =>
  [301, 302, 303, 307, 308].includes(response.statusCode) ? (header(response, 'location') ?? null) : null;

/** Why an answer is not a file to read; null when it is one. */
const problemOf = (response: HttpResponse, maxBytes: number): AppError | null => {
  if (response.statusCode !== 200) return byStatus(response.statusCode, header(response, 'retry-after'));
  const type = header(response, 'content-type') ?? '';
  if (/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(type)) {
    return failed(
      'That link leads to a web page, not to a recording. Please give a direct link to the audio or video file.',
    );
  }
  const encoding = header(response, 'content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    return failed(
      'The server behind that link sends the file compressed, which Parley does not read. Please post the file here instead.',
    );
  }
  const sizeBytes = contentLength(response);
  return sizeBytes !== null && sizeBytes > maxBytes ? tooLarge() : null;
};
