import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { AppError } from '../core/error.ts';
import type { Clock, Log } from '../core/ports.ts';
import { type Refusal, Refused } from './refused.ts';
import { SOMETHING_WENT_WRONG } from './sentences.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * Requests of a page and their responses, as JSON text over one WebSocket:
 *
 *   page to server    { "id": 7, "request": "produce", … }
 *   server to page    { "response": 7, "ok": true, "data": … }, or { "response": 7, "ok": false, "error": … }
 *                     { "notification": "peerJoined", … }
 *
 * Every request gets one response, in the order of the requests.
 */
export interface RequestChannel {
  readonly open: boolean;
  /** Sends a notification that is JSON already, since the same text goes to many. Does nothing once closed. */
  send(text: string): void;
  /** Idempotent. */
  close(code: number, reason: string): void;
}

export type ResponseTo<Data> =
  | { readonly response: number; readonly ok: true; readonly data: Data }
  | { readonly response: number; readonly ok: false; readonly error: Refusal };

/** A page numbers its requests; the response has the same number. */
export const requestId = z.int().min(0);

/** Why the server closed a channel. 4000 to 4999 are for applications. */
export const CHANNEL_CLOSE = {
  /** Not a message of this protocol. */
  badMessage: 4400,
  /** The page did not do in time what it opened the channel for. */
  timeout: 4408,
  /** Too many requests. */
  flood: 4429,
  /** Too far behind in reading. */
  slow: 4430,
} as const;

/** A join with all that a browser can play is some 10 KiB; four times that is no page of ours. */
const MAX_FRAME_BYTES = 64 * 1024;

/**
 * What may wait to be sent to one page. Captions of a lively meeting are some 20 KiB a second, so this is most of a
 * minute; a page that is further behind should join again rather than catch up.
 */
const MAX_BUFFERED_BYTES = 1024 * 1024;

/** A connection without a pong between two pings is dead. Shorter than the idle limit of any proxy we know. */
const PING_EVERY_MS = 10_000;

/** For a client that does not complete the closing handshake. */
const TERMINATE_AFTER_MS = 1_000;

/** For the WebSocket server that accepts these channels. Compression saves a page little and costs the server much. */
export const CHANNEL_SERVER_OPTIONS = { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false } as const;

export interface RequestChannelOptions<Request extends { readonly id: number; readonly request: string }> {
  readonly ws: Pick<
    WebSocket,
    'readyState' | 'bufferedAmount' | 'send' | 'ping' | 'close' | 'terminate' | 'on' | 'once'
  >;
  readonly schema: z.ZodType<Request>;
  /**
   * Returns a request's response data, or throws why it was refused. Called for one request at a time, in order. Data
   * returned without a promise is sent at once: no notification can slip in between.
   */
  readonly handle: (request: Request) => unknown;
  /** Requests at once, and a second in the long run. */
  readonly limit: { readonly burst: number; readonly perSecond: number };
  /** Called once, whichever side closed it. */
  readonly closed: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Serves the requests of one page. Parses them, limits their rate and size, and closes the connection of a page that
 * floods, sends nonsense, does not read or does not answer pings.
 */
export const openRequestChannel = <Request extends { readonly id: number; readonly request: string }>(
  options: RequestChannelOptions<Request>,
): RequestChannel => {
  const { ws, schema, handle, clock, log } = options;
  const bucket = createTokenBucket({ ...options.limit, nowMs: () => clock.monotonicMs() });
  let queue = Promise.resolve();
  let alive = true;

  const channel: RequestChannel = {
    get open() {
      return ws.readyState === WebSocket.OPEN;
    },
    send(text) {
      if (!channel.open) return;
      if (ws.bufferedAmount > MAX_BUFFERED_BYTES) {
        log.info({}, 'a page that does not read was dropped');
        drop(CHANNEL_CLOSE.slow, 'You are too far behind.');
        return;
      }
      ws.send(text);
    },
    close: (code, reason) => ws.close(code, reason),
  };

  const drop = (code: number, reason: string): void => {
    ws.close(code, reason);
    clock.after(TERMINATE_AFTER_MS, () => ws.terminate());
  };

  const respond = async (request: Request): Promise<void> => {
    if (!channel.open) return;
    let response: ResponseTo<unknown>;
    try {
      const data = handle(request);
      response = { response: request.id, ok: true, data: data instanceof Promise ? await data : data };
    } catch (error) {
      logFailure(log, error, request.request);
      response = { response: request.id, ok: false, error: refusalOf(error) };
    }
    channel.send(JSON.stringify(response));
  };
  const respondBadRequest = (id: number): void => {
    const error = new Refused('bad-request', { reason: 'not a request of this protocol' });
    logFailure(log, error, 'unknown');
    const response: ResponseTo<never> = { response: id, ok: false, error: refusalOf(error) };
    channel.send(JSON.stringify(response));
  };

  const receive = (data: RawData, isBinary: boolean): void => {
    // Messages may still arrive while the connection closes.
    if (!channel.open) return;
    if (!bucket.take()) {
      drop(CHANNEL_CLOSE.flood, 'Too many requests.');
      return;
    }
    // `ws` gives buffers unless `binaryType` is set.
    const json = isBinary ? undefined : parseJson((data as Buffer).toString());
    const parsed = schema.safeParse(json);
    const numbered = NUMBERED.safeParse(json);
    if (parsed.success) queue = queue.then(() => respond(parsed.data));
    else if (numbered.success) queue = queue.then(() => respondBadRequest(numbered.data.id));
    else drop(CHANNEL_CLOSE.badMessage, 'Not a message of this protocol.');
  };

  const stopPinging = clock.every(PING_EVERY_MS, () => {
    if (!alive) {
      ws.terminate();
      return;
    }
    alive = false;
    ws.ping();
  });
  ws.on('pong', () => {
    alive = true;
  });
  ws.on('message', receive);
  // An error ends the connection; `close` follows.
  ws.on('error', () => ws.terminate());
  ws.once('close', () => {
    stopPinging();
    options.closed();
  });
  return channel;
};

/** A message that is no known request may still have a number to respond to. */
const NUMBERED = z.object({ id: requestId });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refused) return { code: error.code, sentence: error.sentence };
  const sentence = error instanceof AppError ? error.userMessage : SOMETHING_WENT_WRONG;
  return { code: 'failed', sentence };
};

/** A refusal with a sentence is part of normal use; everything else is logged. */
const logFailure = (log: Log, error: unknown, request: string): void => {
  if (!(error instanceof Refused)) log.error({ err: error, request }, 'a request failed');
  else if (error.reason !== null) {
    log.warn({ err: error, request, code: error.code }, 'a request was refused');
  }
};
