import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AppError, toAppError } from '../../core/error.ts';
import type { Clock } from '../../core/ports.ts';
import { FILE_ERRORS } from '../sentences/errors.ts';

/** Slack's file hosts answer within a second or two; a minute without a byte is a dead connection. */
const HEADERS_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 60_000;

/** One GET without redirects. The connection closes with `signal`, at the end of the body, or with `destroy`. */
export const get = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { headers, signal });
    const cancelTimeout = clock.after(HEADERS_TIMEOUT_MS, () =>
      request.destroy(new Error('no response in time')),
    );
    request.on('response', (response) => {
      cancelTimeout();
      resolve(response);
    });
    request.on('error', (error) => {
      cancelTimeout();
      reject(interrupted(error));
    });
    request.end();
  });

/**
 * The body, chunk by chunk as it is read. Only waiting for the sender counts as idle, so a slow reader is never taken for
 * a dead sender. Stopping early, or calling `return()` without starting, closes the connection.
 */
export const readBody = (
  response: IncomingMessage,
  { clock, maxBytes = Number.POSITIVE_INFINITY }: { readonly clock: Clock; readonly maxBytes?: number },
): AsyncIterable<Uint8Array> => {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let received = 0;
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const cancelTimeout = clock.after(IDLE_TIMEOUT_MS, () =>
        response.destroy(new Error('the body stalled')),
      );
      try {
        const chunk = await chunks.next();
        received += chunk.done ? 0 : chunk.value.byteLength;
        if (received > maxBytes) throw tooLarge();
        return chunk;
      } catch (error) {
        response.destroy();
        throw interrupted(error);
      } finally {
        cancelTimeout();
      }
    },
    async return() {
      response.destroy();
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

const interrupted = (error: unknown): AppError =>
  error instanceof AppError
    ? toAppError(error)
    : new AppError({
        code: 'chat-failed',
        retryable: true,
        userMessage: FILE_ERRORS.interrupted,
        cause: error,
      });
