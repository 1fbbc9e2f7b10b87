import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ListenParts } from './listen.ts';
export const createLive = (_parts: ListenParts) => ({
  upgrade: (_request: IncomingMessage, socket: Duplex, _head: Buffer): void => {
    socket.destroy();
  },
  close: (): void => {},
});
