import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler, type Response, type Router } from 'express';
import type { Log } from '../core/ports.ts';
import type { Health } from './health.ts';
import { sendSentence } from './sentence-page.ts';
import { BAD_ADDRESS, NOT_FOUND, SOMETHING_WENT_WRONG } from './sentences.ts';
import type { Sockets } from './sockets.ts';

export interface HttpServer {
  /** `http://host:port`, with the bound port. */
  readonly url: string;
  close(): Promise<void>;
}

/** The one HTTP server. Slack's requests come before every body parser, since their signature covers raw bytes. */
export const startHttp = async (options: {
  host: string;
  port: number;
  slack: RequestListener | null;
  samples: Router;
  meetings: Router;
  doctor: Router;
  /** Null where phones are not set up. */
  telephony: Router | null;
  /** The first that accepts an upgrade handles it. */
  sockets: readonly Sockets[];
  metrics: { expose(): Promise<{ contentType: string; body: string }> };
  health: Health;
  log: Log;
}): Promise<HttpServer> => {
  const { slack, log } = options;
  const app = express();
  app.disable('x-powered-by');
  app.use((_request, response, next) => {
    response.set({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });
  if (slack !== null) app.use('/slack/events', (request, response) => slack(withFullPath(request), response));

  app.get('/healthz', async (_request, response) => {
    const [isStuck, missing] = await Promise.all([options.health.isStuck(), options.health.missing()]);
    sendStatus(response, isStuck ? 503 : 200, [isStuck ? 'stuck' : 'ok', ...missing.map(describeMissing)]);
  });
  app.get('/readyz', async (_request, response) => {
    const missing = await options.health.missing();
    const isReady = missing.length === 0;
    sendStatus(response, isReady ? 200 : 503, [
      isReady ? 'ready' : 'not ready',
      ...missing.map(describeMissing),
    ]);
  });
  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await options.metrics.expose();
    response.type(contentType).send(body);
  });
  app.use(options.samples);
  app.use(options.meetings);
  app.use(options.doctor);
  if (options.telephony !== null) app.use(options.telephony);
  app.use((_request, response) => sendSentence(response, 404, NOT_FOUND));

  const onError: ErrorRequestHandler = (error, _request, response, _next) => {
    if (isClientError(error) && !response.headersSent) {
      return sendSentence(response, error.status, BAD_ADDRESS);
    }
    log.error({ err: error }, 'a request failed');
    if (response.headersSent) response.destroy();
    else sendSentence(response, 500, SOMETHING_WENT_WRONG);
  };
  app.use(onError);

  const server = createServer(app);
  server.on('upgrade', (request, socket, head) => {
    if (!options.sockets.some((each) => each.upgrade(request, socket, head))) socket.destroy();
  });
  // Longer than load balancers keep idle connections, so that none is reset during a request.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 30_000;
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const sockets of options.sockets) sockets.close();
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2_000).unref();
      await closed;
    },
  };
};

const describeMissing = (name: string): string => `${name}: not working`;

const sendStatus = (response: Response, status: number, lines: readonly string[]): void =>
  void response
    .status(status)
    .type('text')
    .send(`${lines.join('\n')}\n`);

/** Express, or its parsers, reject malformed requests so: `%` without a number after it. */
const isClientError = (error: unknown): error is { status: number } =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status >= 400 &&
  error.status < 500;

/** Express cuts the mount path off `url`; Bolt's receiver expects to see the path Slack called. */
const withFullPath = <R extends { url: string; originalUrl: string }>(request: R): R => {
  request.url = request.originalUrl;
  return request;
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
