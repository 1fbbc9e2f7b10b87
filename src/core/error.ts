/** What went wrong, in the product's terms. A vendor's error is wrapped once, in its adapter. */
export const ERROR_CODES = [
  'recording-empty', // zero bytes
  'not-a-recording', // the content is neither audio nor video
  'recording-unreadable', // a media file that the engine cannot decode: truncated, corrupt
  'recording-too-large',
  'recording-gone', // deleted, or no longer shared with Parley
  'recording-deleted', // deleted for certain, by someone who may
  'no-speech', // decoded, and no one speaks
  'no-file-access', // a missing scope or permission in the chat service
  'not-in-channel',
  'channel-archived',
  'edit-refused', // a message that the chat service does not let Parley change any more
  'file-refused', // the chat service takes no such file from Parley: a setting of the workspace
  'link-refused', // a URL that Parley must not fetch
  'link-failed', // a public URL without a file
  'engine-busy', // the speech engine's rate or concurrency limit
  'engine-refused', // bad key, no credit
  'engine-failed',
  'chat-failed',
  'chart-failed',
  'media-failed', // no media worker, or its ports are taken
  'call-refused', // the phone provider does not dial this number, or not for us
  'call-failed', // the phone provider is unavailable, or lost something
  'unexpected',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Whether Parley cannot post in a channel at all. A message for one person may still be sent directly. */
export const isChannelUnreachable = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'not-in-channel' || error.code === 'channel-archived');

/** Whether the workspace takes no such file from Parley, so that its content has to be shown otherwise. */
export const isRefusedFile = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'file-refused';

/** Whether a message or a file is not there any more. */
export const isGone = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'recording-gone' || error.code === 'recording-deleted');

const TRY_AGAIN = 'Try again in a few minutes.';
const RETRIES_ITSELF = 'Parley will retry automatically.';

export class AppError extends Error {
  readonly code: ErrorCode;
  /** Whether the same may succeed later. Retries depend on this, never on the text of a message. */
  readonly retryable: boolean;
  /** For the person, when it is final: what happened and what to do. Without secrets. */
  readonly userMessage: string;
  /** The same for an admin of the workspace, who can change what stands in the way; null where nobody there can. */
  readonly adminMessage: string | null;
  /** The same while Parley retries. */
  readonly waitingMessage: string;
  /** When the other side asked to wait. */
  readonly retryAfterMs: number | undefined;
  /** How often the same is worth trying in all, when that is less than usual. */
  readonly maxAttempts: number | undefined;

  constructor(options: {
    code: ErrorCode;
    retryable: boolean;
    /**
     * What happened, as whole sentences, and what to do. For a retryable error without what to do, which depends on
     * whether Parley retries, and is added here.
     */
    userMessage: string;
    adminMessage?: string | undefined;
    retryAfterMs?: number | undefined;
    maxAttempts?: number | undefined;
    cause?: unknown;
  }) {
    super(options.code, { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.retryable = options.retryable;
    this.userMessage = options.retryable ? `${options.userMessage} ${TRY_AGAIN}` : options.userMessage;
    this.adminMessage = options.adminMessage ?? null;
    this.waitingMessage = `${options.userMessage} ${RETRIES_ITSELF}`;
    this.retryAfterMs = options.retryAfterMs;
    this.maxAttempts = options.maxAttempts;
  }
}

/** Anything thrown as an `AppError`. Unexpected faults are retried: most are transient. */
export const toAppError = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError({
        code: 'unexpected',
        retryable: true,
        userMessage: 'Something went wrong on our side.',
        cause: error,
      });
