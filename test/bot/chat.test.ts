import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../sandbox/control.ts';
import type { ThreadMessage } from '../../src/core/thread-message.ts';
import { faultOf } from '../support/fault.ts';
import { until } from '../support/until.ts';
import { openBot, type TestBot } from './support/bot.ts';
import { resultOf, SHORT } from './support/conversation.ts';

let bot: TestBot;
beforeAll(async () => {
  bot = await openBot('socket');
});
afterAll(() => bot.close());
beforeEach(() => bot.workspace.fail());

const progress: ThreadMessage = { kind: 'progress', title: 'weekly.mp3', stage: { name: 'waiting' } };
const failure: ThreadMessage = {
  kind: 'failure',
  conversationId: 'c1' as never,
  title: 'weekly.mp3',
  sentence: 'It broke.',
  mayRetry: true,
};
const newThread = async () => bot.thread((await bot.workspace.say('root')).ts);
const inThread = async (rootId: string): Promise<StoredMessage[]> =>
  (await bot.workspace.messages(rootId)).filter(({ ts }) => ts !== rootId);

describe('a message', () => {
  test('is posted in its thread, found by its key, and edited into its result', async () => {
    const thread = await newThread();
    const { chat } = bot.bot;
    const posted = await chat.post(thread, progress, 'status:c1');
    const [first] = await inThread(thread.rootId);
    expect(first).toMatchObject({ ts: posted.messageId, text: 'weekly.mp3: waits for its turn…' });
    expect(first!.metadata).toEqual({
      event_type: 'parley_message',
      event_payload: { kind: 'recording', final: false, key: 'status:c1' },
    });
    expect(await chat.find(thread, 'status:c1')).toEqual(posted);
    expect(await chat.find(thread, 'status:c2')).toBeNull();

    const fileId = await chat.uploadImage(thread.workspaceId, {
      name: 'talk-time.png',
      title: 'Talk time',
      bytes: PNG,
      altText: 'Pie chart',
    });
    await chat.edit(
      thread.workspaceId,
      posted,
      resultOf(SHORT, { message: { chart: { fileId, altText: 'Pie' } } }),
    );
    const [after, ...more] = await inThread(thread.rootId);
    expect(more).toEqual([]);
    expect(after!.metadata!.event_payload).toEqual({
      kind: 'recording',
      final: true,
      outcome: 'result',
      conversation: 'conversation-1',
    });
    expect(JSON.stringify(after!.blocks)).toContain(`"slack_file":{"id":"${fileId}"}`);
  });

  test('is found beyond the first page of a busy thread', async () => {
    const thread = await newThread();
    for (let n = 0; n < 205; n += 1) await bot.workspace.say(`reply ${n}`, { thread_ts: thread.rootId });
    const posted = await bot.bot.chat.post(thread, failure, 'status:late');
    expect(await bot.bot.chat.find(thread, 'status:late')).toEqual(posted);
  });

  test('whose answer got lost is there to be found, and was not posted twice', async () => {
    const thread = await newThread();
    await bot.workspace.fail('lose-acks:1');
    const fault = await faultOf(bot.bot.chat.post(thread, progress, 'status:lost'));
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: true });
    const messages = await inThread(thread.rootId);
    expect(messages).toHaveLength(1);
    expect((await bot.bot.chat.find(thread, 'status:lost'))?.messageId).toBe(messages[0]!.ts);
  });

  test('waits out a short rate limit, since Slack says that it did nothing', async () => {
    const thread = await newThread();
    await bot.workspace.fail('rate-limit-posts:1');
    await bot.bot.chat.post(thread, progress, 'status:limited');
    expect(await inThread(thread.rootId)).toHaveLength(1);
  });

  test('under a rate limit that lasts is left to the job, which is told how long', async () => {
    const thread = await newThread();
    await bot.workspace.fail('rate-limit-posts');
    const fault = await faultOf(bot.bot.chat.post(thread, progress, 'status:limited'));
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: true, retryAfterMs: 1_000 });
  });

  test('of progress gives way to a rate limit at once, and a result does not', async () => {
    const thread = await newThread();
    const posted = await bot.bot.chat.post(thread, progress, 'status:c1');
    await bot.workspace.fail('rate-limit-posts:1');
    await bot.bot.chat.edit(thread.workspaceId, posted, {
      ...progress,
      stage: { name: 'drawing' },
    } as ThreadMessage);
    expect((await inThread(thread.rootId))[0]!.text).toContain('waits for its turn');
    await bot.workspace.fail('rate-limit-posts:1');
    await bot.bot.chat.edit(thread.workspaceId, posted, failure);
    expect((await inThread(thread.rootId))[0]!.text).toContain('It broke.');
  });

  test('of progress is drawn again when only the answer got lost', async () => {
    const thread = await newThread();
    const posted = await bot.bot.chat.post(thread, progress, 'status:glitch');
    await bot.workspace.fail('lose-acks:1');
    await bot.bot.chat.edit(thread.workspaceId, posted, {
      ...progress,
      stage: { name: 'transcribing', elapsedMs: 0 },
    });
  });

  test('that was deleted meanwhile ends the matter', async () => {
    const thread = await newThread();
    const posted = { channelId: thread.channelId, messageId: '1.000001' as never };
    expect(await faultOf(bot.bot.chat.edit(thread.workspaceId, posted, failure))).toMatchObject({
      code: 'recording-gone',
      retryable: false,
    });
  });
});

const PNG = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

describe('faults', () => {
  test.each([
    ['bot-not-in-channel', 'not-in-channel', false],
    ['api-500', 'chat-failed', true],
    ['api-error', 'chat-failed', true],
  ])('%s is %s, worth trying again: %s', async (mode, code, retryable) => {
    const thread = await newThread();
    await bot.workspace.fail(mode);
    expect(await faultOf(bot.bot.chat.post(thread, progress, 'k'))).toMatchObject({ code, retryable });
  });

  test('a passing fault of a harmless call is tried again in place', async () => {
    await bot.workspace.fail('api-500:2');
    expect(await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never)).toBe('Ana Brandão');
  });

  test('blocks that Slack does not take are final', async () => {
    const thread = await newThread();
    const message = resultOf(SHORT, { message: { chart: { fileId: 'F0NOSUCH' as never, altText: 'x' } } });
    expect(await faultOf(bot.bot.chat.post(thread, message, 'k'))).toMatchObject({
      code: 'chat-failed',
      retryable: false,
    });
  });

  test('a missing scope names itself', async () => {
    await bot.workspace.ask('PUT', 'app', { scopes: [] });
    const thread = await newThread();
    const fault = await faultOf(bot.bot.chat.post(thread, progress, 'k'));
    const { scopes } = await import('../../sandbox/slack/seed.ts').then(({ ALL_SCOPES }) => ({
      scopes: ALL_SCOPES,
    }));
    await bot.workspace.ask('PUT', 'app', { scopes });
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: false });
    expect(fault.userMessage).toContain('(chat:write)');
  });

  test('an unreachable Slack passes', async () => {
    const other = await openBot('http', {}, { apiUrl: 'http://127.0.0.1:9/api' });
    const fault = await faultOf(other.bot.chat.post(bot.thread('1.1'), progress, 'k'));
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: true });
    await other.close();
  });
});

describe('a channel that is archived', () => {
  test('takes neither posts nor edits, and says what it is', async () => {
    const { ts, channel } = await bot.workspace.say('root', { channel: 'random' });
    const thread = { ...bot.thread(ts), channelId: channel as never };
    const posted = await bot.bot.chat.post(thread, progress, 'k');
    const archive = (archived: boolean) =>
      bot.workspace.ask('POST', 'channels', { channel: 'random', as: 'ana', archived });
    await archive(true);
    const faults = await Promise.all([
      faultOf(bot.bot.chat.post(thread, progress, 'k')),
      faultOf(bot.bot.chat.edit(thread.workspaceId, posted, failure)),
      faultOf(bot.bot.chat.shareFile(thread, PLAIN, { resume: null, reserved: async () => {} })),
    ]);
    await archive(false);
    for (const fault of faults) expect(fault).toMatchObject({ code: 'channel-archived', retryable: false });
  });
});

const PLAIN = { name: 'weekly.txt', title: 'weekly.txt', bytes: new TextEncoder().encode('Hello') };

describe('one person', () => {
  const sentTo = async (name: string): Promise<StoredMessage[]> => {
    const { channels } = await bot.workspace.ask<typeof bot.workspace.state>('GET', 'state');
    const direct = channels.find((channel) => channel.name === `Parley-${name}`);
    if (direct === undefined) return [];
    const answer = await bot.workspace.ask<{ messages: StoredMessage[] }>(
      'GET',
      `messages?channel=${direct.id}`,
    );
    return answer.messages;
  };
  const idOf = (name: string) => bot.workspace.state.people.find((one) => one.name === name)!.id as never;

  test('gets a message alone, which is found by its key, and a file below it, once', async () => {
    const { chat } = bot.bot;
    const workspaceId = 'T1' as never;
    expect(await chat.findPrivate(workspaceId, idOf('yuki'), 'private:c1')).toBeNull();
    await chat.postPrivately(workspaceId, idOf('ben'), failure, 'private:c1');
    const posted = await chat.postPrivately(workspaceId, idOf('yuki'), failure, 'private:c1');
    expect(await chat.findPrivate(workspaceId, idOf('yuki'), 'private:c1')).toEqual(posted);
    expect(await chat.findPrivate(workspaceId, idOf('yuki'), 'private:c2')).toBeNull();

    const where = { workspaceId, channelId: posted.channelId };
    const ids: string[] = [];
    const reserved = async (id: string) => void ids.push(id);
    await bot.workspace.fail('lose-acks:1');
    await faultOf(chat.shareFile(where, PLAIN, { resume: null, reserved }));
    expect(await chat.shareFile(where, PLAIN, { resume: ids[0] as never, reserved })).toBe(ids[0]);
    const [message, file, ...more] = await until(async () => {
      const sent = await sentTo('yuki');
      return sent.length > 1 && sent;
    });
    expect(message).toMatchObject({ ts: posted.messageId, text: 'weekly.mp3: It broke.' });
    expect(file!.files!.map(({ id }) => id)).toEqual(ids);
    expect(more).toEqual([]);
  });

  test('is told apart, with the place, what cannot be said in a channel that Parley is not in', async () => {
    const thread = await newThread();
    await bot.workspace.fail('bot-not-in-channel');
    await bot.bot.chat.postEphemeral(thread, bot.workspace.ana as never, 'Nobody speaks in <this>.');
    const [told] = await sentTo('ana');
    expect(told!.text).toBe(`In <#${bot.workspace.general}>: Nobody speaks in &lt;this&gt;.`);
    expect(await inThread(thread.rootId)).toEqual([]);
  });
});

describe('people', () => {
  test('a whisper reaches one person in the thread, as plain text', async () => {
    const thread = await newThread();
    await bot.bot.chat.postEphemeral(thread, bot.workspace.ana as never, 'Nobody speaks in <this>.');
    const [whisper] = await inThread(thread.rootId);
    expect(whisper).toMatchObject({
      ephemeral_to: bot.workspace.ana,
      text: 'Nobody speaks in &lt;this&gt;.',
    });
  });

  test('a whisper that cannot arrive, or a home that cannot be drawn, never throws', async () => {
    const thread = await newThread();
    await bot.workspace.fail('api-500');
    await bot.bot.chat.postEphemeral(thread, bot.workspace.ana as never, 'hello');
    await bot.bot.chat.refreshHome(thread.workspaceId, bot.workspace.ana as never);
  });

  test('a name that cannot be had is the member’s id', async () => {
    expect(await bot.bot.chat.memberName('T1' as never, 'U0NOBODY' as never)).toBe('U0NOBODY');
  });

  test('a name is asked for once', async () => {
    const calls = async () => {
      const seen = await bot.workspace.ask<{ calls: { method: string }[] }>('GET', 'calls');
      return seen.calls.filter(({ method }) => method === 'users.info').length;
    };
    await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never);
    const before = await calls();
    await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never);
    expect(await calls()).toBe(before);
  });
});

describe('files', () => {
  const exported = { ...PLAIN, name: '../path/weekly.txt' };
  const sharedIn = async (rootId: string): Promise<string[]> =>
    (await inThread(rootId)).flatMap(({ files }) => files?.map(({ id }) => id) ?? []);

  test('are shared in the thread under their bare name, their id told before anything shows', async () => {
    const thread = await newThread();
    let told = '';
    const fileId = await bot.bot.chat.shareFile(thread, exported, {
      resume: null,
      reserved: async (id) => {
        told = id;
        expect(await sharedIn(thread.rootId)).toEqual([]);
      },
    });
    expect(told).toBe(fileId);
    const [message] = await until(async () => {
      const messages = await inThread(thread.rootId);
      return messages.length > 0 && messages;
    });
    expect(message!.files![0]).toMatchObject({
      id: fileId,
      name: 'weekly.txt',
      title: 'weekly.txt',
      size: 5,
    });
  });

  test('interrupted before their bytes arrived are reserved anew', async () => {
    const thread = await newThread();
    const ids: string[] = [];
    const cut = bot.bot.chat.shareFile(thread, exported, {
      resume: null,
      reserved: async (id) => {
        ids.push(id);
        throw new Error('killed');
      },
    });
    await faultOf(cut);
    const fileId = await bot.bot.chat.shareFile(thread, exported, {
      resume: ids[0] as never,
      reserved: async (id) => void ids.push(id),
    });
    expect(ids).toEqual([ids[0], fileId]);
    await until(async () => (await sharedIn(thread.rootId)).length === 1);
    expect(await sharedIn(thread.rootId)).toEqual([fileId]);
  });

  test('whose completion lost its answer are found to be shared, and not shared twice', async () => {
    const thread = await newThread();
    const ids: string[] = [];
    await bot.workspace.fail('lose-acks:1');
    const fault = await faultOf(
      bot.bot.chat.shareFile(thread, exported, { resume: null, reserved: async (id) => void ids.push(id) }),
    );
    expect(fault.retryable).toBe(true);
    const again = { resume: ids[0] as never, reserved: async (id: string) => void ids.push(id) };
    expect(await bot.bot.chat.shareFile(thread, exported, again)).toBe(ids[0]);
    await until(async () => (await sharedIn(thread.rootId)).length > 0);
    expect(await bot.bot.chat.shareFile(thread, exported, again)).toBe(ids[0]);
    expect(await sharedIn(thread.rootId)).toEqual([ids[0]]);
    expect(ids).toHaveLength(1);
  });

  test('deleted twice are gone once', async () => {
    const thread = await newThread();
    const fileId = await bot.bot.chat.shareFile(thread, exported, { resume: null, reserved: async () => {} });
    await until(async () => (await sharedIn(thread.rootId)).length === 1);
    await bot.bot.chat.deleteFile(thread.workspaceId, fileId);
    expect(await sharedIn(thread.rootId)).toEqual([]);
    await bot.bot.chat.deleteFile(thread.workspaceId, fileId);
  });

  test('an image is ready for blocks when its upload is done, however long Slack digests', async () => {
    await bot.workspace.fail('slow-digest:1');
    const thread = await newThread();
    const fileId = await bot.bot.chat.uploadImage(thread.workspaceId, {
      name: 'chart.png',
      title: 'Chart',
      bytes: PNG,
    });
    const message = resultOf(SHORT, { message: { chart: { fileId, altText: 'x' } } });
    await bot.bot.chat.post(thread, message, 'k');
  });
});

test('nothing that people wrote, no name and no token is in the log', () => {
  expect(bot.log.join('\n')).not.toMatch(/xox|xapp|weekly|Good morning|Brand|It broke|Hello/);
  expect(bot.log.length).toBeGreaterThan(0);
});
