import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { createPageSockets } from '../../src/web/sockets.ts';
import { silentLog } from '../media/support.ts';

it('closes the socket of a page whose serving fails, and serves the next one', async () => {
  const errors: string[] = [];
  const sockets = createPageSockets<string>({
    prefix: 'somewhere',
    verify: async (token) => token,
    serve(ws, visitor) {
      if (visitor === 'unlucky') throw new Error('no luck');
      ws.send('welcome');
    },
    server: {},
    log: { ...silentLog, error: (_fields: object, message: string) => void errors.push(message) },
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.close();
    server.close();
  });
  const open = (token: string): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/somewhere/${token}/socket`);

  await once(open('unlucky'), 'close');
  expect(errors).toEqual(['the socket of a page could not be served']);
  const [message] = await once(open('lucky'), 'message');
  expect(String(message)).toBe('welcome');
});
