import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** One request on its way between Parley and whoever it talks to, named for what it is about. */
export interface Passage {
  /** A method of Slack's, or `event`, `download`, `upload`, `listen`, `chart`. */
  readonly name: string;
  /** Before it is passed on; with half of the answer sent; when it was done and nobody has been told. */
  readonly when: 'before' | 'midway' | 'after';
  readonly body: Buffer;
  /** Of the answer, `after` it. */
  readonly status: number | null;
}

export interface Tap {
  readonly url: string;
  /** Sees every passage, in order; false breaks the connection there and then. */
  onPass(watch: (passage: Passage) => boolean | Promise<boolean>): void;
  close(): Promise<void>;
}

/** What the tap stands in front of; the events' way leads to Parley, and the others away from it. */
export interface TapTargets {
  readonly slack: () => string;
  readonly parley: () => string;
  readonly engine: () => string;
  readonly charts: () => string;
}

/**
 * A proxy through which all of Parley's traffic goes, so that a test knows what has happened and what has not at
 * the moment it chooses. Bodies are held whole, so recordings must be small.
 */
export const startTap = async (targets: TapTargets): Promise<Tap> => {
  let watch: (passage: Passage) => boolean | Promise<boolean> = () => true;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    const name = nameOf(path);
    const body = await whole(request);
    if (name === null) {
      answer(response, await pass(request, targets.slack(), body));
      return;
    }
    const seen = { name, body };
    if (!(await watch({ ...seen, when: 'before', status: null }))) return void request.socket.destroy();
    const target = name === 'event' ? targets.parley() : targetOf(name, targets);
    const answered = await pass(request, target, body);
    if (name === 'download') {
      const half = answered.body.subarray(0, answered.body.length / 2);
      response.writeHead(answered.status, answered.headers).write(half);
      const goOn = await watch({ ...seen, when: 'midway', status: answered.status });
      return void (goOn ? response.end(answered.body.subarray(half.length)) : request.socket.destroy());
    }
    if (await watch({ ...seen, when: 'after', status: answered.status })) answer(response, answered);
    else request.socket.destroy();
  };

  const server = createServer((request, response) => {
    // Who is not there, or goes away in the middle, shows as a broken connection on the other side.
    handle(request, response).catch(() => request.socket.destroy());
  });
  // Socket Mode passes as it is.
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
    onPass(next) {
      watch = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

/** Null for what is none of Parley's business: the people's side of the workspace. */
const nameOf = (path: string): string | null => {
  if (path.startsWith('/api/')) return path.slice('/api/'.length).split('?')[0] ?? null;
  if (path.startsWith('/slack/events')) return 'event';
  if (path.startsWith('/files-pri/')) return 'download';
  if (path.startsWith('/upload/')) return 'upload';
  if (path.startsWith('/v1/listen')) return 'listen';
  if (path.startsWith('/chart')) return 'chart';
  return null;
};

const targetOf = (name: string, { slack, engine, charts }: TapTargets): string =>
  name === 'listen' ? engine() : name === 'chart' ? charts() : slack();

interface Answered {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

const pass = async (request: IncomingMessage, target: string, body: Buffer): Promise<Answered> => {
  const { 'transfer-encoding': _framing, expect: _expect, ...headers } = request.headers;
  const onward = send(`${target}${request.url}`, {
    method: request.method ?? 'GET',
    headers: { ...headers, ...(body.length === 0 ? {} : { 'content-length': body.length }) },
    agent: false,
  });
  onward.end(body);
  const [answered] = (await once(onward, 'response')) as [IncomingMessage];
  return { status: answered.statusCode ?? 0, headers: answered.headers, body: await whole(answered) };
};

const answer = (response: ServerResponse, { status, headers, body }: Answered): void => {
  const { 'transfer-encoding': _framing, connection: _hop, ...kept } = headers;
  response.writeHead(status, kept).end(body);
};

const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
