import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTPReceiver, HTTPReceiverDeferredRequestError, SocketModeReceiver } from '@slack/bolt';
import type { Clock, Log } from '../core/ports.ts';
import { clientOptions, createSlackLogger } from './api/client.ts';
import { createSocketConnection, type SocketConnection } from './socket.ts';

export interface BotConfig {
  readonly botToken: string;
  readonly mode:
    | { readonly type: 'socket'; readonly appToken: string }
    | { readonly type: 'http'; readonly signingSecret: string };
  /** The Web API of Slack, or of a server that speaks it. Null or absent: Slack's. */
  readonly apiUrl?: string | null | undefined;
}

const ENDPOINT = '/slack/events';

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void;

/** How Slack reaches the bot: over Socket Mode, or over HTTP. One of `socket` and `listener` is null. */
export interface Transport {
  readonly receiver: SocketModeReceiver | HTTPReceiver;
  readonly socket: SocketConnection | null;
  readonly listener: RequestListener | null;
}

export const createTransport = (
  { mode }: BotConfig,
  apiUrl: string,
  { clock, log }: { clock: Clock; log: Log },
): Transport => {
  const logger = createSlackLogger(log);
  if (mode.type === 'socket') {
    const receiver = new SocketModeReceiver({
      appToken: mode.appToken,
      logger,
      autoReconnectEnabled: false,
      // Options of its own, because the SDK writes into them.
      installerOptions: { clientOptions: clientOptions(apiUrl, log) },
      // Logged by the app's own handler already; not acknowledged, so that Slack sends it again.
      processEventErrorHandler: async () => false,
    });
    return { receiver, socket: createSocketConnection(receiver.client, { clock, log }), listener: null };
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

/** Responds 503 until the bot has started, and 404 to what is not from Slack. */
export const gateUntilStarted =
  (listener: RequestListener, started: () => boolean): RequestListener =>
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
