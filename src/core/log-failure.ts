import { type AppError, type ErrorCode, toAppError } from './error.ts';
import type { Log } from './ports/clock.ts';

/** What people did or chose: their file, their link, their message, their channel. Nobody has to look after Parley. */
const OF_PEOPLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'recording-empty',
  'not-a-recording',
  'recording-unreadable',
  'recording-too-large',
  'recording-gone',
  'recording-deleted',
  'no-speech',
  'not-in-channel',
  'channel-archived',
  'link-refused',
  'link-failed',
]);

/** Whether a failure is explained to the person alone, and is none of the administrator's. */
export const isOfPeople = ({ code, retryable }: AppError): boolean => !retryable && OF_PEOPLE.has(code);

/** Logs a failure: with its stack, by default as an error, or what people caused as a line of information. */
export const logFailure = (
  log: Log,
  error: unknown,
  fields: object,
  message: string,
  level: 'warn' | 'error' = 'error',
): void => {
  const fault = toAppError(error);
  if (isOfPeople(fault)) log.info({ ...fields, code: fault.code }, message);
  else log[level]({ ...fields, err: error }, message);
};
