import { App } from '@slack/bolt';
import type { Chat, Clock, Log, PublicWeb, Requests } from '../core/ports.ts';
import { createApi } from './api/api.ts';
import { clientOptions, createClient, createSlackLogger, DEFAULT_API_URL } from './api/client.ts';
import { createChat } from './chat.ts';
import { type Commands, commandNames } from './commands.ts';
import { createIdentity } from './identity.ts';
import { handleListenerFailure } from './listener-failure.ts';
import { registerListeners } from './listeners/index.ts';
import { acknowledgeAfterListeners } from './receiver.ts';
import { createReplies } from './replies.ts';
import { type BotConfig, createTransport, gateUntilStarted, type RequestListener } from './transport.ts';

export interface Bot {
  readonly chat: Chat;
  /** Starts to handle events. @throws {AppError} when Slack refuses a token; transient faults are retried. */
  start(requests: Requests): Promise<void>;
  /** Over HTTP: to be mounted at /slack/events, before any body parser. Null over Socket Mode. */
  readonly requestListener: RequestListener | null;
  /** Whether Slack can reach the bot: the socket is open, or over HTTP the token was accepted. */
  connected(): boolean;
  /** Accepts nothing more and waits for running listeners. Idempotent: each call resolves once all is closed. */
  close(): Promise<void>;
}

/** Listeners only write to the database and respond; what takes longer is a job. */
const CLOSE_GRACE_MS = 5_000;

/** The Slack app: events, commands and clicks become `Requests`, and the Chat port works through the Web API. */
export const createBot = async (parts: {
  config: BotConfig;
  commands: Commands;
  /** For downloads that Slack redirects to hosts of others. */
  web: PublicWeb;
  log: Log;
  clock: Clock;
}): Promise<Bot> => {
  const { config, web, log, clock } = parts;
  const apiUrl = (config.apiUrl ?? DEFAULT_API_URL).replace(/\/+$/, '');
  const { botToken } = config;
  const api = createApi({ client: createClient(botToken, apiUrl, log), clock, log });
  const replies = createReplies({ api, log });
  const commands = commandNames(parts.commands);
  let requests: Requests | null = null;
  const identity = createIdentity({ api, botToken, clock, log });
  const chat = createChat({
    api,
    replies,
    botToken,
    apiUrl,
    commands,
    identity,
    requests: () => requests,
    web,
    clock,
    log,
  });
  const closing = new AbortController();
  let closed: Promise<void> | null = null;

  const transport = createTransport(config, apiUrl, { clock, log });
  const receiver = acknowledgeAfterListeners(transport.receiver, { clock, log });
  const app = new App({
    receiver,
    // With `token`, Bolt would request its identity at once, and no one could catch the failure.
    authorize: () => identity.get(),
    logger: createSlackLogger(log),
    clientOptions: clientOptions(apiUrl, log),
    convoStore: false,
    extendedErrorHandler: true,
  });
  app.error(handleListenerFailure({ replies, log }));

  return {
    chat,
    requestListener:
      transport.listener === null ? null : gateUntilStarted(transport.listener, () => requests !== null),
    async start(given) {
      if (requests !== null) return;
      await identity.check();
      void identity.retryUntilKnown(closing.signal);
      requests = given;
      registerListeners(app, { requests: given, chat, api, replies, commands, clock, log });
      await transport.socket?.start();
    },
    connected: () => transport.socket?.connected() ?? (requests !== null && identity.known()),
    close() {
      closed ??= (async () => {
        closing.abort();
        // The connection closes last: events that are being handled are acknowledged over it.
        await receiver.drain(CLOSE_GRACE_MS);
        await transport.socket?.close();
      })();
      return closed;
    },
  };
};
