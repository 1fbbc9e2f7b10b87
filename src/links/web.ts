import { Agent, request } from 'undici';
import type { PublicWeb } from '../core/ports.ts';
import type { HttpResponse } from '../web/http-response.ts';
import { bodyOf } from '../web/http-response.ts';
import { fromNetwork, stopped, tooLarge } from './errors.ts';
import { type AllowPrivate, createGuardedConnector, type Resolve, resolveBySystem } from './guard.ts';

export interface WebOptions {
  /**
   * Allows single addresses that are not public, or ports that are unusual. For the local workspace, whose files are on
   * this machine; never set on a server.
   */
  readonly allowPrivate?: AllowPrivate | undefined;
  /** For a connection, for a response, and between two chunks of a file. Default 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve | undefined;
}

/** Requests through the guard. */
export interface GuardedHttp {
  /** @throws {AppError} */
  get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

export const createGuardedHttp = ({
  allowPrivate = () => false,
  timeoutMs = 30_000,
  resolve = resolveBySystem,
}: WebOptions): GuardedHttp => {
  const dispatcher = new Agent({
    connect: createGuardedConnector({ resolve, allowPrivate, timeoutMs }),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    // Each connection is for one file.
    pipelining: 0,
    allowH2: false,
  });
  let closing: Promise<void> | null = null;
  return {
    async get(url, headers, signal) {
      try {
        // No decompression, so that a small file cannot expand into a huge one.
        return await request(url, {
          dispatcher,
          signal,
          headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'Parley' },
        });
      } catch (error) {
        throw faultOf(error, signal);
      }
    },
    close() {
      closing ??= dispatcher.destroy();
      return closing;
    },
  };
};

/** What a request or its body ended with, as an `AppError`. */
export const faultOf = (error: unknown, signal: AbortSignal) =>
  signal.aborted ? stopped() : fromNetwork(error);

/** The PublicWeb port: for files that a chat service keeps on other hosts than its own. */
export const createPublicWeb = (options: WebOptions = {}): PublicWeb & { close(): Promise<void> } => {
  const http = createGuardedHttp(options);
  return {
    async get(url, { headers, signal }) {
      const response = await http.get(url, headers, signal);
      return {
        status: response.statusCode,
        headers: Object.fromEntries(
          Object.entries(response.headers).flatMap(([name, value]) => {
            const first = Array.isArray(value) ? value[0] : value;
            return first === undefined ? [] : [[name, first]];
          }),
        ),
        bytes: bodyOf(response, {
          maxBytes: Number.POSITIVE_INFINITY,
          tooLarge,
          broken: (error) => faultOf(error, signal),
        }),
      };
    },
    close: () => http.close(),
  };
};
