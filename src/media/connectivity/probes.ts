import { type RawData, WebSocket } from 'ws';
import type { Log } from '../../core/ports.ts';
import { type Refusal, Refused } from '../refused.ts';
import type { IceServer } from '../signalling/messages.ts';
import { createTokenBucket } from '../signalling/token-bucket.ts';
import type { Workers } from '../workers.ts';
import {
  type ProbeRequest,
  type ProbeRequestName,
  type ProbeResponse,
  type ProbeResponses,
  probeRequest,
  type Way,
} from './messages.ts';
import { type ConnectivityProbe, openConnectivityProbe } from './probe.ts';

/** Tries the ways of media for pages that test a connection. */
export interface ConnectivityProbes {
  /** Serves a page whose link was checked; `visitor` is the same for all sockets of one link. */
  serve(ws: WebSocket, visitor: string): void;
  /** Idempotent. */
  close(): void;
}

/** Nobody's test lasts as long: three ways of 15 s each, and a look at the result. */
const SOCKET_LIFE_MS = 2 * 60_000;
/** Several people of one office at once, while meetings go on beside them. */
const SOCKETS = 20;
const SOCKETS_A_VISITOR = 2;
/** A whole test with its counting asks some fifty times in half a minute. */
const REQUESTS = { burst: 40, perSecond: 5 };
/** Every way three times over. */
const TRIALS_A_SOCKET = 9;

const CLOSE = { badMessage: 4400, timeout: 4408, tooMany: 4429 } as const;
const TRY_AGAIN = 1013;

export const createConnectivityProbes = (options: {
  readonly workers: () => Workers | { readonly missing: string };
  /** Empty when there is no relay. */
  readonly iceServers: (visitor: string) => readonly IceServer[];
  readonly log: Log;
  /** Monotonic. */
  readonly nowMs: () => number;
}): ConnectivityProbes => {
  const { log, nowMs } = options;
  const sockets = new Map<WebSocket, string>();

  const serve = (ws: WebSocket, visitor: string): void => {
    const own = [...sockets.values()].filter((each) => each === visitor).length;
    if (sockets.size >= SOCKETS || own >= SOCKETS_A_VISITOR) {
      ws.close(TRY_AGAIN, 'Too many tests at once.');
      return;
    }
    sockets.set(ws, visitor);
    let trial: ConnectivityProbe | null = null;
    let begun = 0;

    const begin = async (way: Way): Promise<ProbeResponses['begin']> => {
      trial?.close();
      trial = null;
      begun += 1;
      if (begun > TRIALS_A_SOCKET) throw new Refused('not-allowed', 'That is enough. Load the page again.');
      const workers = options.workers();
      if ('missing' in workers) throw new Refused('failed', workers.missing);
      const opened = await openConnectivityProbe({ workers, way, iceServers: options.iceServers(visitor) });
      // The page may be gone by now.
      if (ws.readyState !== WebSocket.OPEN) opened.close();
      trial = opened;
      return opened.begun;
    };
    const handle = async (request: ProbeRequest): Promise<ProbeResponses[ProbeRequestName]> => {
      switch (request.request) {
        case 'ping':
          return {};
        case 'ways':
          return { ways: options.iceServers(visitor).length > 0 ? ['udp', 'tcp', 'relay'] : ['udp', 'tcp'] };
        case 'begin':
          return begin(request.way);
        default:
          if (trial === null) throw new Refused('wrong-order', 'Nothing is being tried.');
          return trial.handle(request);
      }
    };

    const life = setTimeout(() => ws.close(CLOSE.timeout, 'The test is over.'), SOCKET_LIFE_MS);
    life.unref();
    ws.once('close', () => {
      clearTimeout(life);
      sockets.delete(ws);
      trial?.close();
    });
    ws.on('error', () => ws.terminate());
    answerInOrder(ws, { handle, log, nowMs });
  };

  return {
    serve,
    close() {
      for (const ws of sockets.keys()) ws.terminate();
    },
  };
};

/** Parses, keeps the rate, and answers one request after the other. Whoever floods or sends nonsense is dropped. */
const answerInOrder = (
  ws: WebSocket,
  parts: {
    readonly handle: (request: ProbeRequest) => Promise<ProbeResponses[ProbeRequestName]>;
    readonly log: Log;
    readonly nowMs: () => number;
  },
): void => {
  const bucket = createTokenBucket({ ...REQUESTS, nowMs: parts.nowMs });
  let queue = Promise.resolve();

  const answer = async (request: ProbeRequest): Promise<void> => {
    if (ws.readyState !== WebSocket.OPEN) return;
    const written: ProbeResponse = await parts.handle(request).then(
      (data) => ({ response: request.id, ok: true, data }),
      (error: unknown) => ({
        response: request.id,
        ok: false,
        error: refusalOf(error, request, parts.log),
      }),
    );
    if (ws.readyState === WebSocket.OPEN) ws.send(JSON.stringify(written));
  };
  const drop = (code: number): void => {
    ws.close(code);
    setTimeout(() => ws.terminate(), 1_000).unref();
  };

  ws.on('message', (data: RawData, isBinary) => {
    if (ws.readyState !== WebSocket.OPEN) return;
    if (!bucket.take()) return drop(CLOSE.tooMany);
    // Messages come as buffers unless a socket is told otherwise, and nobody tells it.
    const parsed = isBinary ? null : parse((data as Buffer).toString());
    if (parsed === null) return drop(CLOSE.badMessage);
    queue = queue.then(() => answer(parsed));
  });
};

const parse = (text: string): ProbeRequest | null => {
  try {
    return probeRequest.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

const refusalOf = (error: unknown, { request }: ProbeRequest, log: Log): Refusal => {
  if (error instanceof Refused) return { code: error.code, sentence: error.sentence };
  log.error({ err: error, request }, 'a connection test request failed');
  return { code: 'failed', sentence: 'Something went wrong on our side.' };
};
