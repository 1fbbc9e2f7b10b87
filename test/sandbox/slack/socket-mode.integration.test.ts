import type { App } from '@slack/bolt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { WorkspaceState } from '../../../sandbox/slack/control/contract.ts';
import { eventually, type OpenWorkspace, openWorkspace, socketApp } from './workspace.ts';

let workspace: OpenWorkspace;
let app: App;

beforeEach(async () => {
  workspace = await openWorkspace();
  app = socketApp(workspace);
});
afterEach(async () => {
  await app.stop();
  await workspace.close();
});

test('a message that a person writes reaches the app as Slack sends it', async () => {
  const seen: Record<string, unknown>[] = [];
  app.message(async ({ event, context }) => {
    seen.push({ ...event, botUserId: context.botUserId });
  });
  await app.start();
  const message = await workspace.say('see https://example.com & tell @Parley');
  await eventually(() => seen.length === 1, 'the app heard it');
  expect(seen[0]).toMatchObject({
    type: 'message',
    channel: workspace.general,
    channel_type: 'channel',
    user: workspace.ana,
    ts: message.ts,
    text: `see <https://example.com> &amp; tell <@${workspace.bot}>`,
    botUserId: workspace.bot,
  });
});

test('a mention is also sent as app_mention, and a thread reply names its root', async () => {
  const mentions: Record<string, unknown>[] = [];
  app.event('app_mention', async ({ event }) => void mentions.push({ ...event }));
  await app.start();
  const root = await workspace.say('a root');
  await workspace.say('@parley help', { thread_ts: root.ts });
  await eventually(() => mentions.length === 1, 'the mention arrived');
  expect(mentions[0]).toMatchObject({ thread_ts: root.ts, parent_user_id: workspace.ana });
});

test('a mention is sent again after an edit, and never in a direct conversation', async () => {
  const events: string[] = [];
  const note = (type: string, { text, edited }: { text?: string; edited?: object }): void =>
    void events.push(`${type} ${text?.split(' ').at(-1)}${edited === undefined ? '' : ' (edited)'}`);
  app.event('app_mention', async ({ event }) => note('app_mention', event));
  app.event('message', async ({ event }) => {
    if (event.subtype === undefined && event.channel_type === 'im') note('message', event);
  });
  await app.start();
  const { ts } = await workspace.say('@parley one');
  await eventually(() => events.length === 1, 'the mention');
  await workspace.ask('PUT', 'messages', { channel: 'general', as: 'ana', ts, text: '@parley two' });
  await eventually(() => events.length === 2, 'the mention after its edit');
  const { channel } = await workspace.web.chat.postMessage({ channel: workspace.ana, text: 'Welcome' });
  await workspace.say('@parley three', { channel });
  await eventually(() => events.includes('message three'), 'the direct message');
  expect(events.filter((event) => event.startsWith('app_mention'))).toEqual([
    'app_mention one',
    'app_mention two (edited)',
  ]);
});

test('a root deleted under its answers becomes a tombstone, which goes with the last of them', async () => {
  const seen: unknown[] = [];
  app.event('message', async ({ event }) => {
    if (event.subtype === 'message_changed') seen.push([event.message.subtype, event.message.ts]);
    if (event.subtype === 'message_deleted') seen.push(['deleted', event.deleted_ts]);
  });
  await app.start();
  const root = await workspace.say('a root');
  const { ts: answer } = await workspace.web.chat.postMessage({
    channel: workspace.general,
    text: 'an answer',
    thread_ts: root.ts,
  });
  await workspace.ask('DELETE', `messages?channel=general&as=ana&ts=${root.ts}`);
  await eventually(() => seen.length === 1, 'the tombstone');
  expect(await workspace.messages()).toMatchObject([{ ts: root.ts, deleted: true }]);
  await workspace.web.chat.delete({ channel: workspace.general, ts: answer! });
  await eventually(() => seen.length === 3, 'the end of both');
  expect(seen[0]).toEqual(['tombstone', root.ts]);
  expect(seen.slice(1)).toEqual(
    expect.arrayContaining([
      ['deleted', answer],
      ['deleted', root.ts],
    ]),
  );
  expect(await workspace.messages()).toEqual([]);
});

test('the app gets no events of a channel until the bot is invited', async () => {
  const heard: string[] = [];
  app.event('message', async ({ event }) => void heard.push((event as { text: string }).text));
  app.event('member_joined_channel', async ({ event }) => void heard.push(`joined ${event.user}`));
  await app.start();
  await workspace.say('unheard', { channel: 'quiet' });
  await workspace.ask('POST', 'members', { channel: 'quiet', user: workspace.bot, as: 'ana' });
  await workspace.say('heard', { channel: 'quiet' });
  await eventually(() => heard.includes('heard'), 'the second message arrived');
  expect(heard.sort()).toEqual(['heard', `joined ${workspace.bot}`]);
});

test('an event that finds no connection is sent again, with its number, once the app is there', async () => {
  await workspace.ask('PUT', 'app', { retryScale: 0.02 });
  await workspace.say('before the app');
  const retries: unknown[] = [];
  app.message(async ({ context }) => void retries.push([context.retryNum, context.retryReason]));
  await app.start();
  await eventually(() => retries.length === 1, 'the event came again');
  expect(retries).toEqual([[2, 'no_connection']]);
});

test('with duplicate-events an event is sent twice with one id', async () => {
  const ids: string[] = [];
  app.message(async ({ body }) => void ids.push(body.event_id));
  await app.start();
  await workspace.fail('duplicate-events');
  await workspace.say('twice');
  await eventually(() => ids.length === 2, 'both came');
  expect(new Set(ids).size).toBe(1);
});

test('a connection that is recycled or dropped is opened again, and events go on', async () => {
  const texts: string[] = [];
  app.message(async ({ message }) => void texts.push((message as { text: string }).text));
  await app.start();
  const watch = await workspace.watch();
  for (const how of ['refresh', 'drop']) {
    const from = watch.events.length;
    await workspace.ask('POST', 'socket', { how });
    await eventually(
      () => watch.events.slice(from).some((event) => event.type === 'bot_connected' && event.connected),
      `connected again after ${how}`,
    );
    await workspace.say(how);
    await eventually(() => texts.includes(how), `heard after ${how}`);
  }
  watch.close();
});

test('a command is answered by its acknowledgement, later through its response_url five times', async () => {
  let url = '';
  await workspace.ask('PUT', 'app', { commands: [{ command: '/plain', description: '', usageHint: '' }] });
  app.command('/plain', async ({ ack, command }) => {
    url = command.response_url;
    expect(command).toMatchObject({ text: 'https://a.example/x.mp3 & more', channel_name: 'general' });
    await ack('on it');
  });
  await app.start();
  const outcome = await workspace.ask('POST', 'commands', {
    channel: 'general',
    as: 'ana',
    text: '/plain https://a.example/x.mp3 & more',
  });
  expect(outcome).toEqual({ ok: true });
  const statuses: number[] = [];
  for (let use = 1; use <= 6; use += 1) {
    const body = JSON.stringify({ text: `answer ${use}`, response_type: 'in_channel' });
    statuses.push((await fetch(url, { method: 'POST', body })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  const messages = await workspace.messages();
  expect(messages[0]).toMatchObject({ text: 'on it', ephemeral_to: workspace.ana });
  expect(messages.slice(1).map(({ text }) => text)).toEqual([1, 2, 3, 4, 5].map((use) => `answer ${use}`));
});

test('a command that asks for it gets people, channels and links by id, and all else escaped', async () => {
  const texts: string[] = [];
  app.command('/parley', async ({ ack, command }) => {
    await ack();
    texts.push(command.text);
  });
  await app.start();
  const { general, state } = workspace;
  const ben = state.people.find(({ name }) => name === 'ben')!.id;
  for (const typed of [
    '@Ben Whitfield R&D <now>',
    '@ben see #general and https://a.example/?x=1&y=2',
    '@nobody',
  ]) {
    await workspace.ask('POST', 'commands', { channel: 'general', as: 'ana', text: `/parley ${typed}` });
  }
  expect(texts).toEqual([
    `<@${ben}|ben> R&amp;D &lt;now&gt;`,
    `<@${ben}|ben> see <#${general}|general> and <https://a.example/?x=1&amp;y=2>`,
    '@nobody',
  ]);
});

test('a command without an acknowledgement ends after 3 s with operation_timeout', async () => {
  app.command('/parley', async () => {});
  await app.start();
  const started = workspace.clock.nowMs();
  const outcome = await workspace.ask('POST', 'commands', {
    channel: 'general',
    as: 'ana',
    text: '/parley x',
  });
  expect(outcome).toEqual({ ok: false, error: '/parley failed with the error "operation_timeout"' });
  expect(workspace.clock.nowMs() - started).toBeGreaterThanOrEqual(2990);
});

test('without an app a command fails at once, and an unknown one is not a command', async () => {
  const run = (text: string) => workspace.ask('POST', 'commands', { channel: 'general', as: 'ana', text });
  expect(await run('/parley x')).toEqual({
    ok: false,
    error: '/parley failed with the error "dispatch_failed"',
  });
  expect(await run('/nothing')).toEqual({ ok: false, error: '/nothing is not a valid command.' });
  await app.start();
});

test('an invitation adds the app to a channel, and unknown names are rejected', async () => {
  const invite = (who: string) =>
    workspace.ask('POST', 'commands', { channel: 'quiet', as: 'ana', text: `/invite ${who}` });
  const isThere = async () => {
    const { channels } = (await workspace.ask('GET', 'state')) as WorkspaceState;
    return channels.find(({ name }) => name === 'quiet')?.botIsMember;
  };
  expect(await isThere()).toBe(false);
  expect(await invite('@nobody')).toEqual({
    ok: false,
    error: 'No one is called "@nobody".',
  });
  expect(await isThere()).toBe(false);
  expect(await invite('@Parley')).toEqual({ ok: true });
  expect(await isThere()).toBe(true);
  await app.start();
});

test('a message shortcut carries the message with its files', async () => {
  const file = await workspace.upload('talk.wav', new TextEncoder().encode('RIFF'));
  const message = await workspace.say('', { files: [file.id] });
  let seen: Record<string, unknown> = {};
  app.shortcut('transcribe_message', async ({ shortcut, ack }) => {
    await ack();
    seen = shortcut as never;
  });
  await app.start();
  const place = { channel: workspace.general, ts: message.ts };
  expect(
    await workspace.ask('POST', 'shortcuts', {
      as: 'ana',
      callback_id: 'transcribe_message',
      message: place,
    }),
  ).toEqual({ ok: true });
  expect(seen).toMatchObject({
    type: 'message_action',
    message_ts: message.ts,
    message: { files: [{ id: file.id, mimetype: 'audio/wav', size: 4, mode: 'hosted' }] },
  });
});

test('a global shortcut has no channel, and its trigger opens a modal', async () => {
  let seen: Record<string, unknown> = {};
  app.shortcut({ type: 'shortcut', callback_id: 'start_meeting' }, async ({ shortcut, ack, client }) => {
    await ack();
    seen = shortcut as never;
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: { type: 'modal', title: { type: 'plain_text', text: 'Where?' }, blocks: [] },
    });
  });
  await app.start();
  const run = (callback_id: string) => workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id });
  expect(await run('start_meeting')).toEqual({ ok: true });
  expect(seen).toMatchObject({ type: 'shortcut', user: { id: workspace.ana } });
  expect(seen).not.toHaveProperty('channel');
  await eventually(async () => {
    const { views } = await workspace.ask<{ views: object[] }>('GET', 'views?as=ana');
    return views.length === 1;
  }, 'the modal is open');
  await expect(run('transcribe_message')).rejects.toThrow('no global shortcut');
});

test('opening the App Home notifies the app, and the published view is shown', async () => {
  const texts: string[] = [];
  app.event('app_home_opened', async ({ event, client }) => {
    texts.push(String(event.tab));
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'divider' }] },
    });
  });
  await app.start();
  const watch = await workspace.watch();
  expect(await workspace.ask('GET', 'home?as=ana')).toEqual({ view: null });
  await eventually(() => watch.events.some(({ type }) => type === 'home'), 'the home was published');
  expect(texts).toEqual(['home']);
  expect(await workspace.ask('GET', 'home?as=ana')).toMatchObject({
    view: { type: 'home', blocks: [{ type: 'divider' }] },
  });
  watch.close();
});
