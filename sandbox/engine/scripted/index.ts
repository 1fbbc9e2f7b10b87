import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EngineClock } from './clock.ts';
import { createScriptedLive, type ScriptedLive } from './live.ts';
import type { WordReader } from './markers.ts';
import {
  type Behaviour,
  describeRequest,
  errorBody,
  listen,
  type ScriptedRequest,
  sendJson,
} from './recordings.ts';

export type { LiveBehaviour, LiveFault } from './live.ts';
export type { Behaviour, ScriptedRequest } from './recordings.ts';

/**
 * A stand-in for Deepgram that says what a test tells it to: for wire order, errors and times, where the local
 * engine would be too honest. It speaks `POST /v1/listen`, and the WebSocket of the same address as `live`.
 */
export interface ScriptedEngine {
  /** `http://127.0.0.1:PORT`, to be used as the engine's base URL. */
  readonly url: string;
  /** The only key it accepts, as `Authorization: Token KEY`. */
  readonly apiKey: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly ScriptedRequest[];
  /** Live streams: it hears the words of `scripted-markers.ts`. */
  readonly live: ScriptedLive;
  /** The next requests are treated so, in this order; after them as `fallback` says, or `ok` with a few words. */
  script(...behaviours: readonly Behaviour[]): void;
  /** Resolves with the newest request once `condition` holds for it. */
  until(condition: (request: ScriptedRequest) => boolean): Promise<ScriptedRequest>;
  /** Resolves once `condition` holds of the live streams. */
  untilStreams(condition: (live: ScriptedLive) => boolean): Promise<void>;
  /** Serves a connection from within the process. */
  accept(socket: Duplex): void;
  /** Drops every connection. Idempotent. */
  close(): Promise<void>;
}

export const startScriptedEngine = async (
  options: {
    /** 0, the default, takes a free one. */
    readonly port?: number;
    readonly host?: string;
    readonly apiKey?: string;
    /** Whether to hash what arrives; measurements switch it off. */
    readonly hash?: boolean;
    /** A live stream without audio or KeepAlive is closed after this. Default: 10 s, as Deepgram. */
    readonly liveIdleMs?: number;
    /** Of live streams. Default: the machine's. */
    readonly clock?: EngineClock;
    /** What reads the words of live streams. Default: markers. */
    readonly liveWords?: (sampleRateHz: number) => WordReader;
    /** How a request is treated for which nothing was scripted. It is asked before the body is read. */
    readonly fallback?: (request: ScriptedRequest) => Behaviour;
  } = {},
): Promise<ScriptedEngine> => {
  const host = options.host ?? '127.0.0.1';
  const apiKey = options.apiKey ?? 'scripted-key';
  const requests: ScriptedRequest[] = [];
  const coming: Behaviour[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of waiting) look();
  };

  const server = createServer((request, response) => {
    const authorized = request.headers.authorization === `Token ${apiKey}`;
    const seen = describeRequest(request, authorized);
    requests.push(seen);
    changed();
    // A test that breaks the connection is not an error of the engine.
    request.on('error', () => {});
    response.on('error', () => {});
    response.on('close', () => {
      seen.aborted = !response.writableFinished;
      changed();
    });
    if (seen.method !== 'POST' || seen.path !== '/v1/listen') {
      sendJson(response, 404, errorBody('NOT_FOUND', `No route for ${seen.method} ${seen.path}.`));
      return;
    }
    if (!authorized) {
      sendJson(response, 401, errorBody('INVALID_AUTH', 'Invalid credentials.'));
      return;
    }
    const behaviour = coming.shift() ?? options.fallback?.(seen) ?? { mode: 'ok' };
    void listen(request, response, behaviour, seen, {
      hash: options.hash ?? true,
      changed,
    });
  });
  const live = createScriptedLive({
    apiKey,
    idleMs: options.liveIdleMs,
    reader: options.liveWords,
    clock: options.clock,
    changed,
  });
  server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  // An upload of hours is legitimate here; the tests decide what is too slow.
  server.requestTimeout = 0;
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  let closing: Promise<void> | null = null;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    apiKey,
    requests,
    live,
    script(...behaviours) {
      coming.push(...behaviours);
    },
    until(condition) {
      const { promise, resolve } = Promise.withResolvers<ScriptedRequest>();
      const look = (): void => {
        const newest = requests.at(-1);
        if (newest === undefined || !condition(newest)) return;
        waiting.delete(look);
        resolve(newest);
      };
      waiting.add(look);
      look();
      return promise;
    },
    untilStreams(condition) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (!condition(live)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      return promise;
    },
    accept: (socket) => void server.emit('connection', socket),
    close() {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        live.close();
        server.closeAllConnections();
      });
      return closing;
    },
  };
};
