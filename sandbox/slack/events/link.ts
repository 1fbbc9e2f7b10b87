import type { Json } from '../types.ts';

/** A connection to the app: Socket Mode or HTTP. */
export interface AppLink {
  /** Delivers an event. Rejects with `Undelivered` unless the app acknowledges it within 3 s. */
  deliver(body: Json, retry: { readonly attempt: number; readonly reason: string | null }): Promise<void>;
  /**
   * Sends a command or an interaction and waits for the acknowledgement, whose body it returns (null for an empty
   * one). Rejects with `Undelivered` after 3 s.
   */
  ask(kind: 'slash_commands' | 'interactive', body: Json): Promise<unknown>;
  /** Whether the app is reachable now. */
  connected(): boolean;
}

/** Slack's own limit for an acknowledgement. @see https://docs.slack.dev/interactivity/handling-user-interaction */
export const ACK_TIMEOUT_MS = 3000;

export type UndeliveredReason =
  | 'http_timeout'
  | 'http_error'
  | 'connection_failed'
  | 'timeout'
  | 'no_connection'
  | 'connection_closed';

export class Undelivered extends Error {
  readonly reason: UndeliveredReason;
  /** The app asked by a header for no more attempts. */
  readonly final: boolean;

  constructor(reason: UndeliveredReason, options: { final?: boolean; cause?: unknown } = {}) {
    super(`The app did not take a delivery: ${reason}`, { cause: options.cause });
    this.name = 'Undelivered';
    this.reason = reason;
    this.final = options.final ?? false;
  }
}

/** What Slack shows when the app does not answer a command or a click. */
export const dispatchError = (error: unknown): string =>
  error instanceof Undelivered && (error.reason === 'timeout' || error.reason === 'http_timeout')
    ? 'operation_timeout'
    : 'dispatch_failed';
