import type { Duplex } from 'node:stream';
import { type ClientOptions, WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../../core/ports.ts';
import { Hearing } from './hearing.ts';
import { isTransient, parseRetryAfterMs, reasonOf, requestIdOf } from './refusal.ts';
import type { LiveTimings } from './timings.ts';
import {
  CLOSE_STREAM,
  type EngineMessage,
  type EngineResults,
  FINALIZE,
  KEEP_ALIVE,
  parseMessage,
} from './wire.ts';

/** One WebSocket to the engine. It does not reconnect by itself. */
export interface Connection {
  /** False while it opens, and from `finish` on. */
  readonly acceptsAudio: boolean;
  /** False while the network or the engine is behind; `onDrain` follows once they have caught up. */
  readonly isWritable: boolean;
  sendAudio(bytes: Buffer): void;
  /** Requests finals for what was sent so far. */
  finalize(): void;
  /** All was sent: requests the last finals. Ends as `finished` once they were received. */
  finish(): void;
  /** Ends at once, without `onEnd`. Idempotent. */
  abandon(): void;
}

export interface ConnectionListener {
  onOpen(): void;
  onDrain(): void;
  onResults(results: EngineResults): void;
  /** Exactly once, unless it was abandoned. */
  onEnd(end: ConnectionEnd): void;
}

export type ConnectionEnd =
  /** The engine returned results for everything that was sent. */
  | { readonly kind: 'finished' }
  /** Not worth a retry: key, credit, language. */
  | { readonly kind: 'refused'; readonly fault: LiveFault }
  /** Worth a retry. */
  | { readonly kind: 'broken'; readonly fault: LiveFault; readonly retryAfterMs: number | null };

/** What may be logged of a failed connection. */
interface LiveFault {
  readonly reason: string;
  /** Of the response that refused the upgrade. */
  readonly status: number | null;
  /** By which the vendor finds the connection. */
  readonly requestId: string | null;
}

/**
 * Pings without a sign of life, after which the connection is dead. A second of them allows for one packet to be lost
 * twice, which TCP retransmits after 200 and another 400 ms.
 */
const MAX_UNANSWERED_PINGS = 3;
/** More than a second of 16 kHz audio in the process's own buffers means that the network is behind. */
const MAX_UNSENT_BYTES = 64 * 1024;
/** The engine returns results every second or so of audio; more than this without any is not mere slowness. */
const MAX_PENDING_AUDIO_MS = 5_000;
/** Results of 250 ms of audio have a few kB. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

export const openConnection = (
  options: {
    readonly url: string;
    readonly apiKey: string;
    readonly bytesPerSecond: number;
    /** How many times longer than otherwise the engine may take, which may only be slow after failures. */
    readonly patience: number;
    readonly timings: LiveTimings;
    readonly createConnection: (() => Duplex) | undefined;
    readonly clock: Clock;
  },
  listener: ConnectionListener,
): Connection => {
  const { clock, timings } = options;
  const socket = new WebSocket(options.url, {
    headers: { authorization: `Token ${options.apiKey}` },
    maxPayload: MAX_MESSAGE_BYTES,
    // Audio does not compress, and the results are short.
    perMessageDeflate: false,
    ...(options.createConnection && { createConnection: options.createConnection as never }),
  } satisfies ClientOptions);
  let requestId: string | null = null;
  let ended = false;
  let finishing = false;
  let finishConfirmed = false;
  let full = false;
  const hearing = new Hearing(options.bytesPerSecond, clock);
  let cancelPause: CancelTimer | null = null;
  /** Since the last sign of life. */
  let unansweredPings = 0;
  /** How far the engine was behind at the oldest of them: a pong follows the audio before its ping. */
  let behindMs = 0;
  /** Results were received on this connection. */
  let hasResults = false;
  let silentMs = 0;
  let sentBytes = 0;
  /** How much of it the results have covered. */
  let coveredBytes = 0;
  let overdueMs = 0;

  const end = (how: ConnectionEnd): void => {
    if (ended) return;
    ended = true;
    stopTimers();
    socket.terminate();
    listener.onEnd(how);
  };
  const broken = (reason: string): void =>
    end({ kind: 'broken', fault: { reason, status: null, requestId }, retryAfterMs: null });

  /**
   * One timer for pings, KeepAlives and stalls. It counts its own rounds, but none that comes late, so that a process
   * that was busy or suspended does not mistake its own absence for the engine's.
   */
  let checkedMs = clock.monotonicMs();
  const stopChecks = clock.every(timings.pingEveryMs, () => {
    const sinceMs = clock.monotonicMs() - checkedMs;
    checkedMs += sinceMs;
    if (socket.readyState !== WebSocket.OPEN) return;
    const busyPings = Math.ceil(behindMs / timings.pingEveryMs);
    if (unansweredPings >= MAX_UNANSWERED_PINGS * (hasResults ? 1 : options.patience) + busyPings)
      return broken('silent');
    if (unansweredPings === 0) behindMs = hearing.behindMs;
    if (sinceMs < 2 * timings.pingEveryMs) unansweredPings += 1;
    socket.ping();
    silentMs += timings.pingEveryMs;
    if (silentMs >= timings.keepAliveMs && !finishing) sendText(KEEP_ALIVE);
    const isPending =
      finishing || sentBytes - coveredBytes >= (options.bytesPerSecond * MAX_PENDING_AUDIO_MS) / 1000;
    overdueMs = isPending ? overdueMs + timings.pingEveryMs : 0;
    if (overdueMs >= timings.stalledAfterMs * options.patience) broken('stalled');
  });
  const cancelConnect = clock.after(timings.connectTimeoutMs, () => broken('not opened in time'));
  const stopTimers = (): void => {
    stopChecks();
    cancelConnect();
    cancelPause?.();
  };

  const sendText = (text: string): void => {
    silentMs = 0;
    socket.send(text, ignore);
  };
  const pause = (ms: number): void => {
    cancelPause?.();
    cancelPause = clock.after(ms, () => {
      if (!ended) listener.onDrain();
    });
  };
  const handle = (message: EngineMessage): void => {
    if (message.type === 'results') {
      hasResults = true;
      overdueMs = 0;
      coveredBytes = Math.max(coveredBytes, message.endS * options.bytesPerSecond);
      listener.onResults(message);
    } else if (message.type === 'metadata') {
      // The engine sends an incomplete one before it closes a stream on its own account.
      finishConfirmed = finishing && message.isComplete;
    }
  };

  socket.on('open', () => {
    cancelConnect();
    if (!ended) listener.onOpen();
  });
  socket.on('message', (data, isBinary) => {
    unansweredPings = 0;
    if (!ended && !isBinary) handle(parseMessage((data as Buffer).toString()));
  });
  socket.on('pong', () => {
    unansweredPings = 0;
  });
  socket.on('upgrade', (response) => {
    requestId = requestIdOf(response);
  });
  socket.on('unexpected-response', (request, response) => {
    const status = response.statusCode ?? 0;
    const reason = reasonOf('refused', response.headers['dg-error']);
    const fault = { reason, status, requestId: requestIdOf(response) };
    const retryAfterMs = parseRetryAfterMs(response.headers['retry-after']);
    request.destroy();
    end(isTransient(status) ? { kind: 'broken', fault, retryAfterMs } : { kind: 'refused', fault });
  });
  // An error is followed by a close, except before the socket has opened.
  socket.on('error', (error) => broken('code' in error ? String(error.code) : 'error'));
  socket.on('close', (code, reason) => {
    const orderly = finishConfirmed || (finishing && (code === 1000 || code === 1005));
    if (orderly) end({ kind: 'finished' });
    else broken(reasonOf(`closed ${code}`, reason.toString()));
  });

  return {
    get acceptsAudio() {
      return socket.readyState === WebSocket.OPEN && !ended && !finishing;
    },
    get isWritable() {
      return socket.bufferedAmount < MAX_UNSENT_BYTES && hearing.waitMs === 0;
    },
    sendAudio(bytes) {
      silentMs = 0;
      sentBytes += bytes.length;
      socket.send(bytes, () => {
        if (!full || ended || socket.bufferedAmount >= MAX_UNSENT_BYTES / 2) return;
        full = false;
        listener.onDrain();
      });
      full ||= socket.bufferedAmount >= MAX_UNSENT_BYTES;
      hearing.sent(bytes.length);
      if (hearing.waitMs > 0) pause(hearing.waitMs);
    },
    finalize: () => sendText(FINALIZE),
    finish() {
      if (finishing) return;
      sendText(CLOSE_STREAM);
      finishing = true;
    },
    abandon() {
      ended = true;
      stopTimers();
      socket.terminate();
    },
  };
};

/** A dead socket is noticed by its close. */
const ignore = (): void => {};
