import type { RequestListener } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { type ClosableLinks, createLinks } from '../../src/links/index.ts';
import { recordingLog } from '../speech/support.ts';
import { type FileServer, startFileServer } from './support.ts';

// The timeouts are those of the HTTP client, which has a clock of its own, and looks at it every second.

const { signal } = new AbortController();
let server: FileServer;
let links: ClosableLinks;
afterEach(async () => {
  await links.close();
  await server.close();
});

const open = async (listener: RequestListener) => {
  server = await startFileServer(listener);
  links = createLinks({ allowPrivate: () => true, timeoutMs: 50, log: recordingLog() });
  return links.open(`http://127.0.0.1:${server.port}/`, { signal });
};

it('a link may be retried when its server does not respond', async () => {
  await expect(open(() => {})).rejects.toMatchObject({
    code: 'link-failed',
    retryable: true,
    userMessage: expect.stringContaining('too long'),
  });
});

it('a link may be retried when its server stops in the middle of the file', async () => {
  const file = await open((_request, response) => void response.write('the beginning'));
  await expect(Array.fromAsync(file.bytes)).rejects.toMatchObject({ code: 'link-failed', retryable: true });
});
