import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually, httpApp, type OpenWorkspace, openWorkspace } from './workspace.ts';

let workspace: OpenWorkspace;
let app: App | undefined;
let server: Server | undefined;

beforeEach(async () => {
  workspace = await openWorkspace();
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await workspace.close();
});

/** A server that echoes the challenge and answers everything else with what `answer` says. */
const rawApp = async (
  answer: (hit: number) => { status: number; headers?: Record<string, string> },
): Promise<{ url: string; hits: { headers: IncomingHttpHeaders; body: string }[] }> => {
  const hits: { headers: IncomingHttpHeaders; body: string }[] = [];
  server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = Buffer.concat(chunks).toString();
    if (body.includes('url_verification')) {
      response.end((JSON.parse(body) as { challenge: string }).challenge);
      return;
    }
    hits.push({ headers: request.headers, body });
    const { status, headers } = answer(hits.length);
    response.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits };
};

test('a Bolt app with the signing secret gets events and commands over HTTP', async () => {
  const opened = await httpApp(workspace);
  app = opened.app;
  const texts: string[] = [];
  app.message(async ({ message, say }) => {
    texts.push((message as { text: string }).text);
    await say({ text: 'heard you', thread_ts: (message as { ts: string }).ts });
  });
  app.command('/parley', async ({ ack }) => {
    await ack({ response_type: 'in_channel', text: 'over HTTP' });
  });
  await workspace.ask('PUT', 'app', { requestUrl: opened.requestUrl });
  const message = await workspace.say('hello');
  await eventually(async () => (await workspace.messages(message.ts)).length === 2, 'the bot answered');
  await workspace.ask('POST', 'commands', { channel: 'general', as: 'ana', text: '/parley x' });
  expect(texts).toEqual(['hello']);
  expect((await workspace.messages()).map(({ text }) => text)).toEqual(['hello', 'over HTTP']);
});

test('an app with another signing secret refuses the challenge, and its URL is not saved', async () => {
  const opened = await httpApp(workspace, 'another secret');
  app = opened.app;
  await expect(workspace.ask('PUT', 'app', { requestUrl: opened.requestUrl })).rejects.toThrow('challenge');
  expect(await workspace.ask('GET', 'app')).toMatchObject({ requestUrl: null });
});

test('an event that fails is sent three times more, numbered and with the reason', async () => {
  const { url, hits } = await rawApp(() => ({ status: 500 }));
  await workspace.ask('PUT', 'app', { requestUrl: url, retryScale: 0.001 });
  await workspace.say('unwanted');
  await eventually(() => hits.length === 4, 'four attempts');
  expect(hits.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3']);
  expect(hits[3]!.headers['x-slack-retry-reason']).toBe('http_error');
  expect(new Set(hits.map(({ body }) => (JSON.parse(body) as { event_id: string }).event_id)).size).toBe(1);
});

test('an app may refuse to be sent an event again', async () => {
  const { url, hits } = await rawApp((hit) =>
    hit === 1 ? { status: 500, headers: { 'x-slack-no-retry': '1' } } : { status: 200 },
  );
  await workspace.ask('PUT', 'app', { requestUrl: url, retryScale: 0 });
  await workspace.say('first');
  await eventually(() => hits.length === 1, 'the first attempt');
  await workspace.say('second');
  await eventually(() => hits.length === 2, 'the next event');
  expect(hits[1]!.body).toContain('second');
});

test('edits and deletions reach the app as message_changed and message_deleted', async () => {
  const { url, hits } = await rawApp(() => ({ status: 200 }));
  await workspace.ask('PUT', 'app', { requestUrl: url });
  const { ts } = await workspace.say('frist');
  await workspace.ask('PUT', 'messages', { as: 'ana', channel: 'general', ts, text: 'first' });
  await workspace.ask('DELETE', `messages?as=ana&channel=general&ts=${ts}`);
  await eventually(() => hits.length === 3, 'three events');
  const events = hits.map(({ body }) => (JSON.parse(body) as { event: Record<string, unknown> }).event);
  expect(events.find(({ subtype }) => subtype === 'message_changed')).toMatchObject({
    message: { text: 'first', ts, edited: { user: workspace.ana } },
    previous_message: { text: 'frist' },
  });
  expect(events.find(({ subtype }) => subtype === 'message_deleted')).toMatchObject({ deleted_ts: ts });
});
