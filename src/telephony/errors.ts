import { z } from 'zod';
import { AppError } from '../core/error.ts';
import {
  ALL_BUSY,
  CALL_OVER,
  NOT_RESPONDING,
  RECORDING_ELSEWHERE,
  RECORDING_GONE,
  RECORDING_TOO_LARGE,
  refusedWith,
  STOPPED,
  sentenceOfCode,
  sentenceOfStatus,
} from './sentences.ts';

/**
 * What may be kept of the network's error: its status and its code. The SDK's errors hold more than a log may have
 * (numbers in messages, the credentials in the request), so they never leave this file.
 */
export class PhoneFault extends Error {
  /** Null when there was no response. */
  readonly status: number | null;
  readonly code: string | null;

  constructor(status: number | null, code: string | null) {
    super(`phone network: ${status ?? 'no response'}${code === null ? '' : ` ${code}`}`);
    this.name = 'PhoneFault';
    this.status = status;
    this.code = code;
  }
}

/** `RestException` and `TwilioServiceException` of the SDK, of which only one is exported. */
const vendorError = z.object({
  status: z.number().int().min(100).max(599),
  code: z.number().int().nullish().catch(null),
});
/** Of Node's sockets and of the SDK's HTTP client. */
const systemError = z.object({ code: z.string().regex(/^[A-Z_]{2,64}$/) });

export const faultOf = (error: unknown): PhoneFault => {
  if (error instanceof PhoneFault) return error;
  const answered = vendorError.safeParse(error);
  if (answered.success) {
    const { status, code } = answered.data;
    return new PhoneFault(status, code ? String(code) : null);
  }
  return new PhoneFault(null, systemError.safeParse(error).data?.code ?? null);
};

/** The network was busy, failing or unreachable: the same request may succeed in a moment. */
export const isTransient = ({ status }: PhoneFault): boolean =>
  status === null || status < 400 || status === 408 || status === 429 || status >= 500;

/** More calls at once than the account may have, which for a new one are few. */
const TOO_MANY_CALLS = 10_004;

/** A fault in the product's terms: `call-refused`, or `call-failed` when it is transient. */
export const toPhoneError = (fault: PhoneFault): AppError => {
  const code = fault.code !== null && /^\d+$/.test(fault.code) ? Number(fault.code) : null;
  if (fault.status === 429 || code === TOO_MANY_CALLS) return failed(ALL_BUSY, fault);
  if (fault.status === null || isTransient(fault)) return failed(NOT_RESPONDING, fault);
  return refused(
    sentenceOfCode(code) ?? sentenceOfStatus(fault.status) ?? refusedWith(code ?? fault.status),
    fault,
  );
};

const failed = (userMessage: string, cause: PhoneFault): AppError =>
  new AppError({ code: 'call-failed', retryable: true, userMessage, cause });

export const refused = (userMessage: string, cause?: PhoneFault): AppError =>
  new AppError({ code: 'call-refused', retryable: false, userMessage, cause });

export const callOver = (): AppError => refused(CALL_OVER);

/** 21220: the call is not in a state for what was requested, as far as the network knows by then. */
export const isCallStateRefused = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof PhoneFault && error.cause.code === '21220';

export const recordingGone = (cause: PhoneFault): AppError =>
  new AppError({ code: 'recording-gone', retryable: false, userMessage: RECORDING_GONE, cause });

/** The network redirected to a host that is not its own. */
export const recordingElsewhere = (): AppError =>
  new AppError({ code: 'call-failed', retryable: false, userMessage: RECORDING_ELSEWHERE });

export const recordingTooLarge = (): AppError =>
  new AppError({ code: 'recording-too-large', retryable: false, userMessage: RECORDING_TOO_LARGE });

export const stopped = (): AppError =>
  new AppError({ code: 'unexpected', retryable: true, userMessage: STOPPED });
