import type { Dispatcher } from 'undici';
import type { AppError } from '../core/error.ts';

/** The response of another server; its body has not been read yet. */
export type HttpResponse = Dispatcher.ResponseData;

/** The value of a header, or its first one. `name` in lower case. */
export const header = ({ headers }: HttpResponse, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** In bytes; null where the server does not say. */
export const contentLength = (response: HttpResponse): number | null => {
  const value = header(response, 'content-length');
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
};

/** Closes a response whose body is not needed. */
export const discard = ({ body }: HttpResponse): void => {
  // Destroying a body that is not being read makes it emit an error.
  body.on('error', () => {});
  body.destroy();
};

interface BodyOptions {
  readonly maxBytes: number;
  /** Thrown at the first byte too many; the connection is closed then. */
  readonly tooLarge: () => AppError;
  /** Thrown when the connection breaks with `error`. */
  readonly broken: (error: unknown) => AppError;
}

/** The body as it comes, counted. Ending the iteration early closes the connection. */
export const bodyOf = ({ body }: HttpResponse, options: BodyOptions): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => read(body, options),
});

/** No generator, whose `return` would wait for the next chunk. */
const read = (
  body: HttpResponse['body'],
  { maxBytes, tooLarge, broken }: BodyOptions,
): AsyncIterator<Uint8Array> => {
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  // As in `discard`; the reader gets the error from `next`.
  body.on('error', () => {});
  let total = 0;
  return {
    async next() {
      const result = await source.next().catch((error: unknown) => {
        throw broken(error);
      });
      if (!result.done) total += result.value.length;
      if (total > maxBytes) {
        body.destroy();
        throw tooLarge();
      }
      return result;
    },
    async return() {
      body.destroy();
      return { done: true, value: undefined };
    },
  };
};
