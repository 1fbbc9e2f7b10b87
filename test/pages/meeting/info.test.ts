import { describe, expect, it } from 'vitest';
import { fetchInfo, linkOf } from '../../../src/pages/meeting/info.ts';

it.each([
  ['https://parley.example/meet/abc', 'wss://parley.example/meet/abc/socket'],
  ['https://parley.example/meet/abc/?x#y', 'wss://parley.example/meet/abc/socket'],
  ['http://localhost:3000/meet/a.b.c', 'ws://localhost:3000/meet/a.b.c/socket'],
])('finds the socket of %s', (href, socketUrl) => {
  expect(linkOf(href)).toEqual({
    socketUrl,
    infoUrl: socketUrl.replace('ws', 'http').replace('socket', 'info'),
    connectionUrl: socketUrl.replace('ws', 'http').replace('socket', 'connection'),
  });
});

describe('what a link leads to', () => {
  const ask = (body: string, status = 200) =>
    fetchInfo('/info', 'a key', async () => new Response(body, { status }));

  it('is told by the server', async () => {
    const info = { title: 'Stand-up', name: 'Maya', host: true, startedAtMs: 5, closed: null };
    expect(await ask(JSON.stringify(info))).toEqual(info);
  });

  it.each([
    ['{"closed":"This link has expired."}', 401, 'This link has expired.'],
    ['Not Found', 404, 'This link does not lead to a meeting.'],
    ['{}', 200, 'This link does not lead to a meeting.'],
    ['null', 403, 'This link does not lead to a meeting.'],
  ])('is a sentence when it is no meeting: %s', async (body, status, sentence) => {
    expect((await ask(body, status)).closed).toContain(sentence);
  });

  it('is asked with the key of the browser', async () => {
    let asked: RequestInit | undefined;
    await fetchInfo('/info', 'a key', async (_url, init) => {
      asked = init;
      return new Response('{}');
    });
    expect(new Headers(asked?.headers).get('parley-browser')).toBe('a key');
  });

  it('is unknown while the server is in trouble', async () => {
    await expect(ask('', 503)).rejects.toThrow('503');
  });
});
