import { describe, expect, it } from 'vitest';
import { fetchMeetingInfo } from '../../../../src/pages/meeting/signalling/meeting-info.ts';

describe('what the server says about a link', () => {
  const ask = (body: string, status = 200) =>
    fetchMeetingInfo('/info', 'a key', async () => new Response(body, { status }));

  it('is read from the response', async () => {
    const info = {
      kind: 'call',
      title: 'Stand-up',
      name: 'Maya',
      host: true,
      threadUrl: 'https://a.slack.com/1',
      startedAtMs: 5,
      closed: null,
      capture: { kind: 'call', recording: { name: 'none' }, captioned: true, kept: false },
    };
    expect(await ask(JSON.stringify(info))).toEqual(info);
  });

  it.each([
    ['{"closed":"This link has expired."}', 401, 'This link has expired.'],
    ['Not Found', 404, 'We can’t find this meeting.'],
    ['{}', 200, 'We can’t find this meeting.'],
    ['null', 403, 'We can’t find this meeting.'],
  ])('is a sentence when it is not a meeting: %s', async (body, status, sentence) => {
    expect((await ask(body, status)).closed).toContain(sentence);
  });

  it('is requested with the key of the browser', async () => {
    let requested: RequestInit | undefined;
    await fetchMeetingInfo('/info', 'a key', async (_url, init) => {
      requested = init;
      return new Response('{}');
    });
    expect(new Headers(requested?.headers).get('parley-browser')).toBe('v2-a key');
  });

  it('is unknown while the server fails', async () => {
    await expect(ask('', 503)).rejects.toThrow('503');
  });

  it('is unknown while the network swallows everything', async () => {
    const swallow: typeof fetch = (_url, init) =>
      new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      });
    await expect(fetchMeetingInfo('/info', 'a key', swallow, 1)).rejects.toThrow('timeout');
  });
});
