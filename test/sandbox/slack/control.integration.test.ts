import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type OpenWorkspace, openWorkspace } from './workspace.ts';

let workspace: OpenWorkspace;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  writeFileSync(join(directory, 'index.html'), '<title>page</title>');
  const samples = [{ name: 'short', title: 'Short', description: 'A word.', file: 'short.wav' }];
  writeFileSync(join(directory, 'index.json'), JSON.stringify(samples));
  writeFileSync(join(directory, 'short.wav'), 'RIFF');
  workspace = await openWorkspace({
    pageDir: directory,
    samplesDir: directory,
    providers: [{ name: 'Slack', simulated: true, how: 'SLACK_BOT_TOKEN' }],
  });
});
afterAll(async () => {
  await workspace.close();
  rmSync(directory, { recursive: true });
});

/** A request whose Host and Origin are chosen freely, which `fetch` does not allow. */
const raw = (path: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(workspace.url + path, { headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

test('the state has people, channels, commands, providers and samples', async () => {
  expect(workspace.state).toMatchObject({
    bot: { userId: workspace.bot, connected: false },
    commands: [{ command: '/parley' }],
    messageShortcuts: [{ callbackId: 'transcribe_message' }],
    globalShortcuts: [{ callbackId: 'start_meeting' }, { callbackId: 'start_call' }],
    providers: [{ name: 'Slack', simulated: true }],
    samples: [{ name: 'short', title: 'Short' }],
  });
  expect(workspace.state.channels.map(({ name, botIsMember }) => [name, botIsMember])).toEqual([
    ['general', true],
    ['random', true],
    ['quiet', false],
  ]);
  expect(workspace.state.people.filter(({ isBot }) => !isBot)).toHaveLength(3);
});

test.each([
  ['a foreign host', { host: 'evil.example' }, 403],
  ['a foreign origin', { origin: 'https://evil.example' }, 403],
  ['an opaque origin', { origin: 'null' }, 403],
  ['no origin', {}, 200],
])('with %s the control interface and the page answer %i', async (_name, headers, status) => {
  for (const path of ['/control/state', '/']) {
    expect(await raw(path, headers as unknown as Record<string, string>)).toBe(status);
  }
});

test('a live socket from a foreign origin is refused', async () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    origin: 'https://evil.example',
  };
  expect(await raw('/control/live', upgrade)).toBe(403);
});

test('localhost with the port is the same place, and with another port is not', async () => {
  const { port } = new URL(workspace.url);
  expect(await raw('/control/state', { host: `localhost:${port}` })).toBe(200);
  expect(await raw('/control/state', { host: 'localhost:1' })).toBe(403);
});

test('what happens is shown live', async () => {
  const watch = await workspace.watch();
  const { ts } = await workspace.say('live');
  await workspace.ask('PUT', 'messages', { as: 'ana', channel: 'general', ts, text: 'changed' });
  await workspace.ask('DELETE', `messages?as=ana&channel=general&ts=${ts}`);
  await workspace.fail('api-hang');
  await workspace.fail();
  await eventually(() => watch.events.length >= 5, 'all five');
  expect(watch.events).toMatchObject([
    { type: 'message', message: { ts, text: 'live' } },
    { type: 'message_changed', message: { ts, text: 'changed' } },
    { type: 'message_deleted', ts },
    { type: 'failures', active: ['api-hang'] },
    { type: 'failures', active: [] },
  ]);
  watch.close();
});

test('a sample is posted by its name, a file by its id, once', async () => {
  const uploaded = await workspace.upload('ü 1.wav', new TextEncoder().encode('RIFF'));
  const message = await workspace.say('two', { files: ['sample:short', uploaded.id] });
  expect(message.files?.map(({ name }) => name)).toEqual(['short.wav', 'ü 1.wav']);
  for (const { control_url } of message.files!) {
    expect(await (await fetch(workspace.url + control_url)).text()).toBe('RIFF');
  }
  await expect(workspace.say('again', { files: [uploaded.id] })).rejects.toThrow('waits to be posted');
});

test.each<[string, string, string, unknown, string]>([
  [
    'an unknown person',
    'POST',
    'messages',
    { channel: 'general', as: 'eve', text: 'x' },
    'one here is called "eve"',
  ],
  [
    'an unknown channel',
    'POST',
    'messages',
    { channel: 'nowhere', as: 'ana', text: 'x' },
    'no channel "nowhere"',
  ],
  ['nothing to say', 'POST', 'messages', { channel: 'general', as: 'ana', text: '' }, 'needs text or a file'],
  ['a missing field', 'POST', 'messages', { as: 'ana', text: 'x' }, 'channel:'],
  [
    'an unknown sample',
    'POST',
    'messages',
    { channel: 'general', as: 'ana', text: '', files: ['sample:../x'] },
    'no sample',
  ],
  ['an unknown shortcut', 'POST', 'actions', { as: 'ana', action_id: 'x' }, 'message, viewId or home'],
  ['an unknown view', 'POST', 'views', { as: 'ana', viewId: 'V0', values: {} }, 'no open view'],
  ['no such address', 'GET', 'nothing', undefined, 'nothing at this address'],
  [
    'the bot as a person',
    'POST',
    'messages',
    { channel: 'general', as: 'parley', text: 'x' },
    'one here is called',
  ],
])('%s is refused with a sentence', async (_name, method, path, body, sentence) => {
  await expect(workspace.ask(method, path, body)).rejects.toThrow(sentence);
});

test('a thread is a root and its replies; the channel shows roots with their counts', async () => {
  const root = await workspace.say('root');
  const reply = await workspace.say('reply', { thread_ts: root.ts });
  expect((await workspace.messages(root.ts)).map(({ ts }) => ts)).toEqual([root.ts, reply.ts]);
  const listed = await workspace.messages();
  expect(listed.find(({ ts }) => ts === root.ts)).toMatchObject({ reply_count: 1 });
  expect(listed.map(({ ts }) => ts)).not.toContain(reply.ts);
  await workspace.ask('DELETE', `messages?as=ana&channel=general&ts=${root.ts}`);
  expect((await workspace.messages(root.ts)).map(({ deleted }) => deleted)).toEqual([true, undefined]);
});

test('calls of the Web API are remembered without their content', async () => {
  await workspace.web.chat.postMessage({ channel: workspace.general, text: 'secret words' });
  const { calls } = await workspace.ask<{ calls: object[] }>('GET', 'calls');
  expect(calls.at(-1)).toEqual({ method: 'chat.postMessage', atMs: expect.any(Number), status: 200 });
});
