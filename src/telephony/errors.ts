import { z } from 'zod';
import { AppError } from '../core/error.ts';
import { sentenceOfCode, sentenceOfStatus } from './sentences.ts';

/**
 * What may be kept of the network's error: its status and its code. The SDK's errors hold more than a log may have
 * (numbers in messages, the credentials in the request), so they never leave this file.
 */
export class PhoneFault extends Error {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly code: string | null;

  constructor(status: number | null, code: string | null) {
    super(`telephone network: ${status ?? 'no answer'}${code === null ? '' : ` ${code}`}`);
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

/** The network was too busy, in trouble or not there: the same may work in a moment. */
export const mayPass = ({ status }: PhoneFault): boolean =>
  status === null || status < 400 || status === 408 || status === 429 || status >= 500;

/** More calls at once than the account may have. */
const AT_ONCE = new Set([10_004, 21_405]);

/** A fault in the product's terms: `call-refused`, or `call-failed` when it may pass. */
export const toPhoneError = (fault: PhoneFault): AppError => {
  const code = fault.code !== null && /^\d+$/.test(fault.code) ? Number(fault.code) : null;
  if (fault.status === 429 || (code !== null && AT_ONCE.has(code))) {
    return failed('The telephone network takes no more calls from Parley right now.', fault);
  }
  if (fault.status === null || mayPass(fault)) {
    return failed('The telephone network does not answer as it should.', fault);
  }
  const sentence = sentenceOfCode(code) ?? sentenceOfStatus(fault.status);
  return refused(
    sentence ??
      `The telephone network refused (its error ${code ?? fault.status}). Please ask whoever runs Parley to look it up.`,
    fault,
  );
};

const failed = (userMessage: string, cause: PhoneFault): AppError =>
  new AppError({ code: 'call-failed', retryable: true, userMessage, cause });

export const refused = (userMessage: string, cause?: PhoneFault): AppError =>
  new AppError({ code: 'call-refused', retryable: false, userMessage, cause });

export const recordingGone = (cause: PhoneFault): AppError =>
  new AppError({
    code: 'recording-gone',
    retryable: false,
    userMessage: 'The telephone network does not have the recording of this call any more.',
    cause,
  });

/** The network led elsewhere, where nothing of ours is to be fetched. */
export const recordingElsewhere = (): AppError =>
  new AppError({
    code: 'call-failed',
    retryable: false,
    userMessage:
      'The telephone network leads to an address that is not its own for the recording, which Parley does not follow.',
  });

export const recordingTooLarge = (): AppError =>
  new AppError({
    code: 'recording-too-large',
    retryable: false,
    userMessage: 'The recording of this call is larger than 2 GB, more than Parley takes.',
  });

export const stopped = (): AppError =>
  new AppError({
    code: 'unexpected',
    retryable: true,
    userMessage: 'Parley was stopped while it spoke with the telephone network.',
  });
