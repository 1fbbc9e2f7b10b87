import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { App, HTTPReceiver, HTTPReceiverDeferredRequestError, SocketModeReceiver } from '@slack/bolt';
import { z } from 'zod';
import type { Chat, Log, Requests, WallClock } from '../core/ports.ts';
import { type Api, createApi } from './api/api.ts';
import { clientOptions, createClient, createSlackLogger, DEFAULT_API_URL } from './api/client.ts';
import { SlackRefusal, TOKEN_REFUSED } from './api/refusal.ts';
import { createChat } from './chat.ts';
import { registerListeners } from './listeners/index.ts';
import { acknowledgeAfterListeners } from './receiver.ts';
import { createReplies } from './replies.ts';
import { createSocketConnection, type SocketConnection } from './socket.ts';

export interface BotConfig {
  readonly botToken: string;
  readonly mode:
    | { readonly type: 'socket'; readonly appToken: string }
    | { readonly type: 'http'; readonly signingSecret: string };
  /** The Web API of Slack, or of a server that speaks it. Null or absent: Slack's. */
  readonly apiUrl?: string | null | undefined;
}

export interface Bot {
  readonly chat: Chat;
  /** Begins to listen. @throws {AppError} when Slack refuses a token; everything that passes is waited out. */
  start(requests: Requests): Promise<void>;
  /** Over HTTP: to be mounted at /slack/events, before any body parser. Null over Socket Mode. */
  readonly requestListener: ((request: IncomingMessage, response: ServerResponse) => void) | null;
  /** Whether Slack can reach the bot: the socket is open, or over HTTP the token was accepted. */
  connected(): boolean;
  /** Stops listening and lets running listeners end. Idempotent. */
  close(): Promise<void>;
}

const ENDPOINT = '/slack/events';
/** Listeners only write to the database and answer; what takes longer is a job. */
const CLOSE_GRACE_MS = 5_000;
/** How soon a Slack that did not answer at the start is asked again. */
const IDENTITY_RETRY_MS = 2_000;

/** The Slack app: Slack's calls become `Requests`, and the Chat port speaks through its Web API. */
export const createBot = async (parts: { config: BotConfig; log: Log; clock: WallClock }): Promise<Bot> => {
  const { config, log, clock } = parts;
  const apiUrl = (config.apiUrl ?? DEFAULT_API_URL).replace(/\/+$/, '');
  const { botToken } = config;
  const api = createApi({ client: createClient(botToken, apiUrl, log), log });
  const replies = createReplies({ api, log });
  let requests: Requests | null = null;
  const closing = new AbortController();
  const chat = createChat({ api, replies, botToken, apiUrl, requests: () => requests, clock, log });

  const transport = createTransport(config, apiUrl, log);
  const receiver = acknowledgeAfterListeners(transport.receiver, log);
  const identity = createIdentity(api, botToken);
  const app = new App({
    receiver,
    // With `token`, Bolt would ask Slack who it is at once, and a failure would be nobody's to catch.
    authorize: identity.get,
    logger: createSlackLogger(log),
    clientOptions: clientOptions(apiUrl, log),
    convoStore: false,
  });
  app.error(async (error) => {
    log.error({ err: error }, 'a listener failed');
    // Thrown on, so that an event is not acknowledged and comes again.
    throw error;
  });

  return {
    chat,
    requestListener:
      transport.listener === null ? null : gateUntilStarted(transport.listener, () => requests !== null),
    async start(given) {
      if (requests !== null) return;
      await identity.check(log);
      void identity.retryUntilKnown(closing.signal);
      requests = given;
      registerListeners(app, { requests: given, chat, api, replies, log });
      await transport.socket?.start();
    },
    connected: () => transport.socket?.connected() ?? (requests !== null && identity.known()),
    async close() {
      // The connection closes last, since what is being worked on is still to be acknowledged over it.
      await receiver.drain(CLOSE_GRACE_MS);
      await transport.socket?.close();
    },
  };
};

interface Transport {
  readonly receiver: SocketModeReceiver | HTTPReceiver;
  readonly socket: SocketConnection | null;
  readonly listener: ((request: IncomingMessage, response: ServerResponse) => void) | null;
}

const createTransport = ({ mode }: BotConfig, apiUrl: string, log: Log): Transport => {
  const logger = createSlackLogger(log);
  if (mode.type === 'socket') {
    const receiver = new SocketModeReceiver({
      appToken: mode.appToken,
      logger,
      autoReconnectEnabled: false,
      // Options of its own, because it writes into them.
      installerOptions: { clientOptions: clientOptions(apiUrl, log) },
      // Logged by the app's own handler already; not acknowledged, so that Slack sends it again.
      processEventErrorHandler: async () => false,
    });
    return { receiver, socket: createSocketConnection(receiver.client, log), listener: null };
  }
  const receiver = new HTTPReceiver({
    signingSecret: mode.signingSecret,
    endpoints: ENDPOINT,
    logger,
    processEventErrorHandler: async ({ response }) => {
      if (!response.headersSent) response.writeHead(500).end();
      return true;
    },
  });
  return {
    receiver,
    socket: null,
    listener: (request, response) => receiver.requestListener(request, response),
  };
};

/** Turns requests away until somebody is there to take them, and what is not Slack's call at all. */
const gateUntilStarted =
  (
    listener: NonNullable<Transport['listener']>,
    started: () => boolean,
  ): NonNullable<Transport['listener']> =>
  (request, response) => {
    if (!started()) {
      response.writeHead(503, { 'retry-after': '5' }).end();
      return;
    }
    try {
      listener(request, response);
    } catch (error) {
      if (!(error instanceof HTTPReceiverDeferredRequestError)) throw error;
      response.writeHead(404).end();
    }
  };

const Identity = z.object({ bot_id: z.string(), user_id: z.string() });

/** Who the bot is, asked of Slack once it answers and kept from then on. */
const createIdentity = (api: Api, botToken: string) => {
  let known: { botToken: string; botId: string; botUserId: string } | null = null;
  const get = async () => {
    if (known !== null) return known;
    const { bot_id, user_id } = await api.call('auth.test', {}, Identity);
    known = { botToken, botId: bot_id, botUserId: user_id };
    return known;
  };
  return {
    get,
    known: () => known !== null,
    /** @throws {SlackRefusal} when Slack refuses the token; a Slack that cannot be reached is asked again later. */
    async check(log: Log): Promise<void> {
      try {
        await get();
      } catch (error) {
        if (error instanceof SlackRefusal && TOKEN_REFUSED.has(error.slackCode)) throw error;
        log.warn({ err: error }, 'Slack cannot be asked who the bot is');
      }
    },
    /**
     * Until Slack answers: events would ask too, but over HTTP none come before Parley is ready, and it is not
     * ready before it knows.
     */
    async retryUntilKnown(signal: AbortSignal): Promise<void> {
      while (known === null && !signal.aborted) {
        await delay(IDENTITY_RETRY_MS, undefined, { signal, ref: false }).catch(() => {});
        if (!signal.aborted) await get().catch(() => {});
      }
    },
  };
};
