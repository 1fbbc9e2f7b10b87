import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly port: number;
  /** Oldest first. */
  readonly requests: readonly IncomingMessage[];
  /** Connections that were opened, with or without a request. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A web server on a free port of 127.0.0.1. */
export const startFileServer = async (
  listener: RequestListener,
  options: { readonly maxHeaderSize?: number } = {},
): Promise<FileServer> => {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer(options, (request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get connections() {
      return connections;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
