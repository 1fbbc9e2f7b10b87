import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendSentence } from '../../src/web/sentence-page.ts';

let server: Server;
let url: string;
beforeEach(async () => {
  const app = express();
  app.get('/:status', ({ params }, response) =>
    sendSentence(response, Number(params.status), 'Ask <Ann> & try again.'),
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const get = async (status: number, accept: string) => {
  const response = await fetch(`${url}/${status}`, { headers: { accept } });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
};
/** The Accept header of Chromium. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8';

describe('a sentence as a response', () => {
  it('is a page for a person, in which nothing of the sentence is markup', async () => {
    const { status, type, body } = await get(403, BROWSER);
    expect(status).toBe(403);
    expect(type).toBe('text/html; charset=utf-8');
    expect(body).toContain('Ask &lt;Ann&gt; &amp; try again.');
    expect(body).not.toContain('http-equiv="refresh"');
  });

  it('reloads by itself where waiting may help', async () => {
    expect((await get(503, BROWSER)).body).toContain('http-equiv="refresh"');
  });

  it('is the sentence alone for a program', async () => {
    expect(await get(503, '*/*')).toEqual({
      status: 503,
      type: 'text/plain; charset=utf-8',
      body: 'Ask <Ann> & try again.\n',
    });
  });
});
