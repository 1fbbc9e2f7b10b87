import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BOT_TOKEN, errorOf, eventually, type OpenWorkspace, openWorkspace, socketApp } from './workspace.ts';

let workspace: OpenWorkspace;
let app: App | undefined;
beforeEach(async () => {
  workspace = await openWorkspace({ app: { retryScale: 0.01 } });
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  await workspace.close();
});

const post = (text = 'x') => workspace.web.chat.postMessage({ channel: workspace.general, text });
const upload = () => workspace.upload('talk.wav', new TextEncoder().encode('RIFF and some more bytes'));
const fetchFile = async (id: string): Promise<Response> => {
  const { file } = await workspace.web.files.info({ file: id });
  return fetch(file!.url_private_download!, { headers: { authorization: `Bearer ${BOT_TOKEN}` } });
};

test('the list has every mode, and an unknown one is rejected without a change', async () => {
  await workspace.fail('api-500:2');
  await expect(workspace.fail('no-such')).rejects.toThrow('no failure mode "no-such"');
  await expect(workspace.fail('api-500:often')).rejects.toThrow('a number of times');
  const { active, known } = await workspace.ask<{ active: string[]; known: { name: string }[] }>(
    'GET',
    'failures',
  );
  expect(active).toEqual(['api-500:2']);
  expect(known.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['lost-responses', 'slack-connect-files']),
  );
});

test('a mode with a number strikes that often and is over', async () => {
  await workspace.fail('api-500:1', 'api-error:1');
  expect(await errorOf(post())).toContain('500');
  expect(await errorOf(post())).toBe('internal_error');
  expect(await errorOf(post())).toBe('no error');
  expect(await workspace.ask('GET', 'failures')).toMatchObject({ active: [] });
});

test('lost-responses posts the message and drops the connection', async () => {
  await workspace.fail('lost-responses:1');
  expect(await errorOf(post('posted'))).toMatch(/request/i);
  expect((await workspace.messages()).map(({ text }) => text)).toEqual(['posted']);
});

test('api-hang leaves a call without an answer', async () => {
  await workspace.fail('api-hang:1');
  const call = fetch(`${workspace.apiUrl}auth.test`, {
    headers: { authorization: `Bearer ${BOT_TOKEN}` },
    signal: AbortSignal.timeout(300),
  });
  await expect(call).rejects.toThrow('timeout');
});

test('rate-limit-posts and rate-limit-history answer 429', async () => {
  await workspace.fail('rate-limit-posts:1', 'rate-limit-history');
  expect(await errorOf(post())).toContain('rate');
  expect(await errorOf(post())).toBe('no error');
  const read = () => errorOf(workspace.web.conversations.history({ channel: workspace.general }));
  expect(await read()).toBe('no error');
  expect(await read()).toContain('rate');
});

test('bot-not-in-channel answers not_in_channel although events arrive', async () => {
  await workspace.fail('bot-not-in-channel');
  expect(await errorOf(post())).toBe('not_in_channel');
  // Nobody can take it out of a direct conversation.
  const direct = workspace.web.chat.postMessage({ channel: workspace.ana, text: 'x' });
  expect(await errorOf(direct)).toBe('no error');
});

test('missing-files-scope takes files:read away from calls and downloads', async () => {
  const { id } = await upload();
  const { file } = await workspace.web.files.info({ file: id });
  await workspace.fail('missing-files-scope');
  expect(await errorOf(workspace.web.files.info({ file: id }))).toBe('missing_scope');
  const answer = await fetch(file!.url_private!, { headers: { authorization: `Bearer ${BOT_TOKEN}` } });
  expect(answer.headers.get('content-type')).toContain('text/html');
});

test('download-login-page answers 200 with HTML, and truncated-downloads breaks off', async () => {
  const { id } = await upload();
  await workspace.fail('download-login-page:1', 'truncated-downloads:1');
  const page = await fetchFile(id);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  await expect(fetchFile(id).then((answer) => answer.arrayBuffer())).rejects.toThrow();
  expect(await (await fetchFile(id)).text()).toBe('RIFF and some more bytes');
});

test('slow-downloads takes a second for 64 KiB', async () => {
  const { id } = await workspace.upload('long.wav', new Uint8Array(100 * 1024));
  await workspace.fail('slow-downloads');
  const startedMs = workspace.clock.monotonicMs();
  expect((await (await fetchFile(id)).arrayBuffer()).byteLength).toBe(100 * 1024);
  expect(workspace.clock.monotonicMs() - startedMs).toBeGreaterThan(1400);
});

test('with files-deleted-after-post the app gets the event of a deleted file', async () => {
  const events: Record<string, unknown>[] = [];
  app = socketApp(workspace);
  app.event('message', async ({ event }) => void events.push(event as never));
  app.event('file_deleted', async ({ event }) => void events.push(event as never));
  await app.start();
  await workspace.fail('files-deleted-after-post');
  const { id } = await upload();
  await workspace.say('', { files: [id] });
  await eventually(() => events.length === 2, 'both events');
  expect(events.find(({ type }) => type === 'message')).toMatchObject({ files: [{ id, mode: 'hosted' }] });
  expect(events.find(({ type }) => type === 'file_deleted')).toMatchObject({ file_id: id });
  expect(await errorOf(workspace.web.files.info({ file: id }))).toBe('file_deleted');
});

test('with slack-connect-files an event carries a stub that files.info fills in', async () => {
  let files: unknown;
  app = socketApp(workspace);
  app.event('message', async ({ event }) => {
    files = (event as { files?: unknown }).files;
  });
  await app.start();
  await workspace.fail('slack-connect-files');
  const { id } = await upload();
  await workspace.say('', { files: [id] });
  await eventually(() => files, 'the event');
  expect(files).toMatchObject([{ id, mode: 'file_access', file_access: 'check_file_info' }]);
  expect((files as object[])[0]).not.toHaveProperty('url_private');
  expect((await workspace.web.files.info({ file: id })).file).toMatchObject({
    name: 'talk.wav',
    mode: 'hosted',
  });
});

test('with unacked-events an acknowledged event is sent once more', async () => {
  const retries: unknown[] = [];
  app = socketApp(workspace);
  app.message(async ({ context }) => void retries.push(context.retryNum));
  await app.start();
  await workspace.fail('unacked-events:1');
  await workspace.say('again');
  await eventually(() => retries.length === 2, 'both deliveries');
  expect(retries).toEqual([0, 1]);
});

test('socket-disconnects breaks connections until it is switched off', async () => {
  app = socketApp(workspace);
  await app.start();
  const watch = await workspace.watch();
  await workspace.fail('socket-disconnects');
  const seen = () =>
    watch.events.flatMap((event) => (event.type === 'bot_connected' ? [event.connected] : []));
  await eventually(() => seen().length >= 3, 'broken, connected, broken again');
  expect(seen().slice(0, 3)).toEqual([false, true, false]);
  await workspace.fail();
  await eventually(() => seen().at(-1) === true, 'connected for good');
  watch.close();
});

test('slow-file-processing keeps a file’s mimetype back', async () => {
  await workspace.fail('slow-file-processing');
  await workspace.ask('PUT', 'app', { enforceLimits: false });
  const reserved = await workspace.web.files.getUploadURLExternal({ filename: 'a.png', length: 3 });
  await fetch(reserved.upload_url!, { method: 'POST', body: 'abc' });
  await workspace.web.files.completeUploadExternal({ files: [{ id: reserved.file_id!, title: 'a' }] });
  const startedMs = workspace.clock.monotonicMs();
  await eventually(
    async () => (await workspace.web.files.info({ file: reserved.file_id! })).file!.mimetype,
    'digested',
  );
  expect(workspace.clock.monotonicMs() - startedMs).toBeGreaterThan(4000);
});
