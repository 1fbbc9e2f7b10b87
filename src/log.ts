import { pino } from 'pino';
import type { Log } from './core/ports.ts';

/**
 * Structured logs on standard output. Fields that commonly hold secrets are redacted, as a second line of defence behind
 * not logging them. Of an error, only what cannot quote a person is logged.
 */
export const createLog = (level: 'debug' | 'info' | 'warn' | 'error', destination: 1 | 2 = 1): Log =>
  pino(
    {
      level,
      base: null,
      redact: {
        paths: [
          'token',
          'apiKey',
          'secret',
          'authorization',
          'url',
          'text',
          '*.token',
          '*.authorization',
          '*.url',
        ],
        censor: '[removed]',
      },
      serializers: { err: serializeError },
    },
    pino.destination({ dest: destination, sync: false }),
  );

/** The same log with `component` in every line. */
export const componentLog = (log: Log, component: string): Log => ({
  debug: (fields, message) => log.debug({ component, ...fields }, message),
  info: (fields, message) => log.info({ component, ...fields }, message),
  warn: (fields, message) => log.warn({ component, ...fields }, message),
  error: (fields, message) => log.error({ component, ...fields }, message),
});

interface ErrorFields {
  name: string;
  code?: unknown;
  status?: unknown;
  stack?: string | undefined;
  cause?: ErrorFields;
  suppressed?: ErrorFields;
}

/** Name, code and where it happened. Vendors' messages are left out: they may quote what a person said or sent. */
const serializeError = (error: unknown, depth = 0): ErrorFields => {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, status, statusCode } = error as { code?: unknown; status?: unknown; statusCode?: unknown };
  return {
    name: error.name,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined && statusCode === undefined ? {} : { status: status ?? statusCode }),
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 8)
      .map((line) => line.trim())
      .join(' | '),
    ...causesOf(error, depth),
  };
};

const causesOf = (error: Error, depth: number): Pick<ErrorFields, 'cause' | 'suppressed'> => {
  if (depth > 3) return {};
  // Of several parts that failed to close, the later error suppresses the earlier one.
  if (error instanceof SuppressedError) {
    return {
      cause: serializeError(error.error, depth + 1),
      suppressed: serializeError(error.suppressed, depth + 1),
    };
  }
  return error.cause === undefined ? {} : { cause: serializeError(error.cause, depth + 1) };
};
