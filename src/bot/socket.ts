import type { SocketModeReceiver } from '@slack/bolt';
import { AppError } from '../core/error.ts';
import type { Clock, Log } from '../core/ports.ts';
import { backoffMs } from '../core/retry.ts';
import { toSlackRefusal } from './api/errors.ts';
import { TOKEN_REFUSED } from './api/refusal.ts';
import { SLACK_ERRORS } from './sentences/errors.ts';

type SocketModeClient = SocketModeReceiver['client'];

/** From the request for an address to Slack's hello. Slack takes a second; without a limit a lost hello waits forever. */
const CONNECT_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 1_000;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

export interface SocketConnection {
  /** Resolves after the first attempt; later ones follow by themselves. @throws {AppError} a refused token */
  start(): Promise<void>;
  connected(): boolean;
  /** Idempotent: each call resolves once the connection is closed. */
  close(): Promise<void>;
}

/**
 * Keeps a Socket Mode connection open. The SDK's own reconnecting is off: it waits five seconds at each of Slack's
 * routine refreshes, and with the API down it gives up for good with an unhandled rejection.
 */
export const createSocketConnection = (
  client: SocketModeClient,
  { clock, log }: { clock: Clock; log: Log },
): SocketConnection => {
  const closing = new AbortController();
  let connected = false;
  let running: Promise<void> = Promise.resolve();
  let closed: Promise<void> | null = null;

  const connect = async (): Promise<void> => {
    const cancelTimeout = clock.after(CONNECT_TIMEOUT_MS, () => void client.disconnect());
    try {
      await client.start();
    } finally {
      cancelTimeout();
    }
  };

  const keepOpen = async (onFirstAttempt: (error: unknown) => void): Promise<void> => {
    let failures = 0;
    while (!closing.signal.aborted) {
      const { promise: lost, resolve } = Promise.withResolvers<void>();
      client.once('disconnected', resolve);
      try {
        await connect();
        connected = true;
        failures = 0;
        onFirstAttempt(null);
        log.info({}, 'connected to Slack');
        await lost;
        connected = false;
      } catch (error) {
        client.off('disconnected', resolve);
        failures += 1;
        const waitMs = backoffMs(failures, { firstMs: FIRST_WAIT_MS, longestMs: MAX_WAIT_MS });
        log.warn({ err: error, waitMs }, 'no connection to Slack');
        onFirstAttempt(error);
        await clock.sleep(waitMs, closing.signal).catch(() => {});
      }
    }
  };

  /** A peer that never completes the closing handshake is not waited for. */
  const closeWithin = async (work: Promise<void>): Promise<void> => {
    const { promise: expired, resolve } = Promise.withResolvers<void>();
    const cancel = clock.after(CLOSE_TIMEOUT_MS, resolve);
    await Promise.race([work, expired]).finally(cancel);
  };

  return {
    async start() {
      const { promise: first, resolve } = Promise.withResolvers<unknown>();
      running = keepOpen(resolve);
      const error = await first;
      if (error === null || closing.signal.aborted) return;
      if (!TOKEN_REFUSED.has(toSlackRefusal('auth.test', error).slackCode)) return;
      closing.abort();
      throw new AppError({
        code: 'chat-failed',
        retryable: false,
        userMessage: SLACK_ERRORS.badAppToken,
        cause: error,
      });
    },
    connected: () => connected,
    close() {
      closed ??= (async () => {
        closing.abort();
        connected = false;
        await closeWithin(client.disconnect());
        await closeWithin(running);
      })();
      return closed;
    },
  };
};
