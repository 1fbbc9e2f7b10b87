import { setTimeout as delay } from 'node:timers/promises';
import type { SocketModeReceiver } from '@slack/bolt';
import { AppError } from '../core/error.ts';
import type { Log } from '../core/ports.ts';
import { toSlackRefusal } from './api/errors.ts';
import { TOKEN_REFUSED } from './api/refusal.ts';
import { SLACK_ERRORS } from './sentences/errors.ts';

type SocketModeClient = SocketModeReceiver['client'];

/** From asking for an address to Slack's hello. Slack takes a second; without a bound a lost hello waits forever. */
const CONNECT_TIMEOUT_MS = 15_000;
const CLOSE_TIMEOUT_MS = 1_000;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 30_000;

export interface SocketConnection {
  /** Resolves after the first attempt; what failed in transient goes on by itself. @throws {AppError} a refused token. */
  start(): Promise<void>;
  connected(): boolean;
  close(): Promise<void>;
}

/**
 * Keeps a Socket Mode connection open. The SDK's own reconnecting is off: it waits five seconds at every of
 * Slack's routine refreshes, and with the API down it gives up for good through an unhandled rejection.
 */
export const createSocketConnection = (client: SocketModeClient, log: Log): SocketConnection => {
  const closing = new AbortController();
  let connected = false;
  let running: Promise<void> = Promise.resolve();

  const connect = async (): Promise<void> => {
    const timer = setTimeout(() => void client.disconnect(), CONNECT_TIMEOUT_MS);
    try {
      await client.start();
    } finally {
      clearTimeout(timer);
    }
  };

  const keepOpen = async (firstAttempt: (outcome: unknown) => void): Promise<void> => {
    let waitMs = FIRST_WAIT_MS;
    while (!closing.signal.aborted) {
      const { promise: lost, resolve } = Promise.withResolvers<void>();
      client.once('disconnected', resolve);
      try {
        await connect();
        connected = true;
        waitMs = FIRST_WAIT_MS;
        firstAttempt(null);
        log.info({}, 'connected to Slack');
        await lost;
        connected = false;
        // Slack renews connections every few hours: the next one opens at once.
        continue;
      } catch (error) {
        client.off('disconnected', resolve);
        log.warn({ err: error, waitMs }, 'no connection to Slack');
        firstAttempt(error);
      }
      await delay(waitMs, undefined, { signal: closing.signal }).catch(() => {});
      waitMs = Math.min(waitMs * 2, MAX_WAIT_MS);
    }
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
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      connected = false;
      // A peer that never answers the closing handshake is not waited for.
      await Promise.race([client.disconnect(), delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      await Promise.race([running, delay(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    },
  };
};
