import type { IncomingMessage } from 'node:http';
import { AppError } from '../../core/error.ts';
import type { FileId } from '../../core/ids.ts';
import type { Chat, Clock, RecordingBytes } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { FILE_ERRORS, SLACK_ERRORS } from '../sentences/errors.ts';
import { get, readBody, tooLarge } from './http.ts';
import { fileInfo, type SlackFile } from './info.ts';

/** Deepgram's limit for a recording, and twice Slack's own for a file. */
const MAX_BYTES = 2 * 1024 ** 3;
const MAX_REDIRECTS = 3;
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
  readonly clock: Clock;
}

/** Reads the workspace's files. `apiUrl` also says which hosts may see the token: its own, and those under it. */
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
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    return {
      status: response.statusCode ?? 200,
      headers: Object.fromEntries(headers),
      bytes: readBody(response, { clock: parts.clock }),
    };
  },
});

const fetchFile = async (
  { botToken, apiUrl, clock }: Parts,
  file: SlackFile,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> => {
  const address = file.url_private_download ?? file.url_private;
  if (!address || file.is_external === true) throw noAccess(FILE_ERRORS.external);
  let url = trustedUrl(address, apiUrl);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await get(url, { ...headers, authorization: `Bearer ${botToken}` }, { signal, clock });
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if (status >= 300 && status < 400 && location !== undefined) {
      response.destroy();
      url = trustedUrl(new URL(location, url).href, apiUrl);
      continue;
    }
    const refusal = refusalOf(response, status, file);
    if (refusal === null) return response;
    response.destroy();
    throw refusal;
  }
  throw noAccess(FILE_ERRORS.redirected);
};

/** @throws {AppError} unless the token may be shown to this address. */
const trustedUrl = (address: string, apiUrl: string): URL => {
  const api = new URL(apiUrl);
  const url = URL.canParse(address) ? new URL(address) : null;
  const isSameHost = url?.protocol === api.protocol && url.host === api.host;
  const isBelow =
    url?.protocol === 'https:' && url.hostname.endsWith(`.${api.hostname}`) && url.port === api.port;
  if (url === null || !(isSameHost || isBelow)) throw noAccess(FILE_ERRORS.external);
  return url;
};

const refusalOf = (response: IncomingMessage, status: number, file: SlackFile): AppError | null => {
  if (status === 404 || status === 410) {
    return new AppError({
      code: 'recording-gone',
      retryable: false,
      userMessage: SLACK_ERRORS.fileGone,
    });
  }
  if (status === 429 || status >= 500) {
    const afterSec = Number(response.headers['retry-after'] ?? Number.NaN);
    return new AppError({
      code: 'chat-failed',
      retryable: true,
      userMessage: FILE_ERRORS.unavailable,
      retryAfterMs: Number.isFinite(afterSec) ? afterSec * 1000 : undefined,
    });
  }
  // 416 says that a range lies outside the file, which is for the browser to read.
  if (status >= 400 && status !== 416) return noAccess(FILE_ERRORS.noScope);
  // Without `files:read`, Slack responds 200 with its sign-in page.
  const isPage = response.headers['content-type']?.startsWith('text/html') === true;
  if (isPage && file.mimetype !== 'text/html') {
    return noAccess(FILE_ERRORS.noScope);
  }
  return null;
};

const noAccess = (userMessage: string): AppError =>
  new AppError({
    code: 'no-file-access',
    retryable: false,
    userMessage,
  });
