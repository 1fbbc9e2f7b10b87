import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AppError } from '../../core/error.ts';
import type { Clock, WebResponse } from '../../core/ports.ts';
import { FILE_ERRORS } from '../sentences/errors.ts';

/** Slack's file hosts answer within a second or two; a minute without a byte is a dead connection. */
const HEADERS_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 60_000;

/** One GET without redirects. The connection closes with `signal`, at the end of the body, or with `discard`. */
export const get = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<WebResponse> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { headers, signal });
    const cancelTimeout = clock.after(HEADERS_TIMEOUT_MS, () =>
      request.destroy(new Error('no response in time')),
    );
    request.on('response', (response) => {
      cancelTimeout();
      resolve(responseOf(response));
    });
    request.on('error', (error) => {
      cancelTimeout();
      reject(interrupted(error));
    });
    request.end();
  });

const responseOf = (response: IncomingMessage): WebResponse => ({
  status: response.statusCode ?? 0,
  headers: Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  ),
  bytes: {
    [Symbol.asyncIterator]() {
      const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      return {
        next: () => chunks.next(),
        async return() {
          response.destroy();
          return { done: true, value: undefined };
        },
      };
    },
  },
});

/** Closes the connection of a response whose body is not needed. */
export const discard = async ({ bytes }: WebResponse): Promise<void> => {
  await bytes[Symbol.asyncIterator]().return?.();
};

/**
 * The body, chunk by chunk as it is read. Only waiting for the sender counts as idle, so a slow reader is never taken for
 * a dead sender. Stopping early, or calling `return()` without starting, closes the connection.
 */
export const readBody = (
  { bytes }: WebResponse,
  { clock, maxBytes = Number.POSITIVE_INFINITY }: { readonly clock: Clock; readonly maxBytes?: number },
): AsyncIterable<Uint8Array> => {
  const chunks = bytes[Symbol.asyncIterator]();
  const close = async (): Promise<void> => void (await chunks.return?.());
  let received = 0;
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const { promise: stalled, reject } = Promise.withResolvers<never>();
      const cancelTimeout = clock.after(IDLE_TIMEOUT_MS, () => reject(new Error('the body stalled')));
      try {
        const chunk = await Promise.race([chunks.next(), stalled]);
        received += chunk.done ? 0 : chunk.value.byteLength;
        if (received > maxBytes) throw tooLarge();
        return chunk;
      } catch (error) {
        await close();
        throw interrupted(error);
      } finally {
        cancelTimeout();
      }
    },
    async return() {
      await close();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
};

export const tooLarge = (): AppError =>
  new AppError({
    code: 'recording-too-large',
    retryable: false,
    userMessage: FILE_ERRORS.tooLarge,
  });

/** What ends a download, in Slack's terms: the person who waits knows nothing of a link. */
export const interrupted = (error: unknown): AppError =>
  error instanceof AppError && error.code !== 'link-failed'
    ? error
    : new AppError({
        code: 'chat-failed',
        retryable: true,
        userMessage: FILE_ERRORS.interrupted,
        cause: error,
      });
