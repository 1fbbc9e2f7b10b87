import { type RawData, WebSocket } from 'ws';
import { AppError } from '../../core/error.ts';
import type { Log } from '../../core/ports.ts';
import { Refused } from '../refused.ts';
import {
  CLOSE,
  MAX_FRAME_BYTES,
  MAX_WAITING_BYTES,
  PING_EVERY_MS,
  REQUEST_BURST,
  REQUESTS_PER_S,
} from './limits.ts';
import {
  numbered,
  type Request,
  type RequestName,
  type ResponseMessage,
  type Responses,
  request,
} from './messages.ts';
import { createTokenBucket } from './token-bucket.ts';

/** The server's end of one page's WebSocket. */
export interface Channel {
  readonly open: boolean;
  /** Sends a notification that is written already: the same text goes to many. Nothing happens once it is closed. */
  write(text: string): void;
  /** Idempotent. */
  close(code: number, reason: string): void;
}

export interface ChannelOptions {
  readonly ws: WebSocket;
  /**
   * Answers a request, or throws what it was refused for. One at a time, in the order they came. What is answered at
   * once is written at once: nothing is told between what the answer says and the answer.
   */
  readonly handle: (request: Request) => Responses[RequestName] | Promise<Responses[RequestName]>;
  /** Called once, whoever closed it. */
  readonly closed: () => void;
  readonly log: Log;
  /** Monotonic. */
  readonly nowMs: () => number;
  readonly pingEveryMs?: number;
}

/**
 * Speaks the protocol's outer form on a socket: parses, keeps rates and sizes, answers every request once, pings,
 * and drops whoever floods, sends nonsense, does not read or does not answer.
 */
export const openChannel = (options: ChannelOptions): Channel => {
  const { ws, handle, log, nowMs } = options;
  const bucket = createTokenBucket({ burst: REQUEST_BURST, perSecond: REQUESTS_PER_S, nowMs });
  let queue = Promise.resolve();
  let alive = true;

  const line: Channel = {
    get open() {
      return ws.readyState === WebSocket.OPEN;
    },
    write(text) {
      if (ws.readyState !== WebSocket.OPEN) return;
      if (ws.bufferedAmount > MAX_WAITING_BYTES) {
        log.info({}, 'a page that does not read was dropped');
        drop(CLOSE.slow, 'You are too far behind.');
        return;
      }
      ws.send(text);
    },
    close(code, reason) {
      ws.close(code, reason);
    },
  };

  /** A closing handshake with somebody who misbehaves could last as long as they like: it gets a second. */
  const drop = (code: number, reason: string): void => {
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), 1_000).unref();
  };

  const answer = async (asked: Request): Promise<void> => {
    if (!line.open) return;
    let written: ResponseMessage;
    try {
      const data = handle(asked);
      written = { response: asked.id, ok: true, data: data instanceof Promise ? await data : data };
    } catch (error) {
      if (!(error instanceof Refused)) log.error({ err: error, request: asked.request }, 'a request failed');
      written = refusal(asked.id, error);
    }
    line.write(JSON.stringify(written));
  };

  const receive = (data: RawData, isBinary: boolean): void => {
    // What was on its way when the line was closed is nobody's any more.
    if (!line.open) return;
    if (!bucket.take()) {
      drop(CLOSE.flood, 'Too many requests.');
      return;
    }
    // Messages come as buffers unless a socket is told otherwise, and nobody tells it.
    const json = isBinary ? undefined : parseJson((data as Buffer).toString());
    const parsed = request.safeParse(json);
    const known = numbered.safeParse(json);
    if (parsed.success) queue = queue.then(() => answer(parsed.data));
    else if (known.success)
      queue = queue.then(() => line.write(JSON.stringify(misunderstood(known.data.id))));
    else drop(CLOSE.badMessage, 'That is not a message of this protocol.');
  };

  const heartbeat = setInterval(() => {
    if (!alive) {
      ws.terminate();
      return;
    }
    alive = false;
    ws.ping();
  }, options.pingEveryMs ?? PING_EVERY_MS);
  heartbeat.unref();

  ws.on('pong', () => {
    alive = true;
  });
  ws.on('message', receive);
  // What goes wrong on a socket ends it; `close` follows.
  ws.on('error', () => ws.terminate());
  ws.once('close', () => {
    clearInterval(heartbeat);
    options.closed();
  });
  return line;
};

/** For the WebSocket server that these lines come from. Compression costs a page little and the server much. */
export const CHANNEL_SERVER_OPTIONS = { maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false } as const;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const refusal = (id: number, error: unknown): ResponseMessage => ({
  response: id,
  ok: false,
  error:
    error instanceof Refused
      ? { code: error.code, sentence: error.sentence }
      : {
          code: 'failed',
          sentence:
            error instanceof AppError
              ? error.userMessage
              : 'Something went wrong on Parley’s side. Please try again.',
        },
});

const misunderstood = (id: number): ResponseMessage =>
  refusal(id, new Refused('bad-request', 'Parley did not understand that request of your page.'));
