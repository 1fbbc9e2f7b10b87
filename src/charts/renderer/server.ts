import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../core/ports.ts';
import { type RenderRequest, renderRequestSchema } from './request.ts';
import { createRenderThread, RendererBusy, type RenderThread } from './thread.ts';

export interface ChartRenderer {
  /** For `createCharts`: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Stops listening, ends the rendering thread; charts under way fail. */
  close(): Promise<void>;
}

/** A chart of 32 slices is about 5 KB. */
const MAX_BODY_BYTES = 64 * 1024;
/** At some 35 ms each, the last of a full queue is drawn within about 2 s. */
const MAX_WAITING = 64;

/**
 * The embedded renderer: the part of a QuickChart server that Parley uses, with the same Chart.js, and charts as
 * data that are never run as code. `POST /chart` answers a PNG; `GET /healthcheck` answers 200.
 */
export const startChartRenderer = async ({
  host = '127.0.0.1',
  port = 0,
  log,
  maxWaiting = MAX_WAITING,
}: {
  host?: string;
  /** 0 takes any free port. */
  port?: number;
  log: Log;
  /** Charts that may wait at once; more are answered 503. */
  maxWaiting?: number;
}): Promise<ChartRenderer> => {
  const thread = createRenderThread({ log, maxWaiting });
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    void answer(request, response, thread, log);
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

/** What the caller did wrong, with the status that says so. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const answer = async (
  request: IncomingMessage,
  response: ServerResponse,
  thread: RenderThread,
  log: Log,
): Promise<void> => {
  try {
    const path = new URL(request.url ?? '/', 'http://renderer').pathname;
    if (path === '/healthcheck') return send(response, 200, 'application/json', '{"success":true}');
    if (path !== '/chart') throw new Refusal(404, 'There is only POST /chart and GET /healthcheck.');
    // QuickChart also takes charts in the address; then names would stand in every access log.
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST');
      throw new Refusal(405, 'Charts are posted, never asked for by address.');
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
  // Where and what rule, never the offending value: it may be somebody's name.
  throw new Refusal(
    400,
    `${issue.path.join('.') || 'chart'}: not a chart that can be drawn (${issue.code}).`,
  );
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  // Left open when we stop early, because the refusal goes out over the same connection.
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
    // The rest of a body that was not read must not be taken for a next request.
    if (error.status === 413) response.setHeader('connection', 'close');
    refusal(response, error.status, error.message);
  } else if (error instanceof RendererBusy) {
    response.setHeader('retry-after', '1');
    refusal(response, 503, error.message);
  } else {
    log.error({ error: error instanceof Error ? error.message : 'unknown' }, 'a chart could not be drawn');
    refusal(response, 500, 'The chart could not be drawn.');
  }
};

/** QuickChart names its reason in this header, and quickchart-js shows it. */
const refusal = (response: ServerResponse, status: number, sentence: string): void => {
  response.setHeader('x-quickchart-error', sentence.replace(/[^\x20-\x7e]/g, '?'));
  send(response, status, 'application/json', JSON.stringify({ success: false, message: sentence }));
};

const send = (response: ServerResponse, status: number, type: string, body: string | Uint8Array): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
};
