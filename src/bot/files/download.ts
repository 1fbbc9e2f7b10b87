import { AppError } from '../../core/error.ts';
import type { FileId } from '../../core/ids.ts';
import type { Chat, Clock, Log, PublicWeb, RecordingBytes, WebResponse } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { FILE_ERRORS, SLACK_ERRORS } from '../sentences/errors.ts';
import { discard, get, interrupted, readBody, tooLarge } from './http.ts';
import { fileInfo, type SlackFile } from './info.ts';

/** Deepgram's limit for a recording, and twice Slack's own for a file. */
const MAX_BYTES = 2 * 1024 ** 3;
/** Slack itself needs two at most. */
const MAX_REDIRECTS = 5;
/** What a player needs to seek; cookies and the rest are dropped. */
const PASSED_HEADERS = [
  'content-type',
  'content-length',
  'content-range',
  'accept-ranges',
  'last-modified',
  'etag',
];

export type Downloads = Pick<Chat, 'openFile' | 'openFileRange'>;

interface Parts {
  readonly api: Api;
  readonly botToken: string;
  readonly apiUrl: string;
  /** For the hosts of others, to which Slack may redirect a download. */
  readonly web: PublicWeb;
  /** Called with each host that a download is led to, in order. */
  readonly onHost?: (host: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Reads the workspace's files. `apiUrl` also says which hosts may see the token: its own, and those under it. A download
 * may end at the presigned address of another host, which is read without the token and through the guard of `web`.
 */
export const createDownloads = (parts: Parts): Downloads => ({
  async openFile(_workspaceId, fileId, { signal }): Promise<RecordingBytes> {
    const file = await fileInfo(parts.api, fileId);
    if ((file.size ?? 0) > MAX_BYTES) throw tooLarge();
    const response = await fetchFile(parts, file, {}, signal);
    const length = Number(response.headers['content-length'] ?? Number.NaN);
    return {
      name: file.name ?? file.title ?? fileId,
      sizeBytes: Number.isSafeInteger(length) ? length : (file.size ?? null),
      bytes: readBody(response, { clock: parts.clock, maxBytes: MAX_BYTES }),
    };
  },

  async openFileRange(_workspaceId, fileId: FileId, range, signal) {
    const file = await fileInfo(parts.api, fileId);
    const response = await fetchFile(parts, file, range === null ? {} : { range }, signal);
    const headers = PASSED_HEADERS.flatMap((name) => {
      const value = response.headers[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    return {
      status: response.status,
      headers: Object.fromEntries(headers),
      bytes: readBody(response, { clock: parts.clock }),
    };
  },
});

const fetchFile = async (
  parts: Parts,
  file: SlackFile,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<WebResponse> => {
  const address = file.url_private_download ?? file.url_private;
  let url = address && file.is_external !== true && URL.canParse(address) ? new URL(address) : null;
  if (url === null || !mayShowToken(url, parts.apiUrl)) throw noAccess(FILE_ERRORS.external);
  let isSlack = true;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    parts.onHost?.(url.host);
    const response = await (isSlack ? getFromSlack : getFromElsewhere)(parts, url, headers, signal);
    const next = redirectOf(response, url);
    if (next === null) {
      const refusal = refusalOf(response, file, isSlack);
      if (refusal === null) return response;
      await discard(response);
      throw refusal;
    }
    await discard(response);
    // A host that is not Slack’s cannot bring the token back by leading to it.
    isSlack &&= mayShowToken(next, parts.apiUrl);
    if (!isSlack && !isAsSafe(next, parts.apiUrl)) throw noAccess(FILE_ERRORS.redirected);
    url = next;
  }
  throw noAccess(FILE_ERRORS.redirected);
};

type GetFile = (
  parts: Parts,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<WebResponse>;

const getFromSlack: GetFile = ({ botToken, clock }, url, headers, signal) =>
  get(url, { ...headers, authorization: `Bearer ${botToken}` }, { signal, clock });

const getFromElsewhere: GetFile = async ({ web, log }, url, headers, signal) => {
  try {
    return await web.get(url, { headers, signal });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'link-refused') throw interrupted(error);
    // The host alone: the rest of the address is a signature.
    log.warn({ host: url.host }, 'Slack redirected a download to an address that Parley must not open');
    throw noAccess(FILE_ERRORS.outOfReach);
  }
};

const redirectOf = ({ status, headers: { location } }: WebResponse, from: URL): URL | null =>
  status >= 300 && status < 400 && location !== undefined && URL.canParse(location, from)
    ? new URL(location, from)
    : null;

/** Whether the token may be shown to this address: the API's own host, or one under it. */
const mayShowToken = (url: URL, apiUrl: string): boolean => {
  const api = new URL(apiUrl);
  if (url.protocol === api.protocol && url.host === api.host) return true;
  return url.protocol === 'https:' && url.hostname.endsWith(`.${api.hostname}`) && url.port === api.port;
};

/** Whether the connection is encrypted, as the one to the API; only a local workspace's is not. */
const isAsSafe = (url: URL, apiUrl: string): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && new URL(apiUrl).protocol === 'http:');

const refusalOf = ({ status, headers }: WebResponse, file: SlackFile, isSlack: boolean): AppError | null => {
  if (status === 404 || status === 410) {
    return new AppError({
      code: 'recording-gone',
      retryable: false,
      userMessage: SLACK_ERRORS.fileGone,
    });
  }
  // A presigned address that has expired; the next attempt gets a new one.
  const hasExpired = !isSlack && (status === 400 || status === 403);
  if (status === 429 || status >= 500 || hasExpired) {
    const afterSec = Number(headers['retry-after'] ?? Number.NaN);
    return new AppError({
      code: 'chat-failed',
      retryable: true,
      userMessage: FILE_ERRORS.unavailable,
      retryAfterMs: Number.isFinite(afterSec) ? afterSec * 1000 : undefined,
    });
  }
  // 416 says that a range lies outside the file, which is for the browser to read.
  if (status >= 300 && status !== 416) return noAccess(FILE_ERRORS.noScope);
  // Without `files:read`, Slack responds 200 with its sign-in page.
  const isPage = headers['content-type']?.startsWith('text/html') === true;
  return isPage && file.mimetype !== 'text/html' ? noAccess(FILE_ERRORS.noScope) : null;
};

const noAccess = (userMessage: string): AppError =>
  new AppError({
    code: 'no-file-access',
    retryable: false,
    userMessage,
  });
