/**
 * What went wrong, in the product's terms. A vendor's error is wrapped once, in its adapter; everything that
 * reaches a boundary is one of these, and its `userMessage` is what the person reads.
 */
export const ERROR_CODES = [
  'recording-empty', // zero bytes
  'not-a-recording', // the content is neither audio nor video
  'recording-unreadable', // a media file that the engine cannot decode: truncated, corrupt
  'recording-too-large',
  'recording-gone', // deleted, or no longer shared with Parley
  'no-speech', // decoded, and nobody says anything
  'no-file-access', // a missing scope or permission in the chat service
  'not-in-channel',
  'channel-archived',
  'link-refused', // an address that Parley must not fetch
  'link-failed', // a public address that did not give a file
  'engine-busy', // the speech engine's rate or concurrency limit
  'engine-refused', // bad key, no credit
  'engine-failed',
  'chat-failed',
  'chart-failed',
  'media-failed', // no media worker, or its ports are taken
  'call-refused', // the telephone network will not ring this number, or not for us
  'call-failed', // the telephone network is not there, or lost something
  'unexpected',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whether nothing can be shown in a channel, whatever it is. What is meant for one person may reach them elsewhere. */
export const isChannelUnreachable = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'not-in-channel' || error.code === 'channel-archived');

const TRY_AGAIN = 'Please try again in a few minutes.';
const BY_ITSELF = 'Parley tries again by itself.';

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Whether the same thing may work later. Retries follow this and never the text of a message. */
  readonly retryable: boolean;
  /** For the person, once it is over: what happened and what to do. Never holds a secret. */
  readonly userMessage: string;
  /** The same while Parley tries again by itself, when there is nothing to do but wait. */
  readonly waitingMessage: string;
  /** When the other side said how long to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(options: {
    code: ErrorCode;
    retryable: boolean;
    /**
     * What happened, as whole sentences, and what to do; for something retryable without what to do, because that
     * depends on whether Parley tries again by itself, and is added here.
     */
    userMessage: string;
    retryAfterMs?: number | undefined;
    cause?: unknown;
  }) {
    super(options.code, { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.retryable = options.retryable;
    this.userMessage = options.retryable ? `${options.userMessage} ${TRY_AGAIN}` : options.userMessage;
    this.waitingMessage = `${options.userMessage} ${BY_ITSELF}`;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Any thrown thing as an `AppError`. What nobody foresaw is retried: most such faults pass. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError({
        code: 'unexpected',
        retryable: true,
        userMessage: 'Something went wrong on Parley’s side. Your recording is untouched.',
        cause: error,
      });
