import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../core/ports.ts';

/** Who takes WebSockets. */
export interface Sockets {
  /** Takes the upgrade if its path is one of its own; false when it is not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends whoever is still connected. Idempotent. */
  close(): void;
}

/** The way in for pages that bring a signed link: `/PLACE/TOKEN/socket`. Who has none is told nothing. */
export const createPageSockets = <Bearer>(parts: {
  readonly place: string;
  /** Who comes with this token; null for nobody. */
  readonly verify: (token: string, request: IncomingMessage) => Promise<Bearer | null>;
  /** What the page says, and that it leaves, is told once this resolves. */
  readonly serve: (ws: WebSocket, bearer: Bearer, token: string) => void | Promise<void>;
  readonly options: ServerOptions;
  readonly log: Log;
}): Sockets => {
  const { place, verify, serve, log } = parts;
  const path = new RegExp(`^/${place}/([^/?]+)/socket$`);
  const server = new WebSocketServer({ ...parts.options, noServer: true });

  const open = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    token: string,
  ): Promise<void> => {
    const bearer = await verify(token, request);
    if (bearer === null) return refuseUpgrade(socket, '403 Forbidden');
    server.handleUpgrade(request, socket, head, (ws) => void letIn(ws, bearer, token));
  };
  const letIn = async (ws: WebSocket, bearer: Bearer, token: string): Promise<void> => {
    ws.pause();
    try {
      await serve(ws, bearer, token);
      ws.resume();
    } catch (error) {
      log.error({ err: error, place }, 'a page could not be let in');
      ws.terminate();
    }
  };

  return {
    upgrade(request, socket, head) {
      const token = path.exec(request.url ?? '')?.[1];
      if (token === undefined) return false;
      socket.on('error', () => socket.destroy());
      open(request, socket, head, token).catch((error: unknown) => {
        log.error({ err: error, place }, 'a page could not connect');
        socket.destroy();
      });
      return true;
    },
    close: () => closeSockets(server),
  };
};

export const refuseUpgrade = (socket: Duplex, status: '403 Forbidden' | '503 Service Unavailable'): void => {
  // The HTTP server knows it no more: whoever does not close their side would keep it, and Parley from stopping, for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Ends whoever is connected, and takes nobody any more. */
export const closeSockets = (server: WebSocketServer): void => {
  for (const ws of server.clients) ws.terminate();
  server.close();
};
