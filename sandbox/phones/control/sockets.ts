import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Network } from '../network.ts';
import { phoneNumber } from './requests.ts';
import { phonesState } from './state.ts';

export interface ControlSockets {
  /** Takes over an HTTP upgrade below `/control/phones`; false when nothing is at the address. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Shows what is new. Several changes at once are shown as one. */
  readonly changed: () => void;
  close(): void;
}

/** Eight seconds: a browser sends 20 ms at a time. */
const MOST_AUDIO_BYTES = 64 * 1024;

export const createControlSockets = (network: () => Network): ControlSockets => {
  const live = new WebSocketServer({ noServer: true });
  const audio = new WebSocketServer({ noServer: true, maxPayload: MOST_AUDIO_BYTES });
  let pending = false;
  const show = (sockets: Iterable<WebSocket>): void => {
    const text = JSON.stringify(phonesState(network()));
    for (const socket of sockets) socket.send(text);
  };
  return {
    upgrade: (request, socket, head) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const number = /^\/control\/phones\/([^/]+)\/audio$/.exec(pathname)?.[1];
      if (pathname === '/control/phones/live') {
        live.handleUpgrade(request, socket, head, (opened) => {
          opened.on('error', () => opened.terminate());
          show([opened]);
        });
        return true;
      }
      const parsed = phoneNumber.safeParse(number === undefined ? '' : decoded(number));
      if (!parsed.success) return false;
      audio.handleUpgrade(request, socket, head, (opened) => talk(network(), parsed.data, opened));
      return true;
    },
    changed: () => {
      if (pending || live.clients.size === 0) return;
      pending = true;
      setImmediate(() => {
        pending = false;
        show(live.clients);
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

/** A browser is somebody's ear and mouth. */
const talk = (network: Network, number: string, socket: WebSocket): void => {
  const handset = network.handsets.at(number);
  const stop = handset.listen((mulaw) => socket.send(mulaw));
  socket.on('message', (data, isBinary) => {
    if (isBinary) handset.speakLive(data as Buffer);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', stop);
};
