import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** A request between Parley and a service, at one stage. */
export interface ProxiedRequest {
  /** A Slack method, or `event`, `download`, `upload`, `listen`, `chart`. */
  readonly name: string;
  /** Before it is forwarded; with half of the response sent; or after it, with no response sent yet. */
  readonly when: 'before' | 'midway' | 'after';
  readonly body: Buffer;
  /** Of the response; null `before` it. */
  readonly status: number | null;
}

export interface FaultProxy {
  readonly url: string;
  /** Called for every request at each stage; false closes the connection there. */
  onRequest(watch: (passage: ProxiedRequest) => boolean | Promise<boolean>): void;
  close(): Promise<void>;
}

/** Base URLs of what it forwards to: events go to Parley, everything else comes from Parley. */
export interface ProxyTargets {
  readonly slack: () => string;
  readonly parley: () => string;
  readonly engine: () => string;
  readonly charts: () => string;
}

/**
 * A proxy for all of Parley’s traffic, so that a test can break it at an exact point. Bodies are buffered whole, so
 * recordings must be small.
 */
export const startFaultProxy = async (targets: ProxyTargets): Promise<FaultProxy> => {
  let watch: (passage: ProxiedRequest) => boolean | Promise<boolean> = () => true;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const name = nameOf(path);
    const body = await whole(request);
    if (name === null) {
      respond(response, await forward(request, targets.slack(), body));
      return;
    }
    const seen = { name, body };
    if (!(await watch({ ...seen, when: 'before', status: null }))) return void request.socket.destroy();
    const target = name === 'event' ? targets.parley() : targetOf(name, targets);
    const forwarded = await forward(request, target, body);
    const received = name === 'download' ? await followed(forwarded) : forwarded;
    if (name === 'download') {
      const half = received.body.subarray(0, received.body.length / 2);
      response.writeHead(received.status, received.headers).write(half);
      const isAllowed = await watch({ ...seen, when: 'midway', status: received.status });
      return void (isAllowed ? response.end(received.body.subarray(half.length)) : request.socket.destroy());
    }
    if (await watch({ ...seen, when: 'after', status: received.status })) respond(response, received);
    else request.socket.destroy();
  };

  const server = createServer((request, response) => {
    // A service that is down, or closes in the middle, is a closed connection on the other side.
    handle(request, response).catch(() => request.socket.destroy());
  });
  // Socket Mode is forwarded unchanged.
  server.on('upgrade', (request, socket, head) => {
    const { port, hostname } = new URL(targets.slack());
    const onward = connect(Number(port), hostname, () => {
      const headers = request.rawHeaders.map((part, at) => (at % 2 === 0 ? `${part}: ` : `${part}\r\n`));
      onward.write(`GET ${request.url} HTTP/1.1\r\n${headers.join('')}\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const side of [onward, socket])
      side.on('error', () => [onward, socket].map((each) => each.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRequest(next) {
      watch = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** Null for the workspace’s control interface, which Parley does not use. */
const nameOf = (path: string): string | null => {
  if (path.startsWith('/api/')) return path.slice('/api/'.length).split('?')[0] ?? null;
  if (path.startsWith('/slack/events')) return 'event';
  if (path.startsWith('/files-pri/')) return 'download';
  if (path.startsWith('/upload/')) return 'upload';
  if (path.startsWith('/v1/listen')) return 'listen';
  if (path.startsWith('/chart')) return 'chart';
  return null;
};

const targetOf = (name: string, { slack, engine, charts }: ProxyTargets): string =>
  name === 'listen' ? engine() : name === 'chart' ? charts() : slack();

interface Response {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

const forward = async (request: IncomingMessage, target: string, body: Buffer): Promise<Response> => {
  const { 'transfer-encoding': _framing, expect: _expect, ...headers } = request.headers;
  const onward = send(`${target}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { ...headers, ...(body.length === 0 ? {} : { 'content-length': body.length }) },
    agent: false,
  });
  onward.end(body);
  const [received] = (await once(onward, 'response')) as [IncomingMessage];
  return { status: received.statusCode ?? 0, headers: received.headers, body: await whole(received) };
};

/** What a download ends with: the redirect to the file host is followed here, so that its bytes can be cut off. */
const followed = async (response: Response): Promise<Response> => {
  const { location } = response.headers;
  if (response.status !== 302 || typeof location !== 'string') return response;
  const [received] = (await once(send(location, { agent: false }).end(), 'response')) as [IncomingMessage];
  return { status: received.statusCode ?? 0, headers: received.headers, body: await whole(received) };
};

const respond = (response: ServerResponse, { status, headers, body }: Response): void => {
  const { 'transfer-encoding': _framing, connection: _hop, ...kept } = headers;
  response.writeHead(status, kept).end(body);
};

const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
