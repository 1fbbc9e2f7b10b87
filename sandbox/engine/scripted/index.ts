import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { problemOfQuery } from '../listen-parameters.ts';
import type { EngineClock } from './ear.ts';
import { createScriptedLive, type ScriptedLive } from './live.ts';
import { MarkerReader, type WordReader } from './markers.ts';
import type { LiveProfile } from './profile.ts';
import {
  type Behaviour,
  describeRequest,
  errorBody,
  listen,
  type ScriptedRequest,
  sendJson,
} from './recordings.ts';

export type { LiveBehaviour, LiveFault } from './live-stream.ts';
export type { Behaviour, ScriptedRequest } from './recordings.ts';

/**
 * A Deepgram simulator that follows a script, for wire order, errors and times that the local engine cannot produce on
 * request: `POST /v1/listen`, and the live WebSocket at the same address.
 */
export interface ScriptedEngine {
  /** `http://127.0.0.1:PORT`, to be used as the engine's base URL. */
  readonly url: string;
  /** The only key it accepts, as `Authorization: Token KEY`. */
  readonly apiKey: string;
  /** Every request so far, oldest first. */
  readonly requests: readonly ScriptedRequest[];
  /** Live streams, whose words are markers. */
  readonly live: ScriptedLive;
  /** The behaviours of the next requests, in order. Further ones follow `fallback`, or get a few words. */
  script(...behaviours: readonly Behaviour[]): void;
  /** Resolves with the newest request once `condition` holds for it. */
  until(condition: (request: ScriptedRequest) => boolean): Promise<ScriptedRequest>;
  /** Resolves once `condition` holds for the live streams. */
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
    /** Whether to hash bodies; measurements turn it off. */
    readonly hash?: boolean;
    /** How live streams are treated, where it differs from the vendor's own way. */
    readonly live?: Partial<LiveProfile>;
    /** Of live streams: their delays and time limits. */
    readonly clock?: EngineClock;
    /** Reads the words of live streams and WAV files. Default: markers. */
    readonly liveWords?: (sampleRateHz: number) => WordReader;
    /** The behaviour of requests that are not scripted. Called before the body is read. */
    readonly fallback?: (request: ScriptedRequest) => Behaviour;
  } = {},
): Promise<ScriptedEngine> => {
  const host = options.host ?? '127.0.0.1';
  const apiKey = options.apiKey ?? 'scripted-key';
  const requests: ScriptedRequest[] = [];
  const scripted: Behaviour[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const check of waiting) check();
  };

  const reader = options.liveWords ?? ((sampleRateHz: number) => new MarkerReader(sampleRateHz));

  const server = createServer((request, response) => {
    const authorized = request.headers.authorization === `Token ${apiKey}`;
    const seen = describeRequest(request, authorized);
    requests.push(seen);
    changed();
    // A test that breaks the connection is not an engine error.
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
    const problem = problemOfQuery(seen.query);
    if (problem !== null) {
      sendJson(response, 400, errorBody('Bad Request', `Bad Request: ${problem}`));
      return;
    }
    const behaviour = scripted.shift() ?? options.fallback?.(seen) ?? { mode: 'ok' };
    void listen(request, response, behaviour, seen, {
      hash: options.hash ?? true,
      changed,
      reader,
    });
  });
  const live = createScriptedLive({
    apiKey,
    profile: options.live,
    clock: options.clock,
    reader,
    changed,
  });
  server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  // Slow uploads are allowed: tests decide what is too slow.
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
      scripted.push(...behaviours);
    },
    until(condition) {
      const { promise, resolve } = Promise.withResolvers<ScriptedRequest>();
      const check = (): void => {
        const newest = requests.at(-1);
        if (newest === undefined || !condition(newest)) return;
        waiting.delete(check);
        resolve(newest);
      };
      waiting.add(check);
      check();
      return promise;
    },
    untilStreams(condition) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const check = (): void => {
        if (!condition(live)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
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
