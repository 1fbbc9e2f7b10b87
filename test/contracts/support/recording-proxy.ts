import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it was sent, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of a form; empty for other bodies. */
  readonly form: URLSearchParams;
  readonly status: number;
  readonly type: string;
  /** Parsed where it is JSON; else null. */
  readonly json: unknown;
}

/** Passes requests on to `target`, and remembers each with its answer. */
export const openRecordingProxy = async (target: () => string) => {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    void pass(request).then(({ status, type, body }) => {
      response.writeHead(status, type === '' ? {} : { 'content-type': type }).end(body);
    });
  });
  const pass = async (request: IncomingMessage) => {
    const sent = Buffer.concat(await request.toArray());
    const { method = 'GET', url = '/', headers } = request;
    const answer = await fetch(`${target()}${url}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        ...(headers['content-type'] === undefined ? {} : { 'content-type': headers['content-type'] }),
      },
      ...(sent.length === 0 ? {} : { body: sent }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    const { pathname, searchParams } = new URL(url, 'http://proxy');
    exchanges.push({
      method,
      path: pathname,
      query: searchParams,
      form: new URLSearchParams(isForm(headers['content-type']) ? sent.toString() : ''),
      status: answer.status,
      type,
      json: type.startsWith('application/json') ? JSON.parse(body.toString()) : null,
    });
    return { status: answer.status, type, body };
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

const isForm = (type: string | undefined): boolean =>
  type?.startsWith('application/x-www-form-urlencoded') === true;
