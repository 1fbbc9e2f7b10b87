import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Handsets } from '../handset/handsets.ts';
import type { PhonesState } from './contract.ts';
import { phoneNumber } from './requests.ts';

export interface ControlSockets {
  /** Takes over an HTTP upgrade below `/control/phones`; false when there is none at the address. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Sends the state to every open page. Several changes at once are sent as one. */
  readonly changed: () => void;
  close(): void;
}

/** 8 s; a browser sends 20 ms at a time. */
const MAX_MESSAGE_BYTES = 64 * 1024;

export const createControlSockets = (handsets: Handsets, state: () => PhonesState): ControlSockets => {
  const live = new WebSocketServer({ noServer: true });
  const audio = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  let pending = false;
  const send = (sockets: Iterable<WebSocket>): void => {
    const text = JSON.stringify(state());
    for (const socket of sockets) socket.send(text);
  };
  return {
    upgrade: (request, socket, head) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const number = /^\/control\/phones\/([^/]+)\/audio$/.exec(pathname)?.[1];
      if (pathname === '/control/phones/live') {
        live.handleUpgrade(request, socket, head, (opened) => {
          opened.on('error', () => opened.terminate());
          send([opened]);
        });
        return true;
      }
      const parsed = phoneNumber.safeParse(number === undefined ? '' : decoded(number));
      if (!parsed.success) return false;
      audio.handleUpgrade(request, socket, head, (opened) => connectHandset(handsets, parsed.data, opened));
      return true;
    },
    changed: () => {
      if (pending || live.clients.size === 0) return;
      pending = true;
      setImmediate(() => {
        pending = false;
        send(live.clients);
      });
    },
    close: () => {
      for (const server of [live, audio]) {
        for (const socket of server.clients) socket.terminate();
        server.close();
      }
    },
  };
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

/** A browser is the microphone and speaker of a phone. */
const connectHandset = (handsets: Handsets, number: string, socket: WebSocket): void => {
  const handset = handsets.at(number);
  const stop = handset.onReceived((mulaw) => socket.send(mulaw));
  socket.on('message', (data, isBinary) => {
    if (isBinary) handset.speakLive(data as Buffer);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', stop);
};
