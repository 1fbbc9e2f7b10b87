import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../core/ports.ts';
import { type RenderRequest, renderRequestSchema } from './request.ts';
import { createRenderThread, RendererBusy, type RenderThread } from './thread.ts';

export interface ChartRenderer {
  /** For `createCharts`: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops the server and its thread; pending charts fail. Idempotent. */
  close(): Promise<void>;
}

/** A chart of 32 slices is about 5 KB. */
const MAX_BODY_BYTES = 64 * 1024;
/** At some 35 ms each, the last of a full queue is drawn within about 2 s. */
const MAX_PENDING = 64;

/**
 * The embedded renderer: the part of a QuickChart server that Parley uses, with the same Chart.js. Charts are data and
 * never run as code. `POST /chart` responds with a PNG, `GET /healthcheck` with 200.
 */
export const startChartRenderer = async ({
  host = '127.0.0.1',
  port = 0,
  log,
  maxPending = MAX_PENDING,
}: {
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  log: Log;
  /** Charts at once; more are refused with 503. */
  maxPending?: number;
}): Promise<ChartRenderer> => {
  const thread = createRenderThread({ log, maxPending });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void handle(request, response, thread, log);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await thread.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://${shown}:${address.port}`,
    close: () => (closing ??= close()),
  };
};

/** A client error and its status. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const handle = async (
  request: IncomingMessage,
  response: ServerResponse,
  thread: RenderThread,
  log: Log,
): Promise<void> => {
  try {
    const path = new URL(request.url ?? '/', 'http://renderer').pathname;
    if (path === '/healthcheck') return send(response, 200, 'application/json', '{"success":true}');
    if (path !== '/chart') throw new Refusal(404, 'There is only POST /chart and GET /healthcheck.');
    // QuickChart also takes charts in the URL, which would put names into access logs.
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      throw new Refusal(405, 'Charts must be posted.');
    }
    const png = await thread.render(parse(await readBody(request)));
    send(response, 200, 'image/png', png);
  } catch (error) {
    refuse(response, error, log);
  }
};

const parse = (body: string): RenderRequest => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The body must be JSON.');
  }
  const parsed = renderRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  // The path and the rule, never the value: it may be someone's name.
  throw new Refusal(
    400,
    `${issue.path.join('.') || 'chart'}: not a chart that can be drawn (${issue.code}).`,
  );
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // Kept open when reading stops early, because the refusal is sent over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Refusal(413, `A chart is at most ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const refuse = (response: ServerResponse, error: unknown, log: Log): void => {
  if (response.headersSent || response.destroyed) return;
  if (error instanceof Refusal) {
    // The rest of the body must not be read as the next request.
    if (error.status === 413) response.setHeader('connection', 'close');
    refusal(response, error.status, error.message);
  } else if (error instanceof RendererBusy) {
    response.setHeader('retry-after', '1');
    refusal(response, 503, error.message);
  } else {
    log.error(
      { error: error instanceof Error ? error.message : 'unknown' },
      'charts: a chart could not be drawn',
    );
    refusal(response, 500, 'The chart could not be drawn.');
  }
};

/** QuickChart has the reason in this header, and quickchart-js shows it. */
const refusal = (response: ServerResponse, status: number, sentence: string): void => {
  response.setHeader('x-quickchart-error', sentence.replace(/[^\x20-\x7e]/g, '?'));
  send(response, status, 'application/json', JSON.stringify({ success: false, message: sentence }));
};

const send = (response: ServerResponse, status: number, type: string, body: string | Uint8Array): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};
