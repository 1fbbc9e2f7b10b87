import { DeepgramError, DeepgramTimeoutError } from '@deepgram/sdk';
import { z } from 'zod';
import { AppError } from '../core/error.ts';
import { isOfPeople } from '../core/log-failure.ts';
import type { Log } from '../core/ports.ts';
import {
  BUSY,
  CUT_SHORT,
  EMPTY,
  FAILED,
  KEY_REFUSED,
  NO_CREDIT,
  NO_SOUND,
  NO_SPEECH,
  NOT_IN_PLAN,
  notAudio,
  REQUEST_REFUSED,
  STOPPED,
  TOO_LARGE,
  TOO_SLOW,
  UNREADABLE,
} from './sentences.ts';

// What is wrong with the recording.

export const emptyRecording = (): AppError =>
  new AppError({ code: 'recording-empty', retryable: false, userMessage: EMPTY });

/** `looksLike` completes "This file is …". */
export const notARecording = (looksLike: string): AppError =>
  new AppError({ code: 'not-a-recording', retryable: false, userMessage: notAudio(looksLike) });

export const recordingTooLarge = (cause?: unknown): AppError =>
  new AppError({ code: 'recording-too-large', retryable: false, userMessage: TOO_LARGE, cause });

/** The download failed and not the file, so it is worth a retry. */
export const recordingCutShort = (): AppError =>
  new AppError({ code: 'recording-unreadable', retryable: true, userMessage: CUT_SHORT });

export const noSound = (): AppError =>
  new AppError({ code: 'no-speech', retryable: false, userMessage: NO_SOUND });

export const noSpeech = (): AppError =>
  new AppError({ code: 'no-speech', retryable: false, userMessage: NO_SPEECH });

// What is wrong with the engine.

export const engineFailed = (cause: unknown, retryAfterMs?: number): AppError =>
  new AppError({ code: 'engine-failed', retryable: true, userMessage: FAILED, retryAfterMs, cause });

export const engineTooSlow = (options: { cause?: EngineFault; maxAttempts?: number } = {}): AppError =>
  new AppError({ code: 'engine-failed', retryable: true, userMessage: TOO_SLOW, ...options });

/** The process stops; the job runs again in the next one. */
export const stopped = (cause: unknown): AppError =>
  new AppError({ code: 'unexpected', retryable: true, userMessage: STOPPED, cause });

/**
 * What may be kept of an engine's error: its status, its short code and its request id, by which the vendor finds it.
 * The SDK's error repeats the whole response in its message, so it never leaves this file.
 */
export class EngineFault extends Error {
  readonly status: number | null;
  readonly errCode: string | null;
  readonly requestId: string | null;

  constructor(status: number | null, errCode: string | null, requestId: string | null) {
    super(`speech engine: ${status ?? 'no response'}${errCode === null ? '' : ` ${errCode}`}`);
    this.name = 'EngineFault';
    this.status = status;
    this.errCode = errCode;
    this.requestId = requestId;
  }
}

/** Two generations of the engine's error body: `err_code, err_msg` and `category, message`. */
const errorBodySchema = z.object({
  err_code: z.string().optional().catch(undefined),
  err_msg: z.string().optional().catch(undefined),
  category: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  request_id: z.string().optional().catch(undefined),
});

/** The SDK's error as an `AppError`. `networkFault` is what fetch itself threw, when it did. */
export const fromEngine = (error: unknown, networkFault: unknown, nowMs: number): AppError => {
  if (networkFault !== undefined) return engineFailed(new EngineFault(null, systemCode(networkFault), null));
  if (error instanceof DeepgramTimeoutError) return engineTooSlow();
  if (!(error instanceof DeepgramError) || error.statusCode === undefined) {
    return engineFailed(new EngineFault(null, systemCode(error), null));
  }
  const body = errorBodySchema.safeParse(error.body).data;
  const fault = new EngineFault(
    error.statusCode,
    asToken(body?.err_code ?? body?.category),
    asToken(body?.request_id ?? error.rawResponse?.headers?.get('dg-request-id') ?? undefined),
  );
  const retryAfter = error.rawResponse?.headers?.get('retry-after') ?? null;
  const retryAfterMs = parseRetryAfterMs(retryAfter, nowMs);
  return byStatus(error.statusCode, body?.err_msg ?? body?.message ?? '', retryAfterMs, fault);
};

const byStatus = (
  status: number,
  message: string,
  retryAfterMs: number | undefined,
  cause: EngineFault,
): AppError => {
  const final = (code: AppError['code'], userMessage: string): AppError =>
    new AppError({ code, retryable: false, userMessage, cause });
  switch (status) {
    case 401:
      return final('engine-refused', KEY_REFUSED);
    case 403:
      return final('engine-refused', NOT_IN_PLAN);
    case 402:
      return final('engine-refused', NO_CREDIT);
    case 413:
      return recordingTooLarge(cause);
    case 415:
      return final('recording-unreadable', UNREADABLE);
    case 422:
      if (UPLOAD_BROKE.test(message)) return engineFailed(cause, retryAfterMs);
      break;
    case 429:
      return new AppError({ code: 'engine-busy', retryable: true, userMessage: BUSY, retryAfterMs, cause });
    default:
  }
  if (status === 504) return engineTooSlow({ cause, maxAttempts: 2 });
  if (status === 408 || status === 499 || status >= 500) return engineFailed(cause, retryAfterMs);
  // One status for an invalid file and an invalid request; only the message tells them apart.
  if ((status === 400 || status === 422) && ABOUT_THE_FILE.test(message))
    return final('recording-unreadable', UNREADABLE);
  return final('engine-failed', REQUEST_REFUSED);
};

/** The upload was slow or broke off, under a status that else means a wrong request. */
const UPLOAD_BROKE = /unable to read the entire client request/i;
const ABOUT_THE_FILE = /corrupt|unsupported|failed to process audio|decod|could not determine|no audio/i;

/** Seconds or an HTTP date; undefined for a date in the past and anything else. */
const parseRetryAfterMs = (header: string | null, nowMs: number): number | undefined => {
  if (header === null) return undefined;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  // More than an hour is an outage; the job's own waits are better then.
  return waitMs > 0 && waitMs <= 3_600_000 ? waitMs : undefined;
};

/** Codes and ids only: anything else might repeat what someone said. */
const asToken = (text: string | undefined): string | null =>
  text !== undefined && /^[\w .-]{1,64}$/.test(text) ? text : null;

/** `ECONNRESET`, `UND_ERR_SOCKET`: of the error or one of its causes. */
const systemCode = (error: unknown): string | null => {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return asToken(at.code);
  }
  return null;
};

export const logFailure = (log: Log, error: AppError): void => {
  const { cause } = error;
  const engine =
    cause instanceof EngineFault
      ? { status: cause.status, errCode: cause.errCode, requestId: cause.requestId }
      : {};
  const level = isOfPeople(error) ? 'info' : 'warn';
  log[level](
    { code: error.code, retryable: error.retryable, ...engine },
    'speech: recording not transcribed',
  );
};
