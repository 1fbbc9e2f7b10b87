import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { AppError, toAppError } from '../../core/error.ts';
import { FILE_ERRORS } from '../sentences/errors.ts';

/** Slack's file hosts answer within a second or two; a minute without a byte is a dead connection. */
const HEADERS_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 60_000;

/** One GET, no redirect followed. The connection closes with `signal`, with the body's end, or with `destroy`. */
export const get = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { headers, signal });
    const timer = setTimeout(
      () => request.destroy(new Error('no answer within the time')),
      HEADERS_TIMEOUT_MS,
    );
    request.on('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(interrupted(error));
    });
    request.end();
  });

/**
 * The body, chunk by chunk as it is asked for. Only time spent waiting for the other side counts as idle, so a
 * slow reader is never taken for a dead sender. Stopping early, or never starting and calling `return()`, closes
 * the connection.
 */
export const readBody = (
  response: IncomingMessage,
  { maxBytes = Number.POSITIVE_INFINITY, idleMs = IDLE_TIMEOUT_MS } = {},
): AsyncIterable<Uint8Array> => {
  const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let received = 0;
  const iterator: AsyncIterator<Uint8Array> = {
    async next() {
      const timer = setTimeout(() => response.destroy(new Error('the body stopped coming')), idleMs);
      try {
        const chunk = await chunks.next();
        received += chunk.done ? 0 : chunk.value.byteLength;
        if (received > maxBytes) throw tooLarge();
        return chunk;
      } catch (error) {
        response.destroy();
        throw interrupted(error);
      } finally {
        clearTimeout(timer);
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
