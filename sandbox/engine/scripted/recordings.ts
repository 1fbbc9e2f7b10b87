import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WordReader } from './markers.ts';
import { DEFAULT_RESPONSE, responseWith, type ScriptedWord } from './response.ts';

/**
 * How a request is answered. `readBytes` limits how much of the body is read first; by default all of it. Unread bytes
 * stay in the kernel, so that the sender is slowed down.
 */
export type Behaviour =
  /** Answers 200 with this JSON, by default with the words in a WAV file, or a few words; waits for `after` first. */
  | { readonly mode: 'ok'; readonly answer?: unknown; readonly after?: Promise<void> }
  /** 429 as Deepgram sends it. `retryAfterS` is sent unchanged. */
  | { readonly mode: 'busy'; readonly retryAfterS?: string; readonly readBytes?: number }
  /** 401 although the key is right. */
  | { readonly mode: 'reject-key'; readonly readBytes?: number }
  /** Any status, with an error body in Deepgram's format. */
  | {
      readonly mode: 'error';
      readonly status: number;
      readonly errCode?: string;
      readonly errMsg?: string;
      readonly readBytes?: number;
    }
  /** Reads and never answers. */
  | { readonly mode: 'hang'; readonly readBytes?: number }
  /** Reads, then resets the connection. */
  | { readonly mode: 'reset'; readonly readBytes?: number }
  /** Stops reading after `readBytes` until `until`, then goes on and answers. */
  | { readonly mode: 'pause'; readonly readBytes: number; readonly until: Promise<void> }
  /** 200, and the connection breaks within the JSON. */
  | { readonly mode: 'break-answer' }
  /** 200 and a complete body with half a JSON document. */
  | { readonly mode: 'truncated-json' }
  /** 200 and a web page, as a captive portal or a wrong URL would send. */
  | { readonly mode: 'html' };

/** What the engine received of a request. Grows while the request runs. */
export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower case, in wire order. Few values are kept, in `contentType` and similar. */
  readonly headerNames: readonly string[];
  readonly contentType: string | undefined;
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
  readonly authorized: boolean;
  readonly arrivedAtMs: number;
  firstByteAtMs: number | null;
  lastByteAtMs: number | null;
  totalBytes: number;
  /** Hex, once the body is complete. */
  sha256: string | null;
  /** The most bytes that were received and not yet counted. */
  peakUnreadBytes: number;
  bodyEnded: boolean;
  /** The sender disconnected before the response was sent. */
  aborted: boolean;
}

export const describeRequest = (request: IncomingMessage, authorized: boolean): ScriptedRequest => {
  const url = new URL(request.url ?? '/', 'http://engine.invalid');
  const contentLength = request.headers['content-length'];
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headerNames: request.rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase()),
    contentType: request.headers['content-type'],
    contentLength: contentLength === undefined ? undefined : Number(contentLength),
    chunked: request.headers['transfer-encoding'] === 'chunked',
    authorized,
    arrivedAtMs: performance.now(),
    firstByteAtMs: null,
    lastByteAtMs: null,
    totalBytes: 0,
    sha256: null,
    peakUnreadBytes: 0,
    bodyEnded: false,
    aborted: false,
  };
};

/** Answers a request to `/v1/listen`. `changed` is called whenever `seen` grew. */
export const listen = async (
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  seen: ScriptedRequest,
  options: {
    readonly hash: boolean;
    readonly changed: () => void;
    readonly reader: (sampleRateHz: number) => WordReader;
  },
): Promise<void> => {
  const words =
    behaviour.mode === 'ok' &&
    behaviour.answer === undefined &&
    request.headers['content-type'] === 'audio/wav'
      ? readWords(request, options.reader)
      : null;
  const pauseAt = 'readBytes' in behaviour ? behaviour.readBytes : undefined;
  const body = countBody(request, seen, options);
  await body.read(pauseAt ?? Number.POSITIVE_INFINITY);
  switch (behaviour.mode) {
    case 'ok':
      await behaviour.after;
      return sendJson(response, 200, behaviour.answer ?? words?.() ?? DEFAULT_RESPONSE);
    case 'busy':
      return sendJson(
        response,
        429,
        errorBody('TOO_MANY_REQUESTS', 'Too many requests. Please try again later.'),
        behaviour.retryAfterS === undefined ? {} : { 'retry-after': behaviour.retryAfterS },
      );
    case 'reject-key':
      return sendJson(response, 401, errorBody('INVALID_AUTH', 'Invalid credentials.'));
    case 'error':
      return sendJson(
        response,
        behaviour.status,
        errorBody(behaviour.errCode ?? 'SCRIPTED', behaviour.errMsg ?? 'As the test asked.'),
      );
    case 'hang':
      return;
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'pause':
      await behaviour.until;
      await body.read(Number.POSITIVE_INFINITY);
      return sendJson(response, 200, DEFAULT_RESPONSE);
    case 'break-answer': {
      const text = JSON.stringify(DEFAULT_RESPONSE);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
      // The callback runs once the half is sent; destroying at once would break before the headers.
      response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
      return;
    }
    case 'truncated-json': {
      const text = JSON.stringify(DEFAULT_RESPONSE);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(text.slice(0, text.length / 2));
      return;
    }
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Welcome to the guest network</title>');
  }
};

const WAV_HEADER_BYTES = 44;

/** Reads the words of a plain WAV file as it arrives. The result, once it has: a response; null when there are none. */
const readWords = (
  request: IncomingMessage,
  createReader: (sampleRateHz: number) => WordReader,
): (() => unknown) => {
  let rest = Buffer.alloc(0);
  let reader: WordReader | null = null;
  let sampleRateHz = 0;
  const words: ScriptedWord[] = [];
  const toMs = (samples: number): number => (samples * 1_000) / sampleRateHz;
  request.on('data', (chunk: Buffer) => {
    let bytes = Buffer.concat([rest, chunk]);
    if (reader === null && bytes.length >= WAV_HEADER_BYTES) {
      sampleRateHz = bytes.readUInt32LE(24);
      reader = createReader(sampleRateHz);
      bytes = bytes.subarray(WAV_HEADER_BYTES);
    }
    rest = reader === null ? bytes : bytes.subarray(bytes.length - (bytes.length % 2));
    for (const { number, start, end } of reader?.read(bytes) ?? []) {
      words.push({ word: `m${number}`, punctuated: `M${number}`, startMs: toMs(start), endMs: toMs(end) });
    }
  });
  return () =>
    words.length === 0
      ? null
      : responseWith({ channels: [words], durationMs: toMs(reader?.readSamples ?? 0) });
};

/** Counts and hashes a body without keeping it. */
const countBody = (
  request: IncomingMessage,
  seen: ScriptedRequest,
  options: { readonly hash: boolean; readonly changed: () => void },
): { read(upToBytes: number): Promise<void> } => {
  const hash = options.hash ? createHash('sha256') : null;
  let reached = Promise.withResolvers<void>();
  let limit = 0;
  request.on('data', (chunk: Buffer) => {
    seen.firstByteAtMs ??= performance.now();
    seen.peakUnreadBytes = Math.max(seen.peakUnreadBytes, chunk.length + request.readableLength);
    seen.totalBytes += chunk.length;
    hash?.update(chunk);
    if (seen.totalBytes >= limit) {
      request.pause();
      reached.resolve();
    }
    options.changed();
  });
  request.on('end', () => {
    seen.lastByteAtMs = performance.now();
    seen.sha256 = hash?.digest('hex') ?? null;
    seen.bodyEnded = true;
    reached.resolve();
    options.changed();
  });
  request.pause();
  return {
    read(upToBytes) {
      limit = upToBytes;
      if (seen.bodyEnded || seen.totalBytes >= limit) return Promise.resolve();
      reached = Promise.withResolvers();
      request.resume();
      return reached.promise;
    },
  };
};

export const errorBody = (errCode: string, errMsg: string): Record<string, string> => ({
  err_code: errCode,
  err_msg: errMsg,
  request_id: '00000000-0000-4000-8000-00000000dead',
});

export const sendJson = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
};
