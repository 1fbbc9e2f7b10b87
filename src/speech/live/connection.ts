import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { LivePace } from './pace.ts';
import {
  CLOSE_STREAM,
  type EngineMessage,
  type EngineResults,
  FINALIZE,
  KEEP_ALIVE,
  parseMessage,
} from './wire.ts';

/** One WebSocket to the engine, from its opening to its one end. It never connects again by itself. */
export interface Connection {
  /** False while it opens, and once it was asked to finish. */
  readonly takesAudio: boolean;
  /** False while the network is behind; `onRoom` tells when it has caught up. */
  readonly hasRoom: boolean;
  sendAudio(bytes: Buffer): void;
  /** What was sent so far shall become final now. */
  finalize(): void;
  /** All was sent: asks for the last finals and ends, with `finished` when they came. */
  finish(): void;
  /** Ends at once, and tells nobody. Idempotent. */
  abandon(): void;
}

export interface ConnectionListener {
  onOpen(): void;
  onRoom(): void;
  onResults(results: EngineResults): void;
  /** Exactly once, unless it was abandoned. */
  onEnd(end: ConnectionEnd): void;
}

export type ConnectionEnd =
  /** The engine answered everything that was sent. */
  | { readonly kind: 'finished' }
  /** The same request will be refused again: key, credit, language. */
  | { readonly kind: 'refused'; readonly fault: LiveFault }
  /** It may be different later. */
  | { readonly kind: 'broken'; readonly fault: LiveFault; readonly retryAfterMs: number | null };

/** What may be logged of a broken connection. */
interface LiveFault {
  readonly why: string;
  /** When the upgrade was answered with one. */
  readonly status: number | null;
  /** With which the engine's makers find the connection. */
  readonly requestId: string | null;
}

/**
 * Questions without any sign of life, after which the other side is taken for gone. A second of them bears two losses of
 * one packet in a row, which TCP makes good after 200 and another 400 ms.
 */
const MOST_UNANSWERED = 3;
/** More than a second of 16 kHz audio in the process's own buffers means that the network is behind. */
const MOST_UNSENT_BYTES = 64 * 1024;
/** The engine answers every second or so of audio; not answering this much of it is no slowness any more. */
const UNANSWERED_AUDIO_MS = 5_000;
/** An answer to 250 ms of audio is a few kB. */
const MOST_MESSAGE_BYTES = 4 * 1024 * 1024;

export const openConnection = (
  options: {
    readonly url: string;
    readonly apiKey: string;
    readonly bytesPerSecond: number;
    /** How many times longer than otherwise an engine may take that failed before; it is perhaps only slow. */
    readonly patience: number;
    readonly pace: Pick<LivePace, 'openWithinMs' | 'askEveryMs' | 'keepAliveMs' | 'stuckAfterMs'>;
  },
  listener: ConnectionListener,
): Connection => {
  const { pace } = options;
  const socket = new WebSocket(options.url, {
    headers: { authorization: `Token ${options.apiKey}` },
    handshakeTimeout: pace.openWithinMs,
    maxPayload: MOST_MESSAGE_BYTES,
    // Audio does not compress, and the answers are short.
    perMessageDeflate: false,
  });
  let requestId: string | null = null;
  let ended = false;
  let finishing = false;
  let answeredToEnd = false;
  let full = false;
  /** Questions since the other side last showed any sign of life. */
  let unanswered = 0;
  /** The engine has said something of the audio on this connection. */
  let hasAnswered = false;
  let quietMs = 0;
  let sentBytes = 0;
  /** How much of it the engine's answers have covered. */
  let answeredBytes = 0;
  let unansweredMs = 0;

  const end = (how: ConnectionEnd): void => {
    if (ended) return;
    ended = true;
    clearInterval(watch);
    socket.terminate();
    listener.onEnd(how);
  };
  const broken = (why: string): void =>
    end({ kind: 'broken', fault: { why, status: null, requestId }, retryAfterMs: null });

  /**
   * One timer watches over everything. It counts its own rounds instead of asking a clock, and no round for which it
   * came late, so that a process that was busy or asleep does not take its own absence for the engine's.
   */
  let lookedMs = performance.now();
  const watch = setInterval(() => {
    const sinceMs = performance.now() - lookedMs;
    lookedMs += sinceMs;
    if (socket.readyState !== WebSocket.OPEN) return;
    if (unanswered >= MOST_UNANSWERED * (hasAnswered ? 1 : options.patience)) return broken('silent');
    if (sinceMs < 2 * pace.askEveryMs) unanswered += 1;
    socket.ping();
    quietMs += pace.askEveryMs;
    if (quietMs >= pace.keepAliveMs && !finishing) sendText(KEEP_ALIVE);
    const waits =
      finishing || sentBytes - answeredBytes >= (options.bytesPerSecond * UNANSWERED_AUDIO_MS) / 1000;
    unansweredMs = waits ? unansweredMs + pace.askEveryMs : 0;
    if (unansweredMs >= pace.stuckAfterMs * options.patience) broken('stuck');
  }, pace.askEveryMs);

  const sendText = (text: string): void => {
    quietMs = 0;
    socket.send(text, ignore);
  };
  const hear = (message: EngineMessage): void => {
    if (message.type === 'results') {
      hasAnswered = true;
      unansweredMs = 0;
      answeredBytes = Math.max(answeredBytes, message.endS * options.bytesPerSecond);
      listener.onResults(message);
    } else if (message.type === 'metadata') {
      answeredToEnd = finishing;
    }
  };

  socket.on('open', () => {
    if (!ended) listener.onOpen();
  });
  socket.on('message', (data, isBinary) => {
    unanswered = 0;
    if (!ended && !isBinary) hear(parseMessage((data as Buffer).toString()));
  });
  socket.on('pong', () => {
    unanswered = 0;
  });
  socket.on('upgrade', (response) => {
    requestId = requestIdOf(response);
  });
  socket.on('unexpected-response', (request, response) => {
    const status = response.statusCode ?? 0;
    const fault = { why: 'not admitted', status, requestId: requestIdOf(response) };
    const retryAfterMs = parseRetryAfterMs(response.headers['retry-after']);
    request.destroy();
    end(mayPass(status) ? { kind: 'broken', fault, retryAfterMs } : { kind: 'refused', fault });
  });
  // What follows an error is always its close, except before the socket has opened.
  socket.on('error', (error) => broken('code' in error ? String(error.code) : 'error'));
  socket.on('close', (code, reason) => {
    const orderly = answeredToEnd || (finishing && (code === 1000 || code === 1005));
    if (orderly) end({ kind: 'finished' });
    else broken(`closed ${code}${vendorCode(reason.toString())}`);
  });

  return {
    get takesAudio() {
      return socket.readyState === WebSocket.OPEN && !ended && !finishing;
    },
    get hasRoom() {
      return socket.bufferedAmount < MOST_UNSENT_BYTES;
    },
    sendAudio(bytes) {
      quietMs = 0;
      sentBytes += bytes.length;
      socket.send(bytes, () => {
        if (!full || ended || socket.bufferedAmount >= MOST_UNSENT_BYTES / 2) return;
        full = false;
        listener.onRoom();
      });
      full ||= socket.bufferedAmount >= MOST_UNSENT_BYTES;
    },
    finalize: () => sendText(FINALIZE),
    finish() {
      if (finishing) return;
      sendText(CLOSE_STREAM);
      finishing = true;
    },
    abandon() {
      ended = true;
      clearInterval(watch);
      socket.terminate();
    },
  };
};

/** Whoever sends learns of a dead socket by its end. */
const ignore = (): void => {};

const requestIdOf = (response: IncomingMessage): string | null => {
  const id = response.headers['dg-request-id'];
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : null;
};

/** ` NET-0001` out of "NET-0001: no audio": the code alone, since the rest may repeat anything. */
const vendorCode = (reason: string): string => {
  const [, code] = /\b([A-Z]{3,5}-\d{4})\b/.exec(reason) ?? [];
  return code === undefined ? '' : ` ${code}`;
};

/** Too busy, too slow, or the engine's own fault; anything else that is no upgrade stays what it is. */
const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Seconds only: an HTTP date would have to be trusted with both clocks. */
const parseRetryAfterMs = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,5}$/.test(header.trim()) ? Number(header) * 1000 : null;
