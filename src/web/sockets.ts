import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../core/ports.ts';

/** The WebSockets of one part of Parley. */
export interface Sockets {
  /** Handles the upgrade if its path is one of its own; false otherwise. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Closes every connection. Idempotent. */
  close(): void;
}

/** The WebSockets of pages with a signed link: `/PREFIX/TOKEN/socket`. */
export const createPageSockets = <Visitor>(options: {
  readonly prefix: string;
  /** Whom the token is for; null refuses the connection. */
  readonly verify: (token: string, request: IncomingMessage) => Promise<Visitor | null>;
  /** Messages and the end of the connection are delivered once this resolves. */
  readonly serve: (ws: WebSocket, visitor: Visitor, token: string) => void | Promise<void>;
  readonly server: ServerOptions;
  readonly log: Log;
}): Sockets => {
  const { prefix, verify, serve, log } = options;
  const path = new RegExp(`^/${prefix}/([^/?]+)/socket$`);
  const server = new WebSocketServer({ ...options.server, noServer: true });

  const open = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    token: string,
  ): Promise<void> => {
    const visitor = await verify(token, request);
    if (visitor === null) return refuseUpgrade(socket, '403 Forbidden');
    server.handleUpgrade(request, socket, head, (ws) => void serveVisitor(ws, visitor, token));
  };
  const serveVisitor = async (ws: WebSocket, visitor: Visitor, token: string): Promise<void> => {
    ws.pause();
    try {
      await serve(ws, visitor, token);
      ws.resume();
    } catch (error) {
      log.error({ err: error, prefix }, 'the socket of a page could not be served');
      ws.terminate();
    }
  };

  return {
    upgrade(request, socket, head) {
      const token = path.exec(request.url ?? '')?.[1];
      if (token === undefined) return false;
      socket.on('error', () => socket.destroy());
      open(request, socket, head, token).catch((error: unknown) => {
        log.error({ err: error, prefix }, 'the socket of a page could not be opened');
        socket.destroy();
      });
      return true;
    },
    close: () => closeSockets(server),
  };
};

export const refuseUpgrade = (socket: Duplex, status: '403 Forbidden' | '503 Service Unavailable'): void => {
  // The HTTP server does not track it any more: a client that never closes would keep it, and Parley from stopping.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Closes every connection, and accepts no more. */
export const closeSockets = (server: WebSocketServer): void => {
  for (const ws of server.clients) ws.terminate();
  server.close();
};
