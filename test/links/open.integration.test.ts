import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClosableLinks, createLinks, type LinksOptions } from '../../src/links/index.ts';
import { recordingLog } from '../speech/support.ts';
import { type FileServer, startFileServer } from './support.ts';

const signal = new AbortController().signal;
let server: FileServer | undefined;
let links: ClosableLinks | undefined;
afterEach(async () => {
  await links?.close();
  await server?.close();
});

/** Opens `path` on a server that answers so. */
const open = async (
  listener: RequestListener,
  path = '/talk.mp3',
  options: Partial<LinksOptions> & { signal?: AbortSignal } = {},
) => {
  server = await startFileServer(listener);
  links = createLinks({ allowPrivate: () => true, log: recordingLog(), ...options });
  return links.open(`http://127.0.0.1:${server.port}${path}`, { signal: options.signal ?? signal });
};
const readAll = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(bytes)).toString('latin1');

describe('a file behind a link', () => {
  it('is streamed, with its size and name', async () => {
    const file = await open((_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': 5 }).end('sound');
    });
    expect(file).toMatchObject({ name: 'talk.mp3', sizeBytes: 5 });
    expect(await readAll(file.bytes)).toBe('sound');
    expect(server!.requests[0]!.headers['accept-encoding']).toBe('identity');
  });

  it('may have no declared size', async () => {
    const file = await open((_request, response) => {
      response.write('so');
      response.end('und');
    });
    expect(file.sizeBytes).toBeNull();
    expect(await readAll(file.bytes)).toBe('sound');
  });

  it('is found at the end of redirects', async () => {
    const file = await open((request, response) => {
      if (request.url === '/talk.mp3') response.writeHead(302, { location: '/a/b/final.ogg' }).end();
      else response.end('sound');
    });
    expect(file.name).toBe('final.ogg');
    expect(await readAll(file.bytes)).toBe('sound');
  });

  it.each([
    ['/a/b/My%20talk.mp3?x=1', undefined, 'My talk.mp3'],
    ['/%E4%BC%9A%E8%AD%B0.m4a', undefined, '会議.m4a'],
    ['/', undefined, 'recording'],
    ['/%', undefined, '%'],
    ['/x', 'attachment; filename="weekly \\"sync\\".mp4"', 'weekly "sync".mp4'],
    ['/x', 'attachment; filename=plain.wav', 'plain.wav'],
    ['/x', "attachment; filename=fallback.mp3; filename*=UTF-8''caf%C3%A9%20%F0%9F%8E%99.mp3", 'café 🎙.mp3'],
    ['/x', 'attachment; filename="../../etc/passwd"', 'passwd'],
    ['/x', 'attachment; filename="C:\\\\Users\\\\ann\\\\talk.mp3"', 'talk.mp3'],
    ['/x', "attachment; filename*=UTF-8''%E2%80%AE3pm.exe%0A", '3pm.exe'],
    ['/x.mp3', 'attachment; filename=".."', 'x.mp3'],
    ['/x', `attachment; filename="${'n'.repeat(300)}.mp3"`, `${'n'.repeat(116)}.mp3`],
  ])('at %s with %j is called %j', async (path, disposition, name) => {
    const file = await open((_request, response) => {
      if (disposition !== undefined) response.setHeader('content-disposition', disposition);
      response.end('sound');
    }, path);
    expect(file.name).toBe(name);
  });

  it('is closed at once when the reader gives up, even while it waits', async () => {
    const closed = Promise.withResolvers<void>();
    const file = await open((_request, response) => {
      response.on('close', closed.resolve);
      response.write('the beginning, and then nothing');
    });
    const iterator = file.bytes[Symbol.asyncIterator]();
    await iterator.next();
    const pending = iterator.next().catch(() => 'over');
    await iterator.return!();
    await closed.promise;
    await pending;
  });

  it('is closed when the caller stops', async () => {
    const caller = new AbortController();
    const file = await open((_request, response) => void response.write('the beginning'), '/', {
      signal: caller.signal,
    });
    const iterator = file.bytes[Symbol.asyncIterator]();
    await iterator.next();
    caller.abort();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'unexpected', retryable: true });
  });
});

describe('a link without a file', () => {
  it('is described when it is a web page', async () => {
    await expect(
      open((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>');
      }),
    ).rejects.toMatchObject({
      code: 'link-failed',
      retryable: false,
      userMessage: expect.stringMatching(/leads to a web page, not a recording.*direct link/),
    });
  });

  it.each([
    [401, false, /sign-in/],
    [403, false, /sign-in/],
    [404, false, /no file/],
    [410, false, /no file/],
    [204, false, /204/],
    [418, false, /418/],
    [429, true, /429/],
    [500, true, /500/],
    [503, true, /503/],
  ])('is described by its status %d', async (status, retryable, sentence) => {
    await expect(open((_request, response) => response.writeHead(status).end())).rejects.toMatchObject({
      code: 'link-failed',
      retryable,
      userMessage: expect.stringMatching(sentence),
    });
  });

  it('may be retried after the server’s Retry-After', async () => {
    await expect(
      open((_request, response) => response.writeHead(429, { 'retry-after': '17' }).end()),
    ).rejects.toMatchObject({ retryAfterMs: 17_000 });
  });

  it('is refused when it is compressed', async () => {
    await expect(
      open((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('x')),
    ).rejects.toMatchObject({ code: 'link-failed', userMessage: expect.stringContaining('compresses') });
  });

  it('is refused by its declared size', async () => {
    await expect(
      open((_request, response) => {
        response.writeHead(200, { 'content-length': 2 * 1024 ** 3 + 1 });
        response.flushHeaders();
      }),
    ).rejects.toMatchObject({ code: 'recording-too-large', retryable: false });
  });

  it('is cut off at the limit when it declared no size', async () => {
    const closed = Promise.withResolvers<void>();
    const file = await open(
      (_request, response) => {
        response.on('close', closed.resolve);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', more);
        more();
      },
      '/',
      { maxBytes: 1_000_000 },
    );
    await expect(readAll(file.bytes)).rejects.toMatchObject({ code: 'recording-too-large' });
    await closed.promise;
  });

  it('may be retried when the connection is lost halfway', async () => {
    const file = await open((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.socket?.destroy());
    });
    await expect(readAll(file.bytes)).rejects.toMatchObject({ code: 'link-failed', retryable: true });
  });

  it('is final when the name does not resolve', async () => {
    const nowhere = async (): Promise<never> => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    const none = createLinks({ resolve: nowhere, log: recordingLog() });
    await expect(none.open('https://nowhere.test/', { signal })).rejects.toMatchObject({
      code: 'link-failed',
      retryable: false,
      userMessage: expect.stringContaining('server doesn’t exist'),
    });
    await none.close();
  });

  it('is final when the server sends endless headers, or no HTTP', async () => {
    for (const answer of [
      `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`,
      'SSH-2.0-OpenSSH_9.9\r\n',
    ]) {
      const tcp = createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.on('data', () => socket.write(answer));
      }).listen(0, '127.0.0.1');
      await once(tcp, 'listening');
      const reader = createLinks({ allowPrivate: () => true, log: recordingLog() });
      await expect(
        reader.open(`http://127.0.0.1:${(tcp.address() as AddressInfo).port}/`, { signal }),
      ).rejects.toMatchObject({ code: 'link-failed', retryable: false });
      await reader.close();
      tcp.close();
    }
  });
});
