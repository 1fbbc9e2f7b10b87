import { DeepgramError, DeepgramTimeoutError } from '@deepgram/sdk';
import { z } from 'zod';
import { AppError } from '../core/error.ts';

// What is wrong with the recording.

export const emptyRecording = (): AppError =>
  new AppError({
    code: 'recording-empty',
    retryable: false,
    userMessage:
      'This file is empty: there is nothing in it to listen to. Please check the recording and post it again.',
  });

export const notARecording = (looksLike: string | null): AppError =>
  new AppError({
    code: 'not-a-recording',
    retryable: false,
    userMessage:
      looksLike === null
        ? 'This file is neither audio nor video, whatever its name says. Please post audio or video.'
        : `This file is ${looksLike}, not a recording, whatever its name says. Please post audio or video.`,
  });

export const recordingTooLarge = (cause?: unknown): AppError =>
  new AppError({
    code: 'recording-too-large',
    retryable: false,
    userMessage:
      'This recording is larger than 2 GB, more than the speech engine takes. Please post only its sound, or post it in parts.',
    cause,
  });

/** The fault is the way here and not the file, so it is worth another try. */
export const recordingCutShort = (): AppError =>
  new AppError({
    code: 'recording-unreadable',
    retryable: true,
    userMessage: 'The recording broke off on its way to Parley.',
  });

export const noSpeech = (): AppError =>
  new AppError({
    code: 'no-speech',
    retryable: false,
    userMessage:
      'Parley listened to the whole recording and heard nobody speak. ' +
      'If somebody does, check whether the right microphone was recorded and whether it is loud enough.',
  });

// What is wrong with the engine.

export const engineFailed = (cause: unknown, retryAfterMs?: number): AppError =>
  new AppError({
    code: 'engine-failed',
    retryable: true,
    userMessage: 'The speech engine did not answer as it should.',
    retryAfterMs,
    cause,
  });

export const engineTooSlow = (): AppError =>
  new AppError({
    code: 'engine-failed',
    retryable: true,
    userMessage: 'The speech engine took too long.',
  });

/** The process stops; the job runs again in the next one. */
export const stopped = (cause: unknown): AppError =>
  new AppError({
    code: 'unexpected',
    retryable: true,
    userMessage: 'Parley was stopped while it listened.',
    cause,
  });

/**
 * What may be kept of an engine's error: its status, its short code and its request id, with which its makers
 * find it. Their SDK's error repeats the whole answer in its message, so it never leaves this file.
 */
export class EngineFault extends Error {
  readonly status: number | null;
  readonly errCode: string | null;
  readonly requestId: string | null;

  constructor(status: number | null, errCode: string | null, requestId: string | null) {
    super(`speech engine: ${status ?? 'no answer'}${errCode === null ? '' : ` ${errCode}`}`);
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
export const fromEngine = (error: unknown, networkFault: unknown): AppError => {
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
  return byStatus(error.statusCode, body?.err_msg ?? body?.message ?? '', retryAfter, fault);
};

const byStatus = (status: number, said: string, retryAfter: string | null, cause: EngineFault): AppError => {
  const final = (code: AppError['code'], userMessage: string): AppError =>
    new AppError({ code, retryable: false, userMessage, cause });
  switch (status) {
    case 401:
    case 403:
      return final(
        'engine-refused',
        'The speech engine does not accept Parley’s key. Please ask whoever runs Parley to check DEEPGRAM_API_KEY.',
      );
    case 402:
      return final(
        'engine-refused',
        'Parley’s account with the speech engine has no credit left. Please ask whoever runs Parley to top it up.',
      );
    case 413:
      return recordingTooLarge(cause);
    case 415:
      return unreadable(cause);
    case 429:
      return new AppError({
        code: 'engine-busy',
        retryable: true,
        userMessage: 'The speech engine has too much to do right now.',
        retryAfterMs: parseRetryAfterMs(retryAfter),
        cause,
      });
    default:
  }
  if (status === 408 || status >= 500) {
    return engineFailed(cause, parseRetryAfterMs(retryAfter));
  }
  // The engine has one status for a bad file and a bad request; only its sentence tells them apart.
  if (status === 400 && UNREADABLE.test(said)) return unreadable(cause);
  return final(
    'engine-failed',
    'The speech engine did not take Parley’s request. Please ask whoever runs Parley to check DEEPGRAM_URL and the log.',
  );
};

const UNREADABLE = /corrupt|unsupported|failed to process audio|decod|could not determine|no audio/i;

const unreadable = (cause: EngineFault): AppError =>
  new AppError({
    code: 'recording-unreadable',
    retryable: false,
    userMessage:
      'The speech engine cannot read this recording: it is damaged, incomplete, or of a format it does not know. ' +
      'Please check that it plays on your computer, or save it as MP3, and post it again.',
    cause,
  });

/** Seconds or an HTTP date; a date in the past and anything else count as not said. */
const parseRetryAfterMs = (header: string | null): number | undefined => {
  if (header === null) return undefined;
  const waitMs = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  // More than an hour is no pause but an outage; the job's own waits are better then.
  return waitMs > 0 && waitMs <= 3_600_000 ? waitMs : undefined;
};

/** Codes and ids only: anything longer or stranger might repeat what somebody said. */
const asToken = (text: string | undefined): string | null =>
  text !== undefined && /^[\w .-]{1,64}$/.test(text) ? text : null;

/** `ECONNRESET`, `UND_ERR_SOCKET`: from the error or the one beneath it. */
const systemCode = (error: unknown): string | null => {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return asToken(at.code);
  }
  return null;
};
