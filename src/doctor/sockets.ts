import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock, Log } from '../core/ports.ts';
import { verifyDoctorLink } from './link.ts';

export interface DoctorSockets {
  /** Takes the upgrade if its path is that of a connection test. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Ends whoever is still connected. */
  close(): void;
}

/** The way in for the page that tests a connection. Who has no link of Parley's is told nothing. */
export const createDoctorSockets = (parts: {
  readonly serve: (ws: WebSocket, visitor: string) => void;
  readonly options: ServerOptions;
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly log: Log;
}): DoctorSockets => {
  const { serve, secret, clock, log } = parts;
  const server = new WebSocketServer({ ...parts.options, noServer: true });

  const open = async (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    token: string,
  ): Promise<void> => {
    const verified = await verifyDoctorLink(token, secret, clock.nowMs());
    if (verified === null) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    server.handleUpgrade(request, socket, head, (ws) => serve(ws, verified.visitor));
  };

  return {
    upgrade(request, socket, head) {
      const token = /^\/doctor\/([^/?]+)\/socket$/.exec(request.url ?? '')?.[1];
      if (token === undefined) return false;
      socket.on('error', () => socket.destroy());
      open(request, socket, head, token).catch((error: unknown) => {
        log.error({ err: error }, 'a connection test could not connect');
        socket.destroy();
      });
      return true;
    },
    close() {
      for (const ws of server.clients) ws.terminate();
      server.close();
    },
  };
};
