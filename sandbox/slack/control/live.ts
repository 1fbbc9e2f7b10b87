import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ControlEvent } from './contract.ts';

export interface LiveSockets {
  show: (event: ControlEvent) => void;
  /** Handles an HTTP upgrade. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): true;
  close(): void;
}

/** `WS /control/live`: events of the workspace to every open page. */
export const createLiveSockets = (): LiveSockets => {
  const server = new WebSocketServer({ noServer: true });
  return {
    show: (event) => {
      const text = JSON.stringify(event);
      for (const socket of server.clients) socket.send(text);
    },
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (opened) => {
        opened.on('error', () => opened.terminate());
      });
      return true;
    },
    close: () => {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
};
