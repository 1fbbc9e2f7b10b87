import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createCharts } from '../../src/charts/index.ts';
import { AppError } from '../../src/core/error.ts';
import { pieOf, recordLog, serve } from './support.ts';

const chart = pieOf([
  ['Ann', 190],
  ['Bartleby', 80],
]);
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The error of one attempt against a server that answers as scripted. */
const attempt = async (
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  timeoutMs?: number,
) => {
  const server = await serve(handler);
  closers.push(() => server.close());
  const log = recordLog();
  const charts = createCharts({ url: server.url, log, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  const error: unknown = await charts.pie(chart).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return { error: error as AppError, log };
};

const pngHeader = (width: number, height: number): Buffer => {
  const png = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(png);
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
};

describe('what is sent', () => {
  test('is a QuickChart request for Chart.js 4, posted, with nothing of it in the address', async () => {
    const seen: { method: string | undefined; url: string | undefined; body: string }[] = [];
    await attempt((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, body });
        response.writeHead(500).end();
      });
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ method: 'POST', url: '/chart' });
    const sent = JSON.parse(seen[0]!.body) as Record<string, unknown>;
    expect(sent).toMatchObject({ version: '4', format: 'png', width: 600, height: 300, devicePixelRatio: 2 });
    expect(JSON.parse(sent.chart as string)).toMatchObject({ type: 'pie' });
  });

  test.each(['/tools/quickchart', '/tools/quickchart/'])(
    'goes beneath the configured path %s',
    async (path) => {
      let requested: string | undefined;
      const server = await serve((request, response) => {
        requested = request.url;
        response.writeHead(400).end();
      });
      closers.push(() => server.close());
      await createCharts({ url: server.url + path, log: recordLog() })
        .pie(chart)
        .catch(() => null);
      expect(requested).toBe('/tools/quickchart/chart');
    },
  );
});

describe('failures', () => {
  test.each([
    [400, false],
    [401, false],
    [404, false],
    [302, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true],
  ])('status %d: retryable is %s', async (status, retryable) => {
    const { error } = await attempt((_, response) =>
      response.writeHead(status, { location: '/else' }).end('no'),
    );
    expect(error).toMatchObject({ code: 'chart-failed', retryable });
    expect(error.userMessage).toMatch(/talk-time chart/);
  });

  test('Retry-After is passed on', async () => {
    const { error } = await attempt((_, response) => response.writeHead(429, { 'retry-after': '7' }).end());
    expect(error.retryAfterMs).toBe(7000);
  });

  test('a server that never answers is given up after the time limit, and its connection closed', async () => {
    let closed: Promise<unknown> | undefined;
    const { error } = await attempt((_, response) => {
      closed = once(response, 'close');
    }, 100);
    expect(error).toMatchObject({ code: 'chart-failed', retryable: true });
    await closed;
  });

  test('a server that stops in the middle of the image is given up too', async () => {
    const { error } = await attempt((_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(pngHeader(1200, 720));
    }, 100);
    expect(error).toMatchObject({ code: 'chart-failed', retryable: true });
  });

  test('a server that hangs up is retried', async () => {
    const { error } = await attempt((request) => request.socket.destroy());
    expect(error).toMatchObject({ code: 'chart-failed', retryable: true });
  });

  test('no server at all is retried', async () => {
    const server = await serve(() => undefined);
    await server.close();
    await expect(createCharts({ url: server.url, log: recordLog() }).pie(chart)).rejects.toMatchObject({
      code: 'chart-failed',
      retryable: true,
    });
  });

  test.each([
    ['a web page', Buffer.from('<html>Please log in</html>'), 'The response is not a PNG.'],
    ['nothing', Buffer.alloc(0), 'The response is not a PNG.'],
    ['an image of another size', pngHeader(1200, 700), 'The PNG has the wrong size.'],
    ['megabytes', Buffer.alloc(5 * 1024 * 1024), 'The response is too large for a chart.'],
  ])('%s with status 200 is not taken for a chart', async (_, body, reason) => {
    const { error } = await attempt((_request, response) => response.writeHead(200).end(body));
    expect(error).toMatchObject({ code: 'chart-failed', retryable: true, cause: { message: reason } });
  });

  test('no speaker’s name gets into the log', async () => {
    const { log } = await attempt((_, response) => response.writeHead(500).end('Bartleby'));
    expect(log.lines.map(({ message }) => message)).toEqual(['charts: chart not created']);
    expect(JSON.stringify(log.lines)).not.toContain('Bartleby');
  });
});
