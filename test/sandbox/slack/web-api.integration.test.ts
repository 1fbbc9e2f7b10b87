import { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP_TOKEN, BOT_TOKEN, errorOf, type OpenWorkspace, openWorkspace } from './workspace.ts';

let workspace: OpenWorkspace;

beforeAll(async () => {
  workspace = await openWorkspace({ app: { enforceLimits: false } });
});
afterAll(() => workspace.close());

const post = (body: string, headers: Record<string, string>, method = 'auth.test') =>
  fetch(`${workspace.apiUrl}${method}`, { method: 'POST', body, headers });

describe('transport', () => {
  test('auth.test identifies the token, and has the scopes', async () => {
    const answer = await workspace.web.auth.test();
    expect(answer).toMatchObject({ ok: true, user_id: workspace.bot, team_id: workspace.state.team.id });
    expect(answer.response_metadata?.scopes).toContain('chat:write');
  });

  test.each([
    ['no token', {}, '', 'not_authed'],
    ['a wrong token', { authorization: 'Bearer xoxb-other' }, '', 'invalid_auth'],
    ['the app’s token', { authorization: `Bearer ${APP_TOKEN}` }, '', 'not_allowed_token_type'],
    [
      'a token in a JSON body',
      { 'content-type': 'application/json' },
      `{"token":"${BOT_TOKEN}"}`,
      'not_authed',
    ],
    [
      'broken JSON',
      { 'content-type': 'application/json', authorization: `Bearer ${BOT_TOKEN}` },
      '{',
      'invalid_json',
    ],
  ])('%s is refused', async (_name, headers, body, error) => {
    const response = await post(body, headers as unknown as Record<string, string>);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: false, error });
  });

  test('a token in a form counts, and JSON without a charset works with a warning', async () => {
    const form = await post(`token=${BOT_TOKEN}`, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(await form.json()).toMatchObject({ ok: true });
    const json = await post('{}', {
      'content-type': 'application/json',
      authorization: `Bearer ${BOT_TOKEN}`,
    });
    expect(await json.json()).toMatchObject({ ok: true, warning: 'missing_charset' });
  });

  test('a method that does not exist is unknown_method, and a missing argument is named', async () => {
    expect(await errorOf(workspace.web.apiCall('chat.dance'))).toBe('unknown_method');
    const response = await post(
      'x=1',
      {
        authorization: `Bearer ${BOT_TOKEN}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      'users.info',
    );
    expect(await response.json()).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: user [json-pointer:/user]'] },
    });
  });

  test('a scope that was taken away is missing_scope, with what is needed and provided', async () => {
    await workspace.ask('PUT', 'app', { scopes: ['users:read'] });
    const answer = await workspace.web.chat.postMessage({ channel: workspace.general, text: 'x' }).then(
      () => null,
      (error: { data: object }) => error.data,
    );
    await workspace.ask('PUT', 'app', { scopes: (await openScopes()) as string[] });
    expect(answer).toMatchObject({ error: 'missing_scope', needed: 'chat:write', provided: 'users:read' });
  });
});

const openScopes = async (): Promise<readonly string[]> =>
  (await import('../../../sandbox/slack/seed.ts')).ALL_SCOPES;

describe('chat', () => {
  test('a posted message can be read back with its metadata, updated and deleted', async () => {
    const { channel = '', ts = '' } = await workspace.web.chat.postMessage({
      channel: workspace.general,
      text: 'a < b & <@U0> *bold*',
      metadata: { event_type: 'test', event_payload: { key: 'k1' } },
    });
    const read = async () =>
      (await workspace.web.conversations.history({ channel, include_all_metadata: true })).messages![0]!;
    expect(await read()).toMatchObject({
      ts,
      text: 'a &lt; b &amp; <@U0> *bold*',
      user: workspace.bot,
      metadata: { event_payload: { key: 'k1' } },
    });
    await workspace.web.chat.update({ channel, ts, text: 'changed' });
    expect(await read()).toMatchObject({
      text: 'changed',
      edited: { user: workspace.bot },
      metadata: { event_payload: { key: 'k1' } },
    });
    await workspace.web.chat.delete({ channel, ts });
    expect(await errorOf(workspace.web.chat.update({ channel, ts, text: 'x' }))).toBe('message_not_found');
  });

  test('without include_all_metadata there is no metadata', async () => {
    await workspace.web.chat.postMessage({
      channel: workspace.general,
      text: 'marked',
      metadata: { event_type: 'test', event_payload: { key: 'k2' } },
    });
    const { messages } = await workspace.web.conversations.history({ channel: workspace.general, limit: 1 });
    expect(messages![0]).not.toHaveProperty('metadata');
  });

  test('what must not be done has Slack’s name', async () => {
    const { web, general, quiet } = workspace;
    const { ts } = await workspace.say('a person’s');
    expect(await errorOf(web.chat.postMessage({ channel: quiet, text: 'x' }))).toBe('not_in_channel');
    expect(await errorOf(web.chat.postMessage({ channel: 'C0', text: 'x' }))).toBe('channel_not_found');
    expect(await errorOf(web.chat.postMessage({ channel: general, text: '' }))).toBe('no_text');
    expect(await errorOf(web.chat.update({ channel: general, ts, text: 'x' }))).toBe('cant_update_message');
    expect(await errorOf(web.chat.delete({ channel: general, ts }))).toBe('cant_delete_message');
    expect(await errorOf(web.conversations.replies({ channel: general, ts: '1.1' }))).toBe(
      'thread_not_found',
    );
    expect(await errorOf(web.conversations.history({ channel: quiet }))).toBe('not_in_channel');
    expect(await errorOf(web.users.info({ user: 'U0' }))).toBe('user_not_found');
  });

  test('an ephemeral message is shown to one person and is in no history', async () => {
    await workspace.web.chat.postEphemeral({
      channel: workspace.general,
      user: workspace.ana,
      text: 'psst',
    });
    const { messages } = await workspace.web.conversations.history({ channel: workspace.general });
    expect(messages!.map(({ text }) => text)).not.toContain('psst');
    const seen = (await workspace.messages()).find(({ text }) => text === 'psst');
    expect(seen).toMatchObject({ ephemeral_to: workspace.ana });
  });

  test('text is cut at 40,000 characters', async () => {
    const { message } = await workspace.web.chat.postMessage({
      channel: workspace.general,
      text: 'x'.repeat(40_001),
    });
    expect(message?.text).toHaveLength(40_000);
  });
});

describe('conversations', () => {
  test('a thread is read page by page, the root first and only once', async () => {
    const root = await workspace.say('root');
    for (let reply = 1; reply <= 4; reply += 1) await workspace.say(`reply ${reply}`, { thread_ts: root.ts });
    const texts: string[] = [];
    for await (const page of workspace.web.paginate('conversations.replies', {
      channel: workspace.general,
      ts: root.ts,
      limit: 2,
    })) {
      texts.push(...(page as unknown as { messages: { text: string }[] }).messages.map(({ text }) => text));
    }
    expect(texts).toEqual(['root', 'reply 1', 'reply 2', 'reply 3', 'reply 4']);
  });

  test('history is newest first, without replies, within oldest and latest, with thread summaries', async () => {
    const [one, two, three] = [await workspace.say('1'), await workspace.say('2'), await workspace.say('3')];
    await workspace.say('in thread', { thread_ts: two.ts });
    const between = await workspace.web.conversations.history({
      channel: workspace.general,
      oldest: one.ts,
      latest: three.ts,
      inclusive: true,
    });
    expect(between.messages!.map(({ text }) => text)).toEqual(['3', '2', '1']);
    expect(between.messages![1]).toMatchObject({ reply_count: 1, thread_ts: two.ts });
    const strict = await workspace.web.conversations.history({
      channel: workspace.general,
      oldest: one.ts,
      latest: three.ts,
    });
    expect(strict.messages!.map(({ text }) => text)).toEqual(['2']);
  });

  test('channels, members and users are listed, and a join makes a channel usable', async () => {
    const { web, quiet, bot, ana } = workspace;
    const { channels } = await web.conversations.list();
    expect(channels!.map(({ name, is_member }) => [name, is_member])).toContainEqual(['general', true]);
    expect((await web.users.conversations({})).channels!.map(({ name }) => name)).not.toContain('quiet');
    await web.conversations.join({ channel: quiet });
    expect((await web.conversations.members({ channel: quiet })).members).toContain(bot);
    const { members } = await web.users.list({});
    expect(members!.filter(({ is_bot }) => !is_bot)).toHaveLength(3);
    const { channel } = await web.conversations.open({ users: ana });
    expect(await web.chat.postMessage({ channel: channel!.id!, text: 'direct' })).toMatchObject({ ok: true });
  });

  test('a profile has a phone number where there is one, and admins are marked', async () => {
    const { web, state, ana } = workspace;
    const ben = state.people.find(({ name }) => name === 'ben')!.id;
    expect((await web.users.profile.get({ user: ben })).profile!.phone).toBe('+44 20 7946 0102');
    expect((await web.users.info({ user: ben })).user).toMatchObject({
      is_admin: false,
      profile: { phone: '+44 20 7946 0102' },
    });
    const { members } = await web.users.list({});
    expect(members!.find(({ id }) => id === ana)).toMatchObject({ is_admin: true, profile: { phone: '' } });
  });

  test('reactions are added once, read and removed', async () => {
    const { ts } = await workspace.say('nice');
    const target = { channel: workspace.general, timestamp: ts, name: 'eyes' };
    await workspace.web.reactions.add(target);
    expect(await errorOf(workspace.web.reactions.add(target))).toBe('already_reacted');
    const { message } = await workspace.web.reactions.get({ channel: workspace.general, timestamp: ts });
    expect(message!.reactions).toEqual([{ name: 'eyes', count: 1, users: [workspace.bot] }]);
    await workspace.web.reactions.remove(target);
    expect(await errorOf(workspace.web.reactions.remove(target))).toBe('no_reaction');
  });
});

describe('a channel that people close', () => {
  const run = (text: string) => workspace.ask('POST', 'commands', { channel: 'random', as: 'ana', text });
  const random = () => workspace.state.channels.find(({ name }) => name === 'random')!.id;

  test('by archiving it can be read and not written in, until it is taken back', async () => {
    const { chat, conversations } = workspace.web;
    const channel = random();
    const { ts } = await chat.postMessage({ channel, text: 'before' });
    expect(await run('/archive')).toEqual({ ok: true });
    expect(await errorOf(chat.postMessage({ channel, text: 'x' }))).toBe('is_archived');
    expect(await errorOf(chat.postEphemeral({ channel, user: workspace.ana, text: 'x' }))).toBe(
      'is_archived',
    );
    expect(await errorOf(chat.update({ channel, ts: ts!, text: 'x' }))).toBe('is_inactive');
    await expect(workspace.say('x', { channel: 'random' })).rejects.toThrow('#random is archived');
    expect(await run('/parley meet')).toEqual({ ok: false, error: '#random is archived.' });
    expect((await conversations.info({ channel })).channel).toMatchObject({ is_archived: true });
    const { messages } = await conversations.history({ channel });
    expect(messages?.[0]?.text).toBe('before');
    await workspace.ask('POST', 'channels', { channel: 'random', as: 'ana', archived: false });
    expect(await errorOf(chat.postMessage({ channel, text: 'after' }))).toBe('no error');
  });

  test('by removing the app answers not_in_channel, while the app still reaches its people alone', async () => {
    const { chat } = workspace.web;
    expect(await run('/remove @nobody')).toMatchObject({ ok: false });
    expect(await run('/remove @Parley')).toEqual({ ok: true });
    expect(await errorOf(chat.postMessage({ channel: random(), text: 'x' }))).toBe('not_in_channel');
    const { channel } = await chat.postMessage({ channel: workspace.ana, text: 'x' });
    expect(channel).toMatch(/^D/);
    expect(await run('/invite @Parley')).toEqual({ ok: true });
    expect(await errorOf(chat.postMessage({ channel: random(), text: 'x' }))).toBe('no error');
  });
});

test('apps.connections.open takes the app’s token only', async () => {
  const app = new WebClient(APP_TOKEN, { slackApiUrl: workspace.apiUrl });
  expect((await app.apps.connections.open({})).url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\/\?ticket=/);
  expect(await errorOf(workspace.web.apps.connections.open({}))).toBe('not_allowed_token_type');
});
