import type { Dispatcher } from 'undici';
import type { AppError } from '../core/error.ts';

/** What another server answered; its body has not been read yet. */
export type Answer = Dispatcher.ResponseData;

/** The value of a header, or its first one. `name` in lower case. */
export const header = ({ headers }: Answer, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** In bytes; null where the server does not say. */
export const contentLength = (answer: Answer): number | null => {
  const value = header(answer, 'content-length');
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : null;
};

/** Lets an answer go whose body nobody wants. */
export const discard = ({ body }: Answer): void => {
  // Destroying a body that nobody waits for makes it emit an error.
  body.on('error', () => {});
  body.destroy();
};

interface Reading {
  readonly maxBytes: number;
  /** Said at the first byte too many; the connection is closed by then. */
  readonly tooLarge: () => AppError;
  /** What it means that the body broke off with `error`. */
  readonly broken: (error: unknown) => AppError;
}

/** The body as it comes, counted. Who stops reading closes the connection. */
export const bodyOf = ({ body }: Answer, reading: Reading): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => read(body, reading),
});

/** Written by hand and not as a generator, whose `return` would wait for the next piece. */
const read = (body: Answer['body'], { maxBytes, tooLarge, broken }: Reading): AsyncIterator<Uint8Array> => {
  const source = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  // As when it is discarded; the one who waits gets the error by `next`.
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
