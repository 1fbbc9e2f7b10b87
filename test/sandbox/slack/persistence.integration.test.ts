import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../../../sandbox/index.ts';
import type { StoredFile, StoredMessage, WorkspaceState } from '../../../sandbox/slack/control/contract.ts';
import { seedWorkspace } from '../../../sandbox/slack/seed.ts';
import { openStore } from '../../../sandbox/slack/store/store.ts';
import { eventually } from './workspace.ts';

let dataDir: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
});
afterEach(async () => {
  if (child) await kill(child);
  rmSync(dataDir, { recursive: true, force: true });
});

type Slack = NonNullable<Sandbox['slack']>;

const start = async (): Promise<Slack> => {
  child = spawn(
    process.execPath,
    ['sandbox/main.ts', '--data-dir', dataDir, '--no-engine', '--no-page', '--retry-scale', '0.01'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
  return (JSON.parse(line) as { slack: Slack }).slack;
};

const kill = async (process: ChildProcess): Promise<void> => {
  if (process.exitCode !== null || process.signalCode !== null) return;
  process.kill('SIGKILL');
  await once(process, 'exit');
};

const ask = async <T>(slack: Slack, method: string, path: string, body?: string): Promise<T> => {
  const response = await fetch(`${slack.url}/control/${path}`, { method, ...(body ? { body } : {}) });
  return (await response.json()) as T;
};
const call = async (
  slack: Slack,
  method: string,
  args: Record<string, string>,
): Promise<Record<string, unknown>> => {
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    body: new URLSearchParams(args),
    headers: { authorization: `Bearer ${slack.botToken}` },
  });
  return (await response.json()) as Record<string, unknown>;
};

test('after kill -9 people, messages, files, tokens and homes are as they were', async () => {
  const before = await start();
  const state = await ask<WorkspaceState>(before, 'GET', 'state');
  const { file } = await ask<{ file: StoredFile }>(before, 'PUT', 'files?name=a.wav&as=ana', 'RIFF');
  const post = JSON.stringify({ channel: 'general', as: 'ana', text: 'kept', files: [file.id] });
  const { message } = await ask<{ message: StoredMessage }>(before, 'POST', 'messages', post);
  const user = state.people[0]!.id;
  await call(before, 'views.publish', {
    user_id: user,
    view: '{"type":"home","blocks":[{"type":"divider"}]}',
  });
  await kill(child!);

  const after = await start();
  expect(after.botToken).toBe(before.botToken);
  expect(await ask(after, 'GET', 'state')).toEqual(state);
  const { messages } = await ask<{ messages: StoredMessage[] }>(after, 'GET', 'messages?channel=general');
  expect(messages).toEqual([message]);
  expect(await (await fetch(after.url + file.control_url)).text()).toBe('RIFF');
  expect(await ask(after, 'GET', `home?as=${user}`)).toMatchObject({ view: { type: 'home' } });
  const next = await ask<{ message: StoredMessage }>(
    after,
    'POST',
    'messages',
    post.replace(/,"files".*\]/, ''),
  );
  expect(next.message.ts > message.ts).toBe(true);
});

test('people of an older workspace get phone numbers, and keep their names', async () => {
  const seed = (): void => {
    const store = openStore(dataDir);
    seedWorkspace(store, 'secret', {});
    store.close();
  };
  seed();
  const earlier = openStore(dataDir);
  for (const { phone: _phone, isAdmin: _isAdmin, ...user } of earlier.directory.users()) {
    earlier.directory.saveUser({ ...user, displayName: `${user.name}, renamed` });
  }
  earlier.close();
  seed();
  const store = openStore(dataDir);
  const people = store.directory
    .users()
    .map(({ displayName, phone, isAdmin }) => [displayName, phone, isAdmin]);
  store.close();
  expect(people).toEqual([
    ['ana, renamed', undefined, true],
    ['ben, renamed', '+44 20 7946 0102', undefined],
    ['yuki, renamed', '+44 20 7946 0103', undefined],
    ['parley, renamed', undefined, undefined],
  ]);
});

test('an unacknowledged event is delivered after a restart', async () => {
  const before = await start();
  const post = JSON.stringify({ channel: 'general', as: 'ana', text: 'pending' });
  await ask(before, 'POST', 'messages', post);
  await kill(child!);

  const after = await start();
  const response = await fetch(`${after.apiUrl}apps.connections.open`, {
    method: 'POST',
    headers: { authorization: `Bearer ${after.appToken}` },
  });
  const { url } = (await response.json()) as { url: string };
  const socket = new WebSocket(url);
  const texts: string[] = [];
  socket.onmessage = ({ data }) => {
    const envelope = JSON.parse(String(data)) as {
      envelope_id?: string;
      payload?: { event: { text: string } };
    };
    if (envelope.payload) texts.push(envelope.payload.event.text);
    if (envelope.envelope_id) socket.send(JSON.stringify({ envelope_id: envelope.envelope_id }));
  };
  await eventually(() => texts.includes('pending'), 'the event came');
  socket.close();
});

test('a file whose processing was interrupted is processed and shared after a restart', async () => {
  const before = await start();
  await ask(before, 'PUT', 'failures', JSON.stringify({ modes: ['slow-file-processing'] }));
  const { channels } = await ask<WorkspaceState>(before, 'GET', 'state');
  const reserved = await call(before, 'files.getUploadURLExternal', { filename: 'a.txt', length: '3' });
  await fetch(String(reserved.upload_url), { method: 'POST', body: 'abc' });
  const files = JSON.stringify([{ id: reserved.file_id, title: 'a' }]);
  await call(before, 'files.completeUploadExternal', { files, channel_id: channels[0]!.id });
  await kill(child!);

  const after = await start();
  const shared = await eventually(async () => {
    const { messages } = await ask<{ messages: StoredMessage[] }>(after, 'GET', 'messages?channel=general');
    return messages[0];
  }, 'the share');
  expect(shared.files).toMatchObject([{ id: reserved.file_id, mimetype: 'text/plain', size: 3 }]);
});
