/**
 * The other programs of the measurement, each a process of its own: a speech engine that answers at once, and the
 * simplest server that Slack accepts, which reads the body, verifies the same signature and answers 200.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';

const startBare = async (secret: string): Promise<string> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const timestamp = String(request.headers['x-slack-request-timestamp']);
      const expected = createHmac('sha256', secret)
        .update(`v0:${timestamp}:`)
        .update(Buffer.concat(chunks))
        .digest('hex');
      const given = Buffer.from(String(request.headers['x-slack-signature']));
      const right = timingSafeEqual(given, Buffer.from(`v0=${expected}`));
      response.writeHead(right ? 200 : 401).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const [, , role, secret = ''] = process.argv;
const url = role === 'bare' ? await startBare(secret) : (await startScriptedEngine({ apiKey: secret })).url;
console.log(`listening ${url}`);
