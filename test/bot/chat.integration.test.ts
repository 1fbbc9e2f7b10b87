import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { ALL_SCOPES } from '../../sandbox/slack/seed.ts';
import type { Channel, FileId, MemberId, MessageId, Thread, WorkspaceId } from '../../src/core/ids.ts';
import type { ThreadMessage } from '../../src/core/thread-message.ts';
import type { ChatFault } from '../fakes/memory-chat.ts';
import { faultOf } from '../support/fault.ts';
import { type ChatUnderTest, describeChat } from './chat.contract.ts';
import { openBot, type TestBot } from './support/bot.ts';
import { PNG, resultOf, SHORT } from './support/conversation.ts';

const STAND_IN_FAULTS: Readonly<Record<ChatFault, string>> = {
  'rate-limit': 'rate-limit-posts',
  'lost-response': 'lost-responses',
  'not-in-channel': 'bot-not-in-channel',
  unavailable: 'api-500',
  'form-refused': 'invalid-blocks',
  'edit-refused': 'edits-refused',
  'file-refused': 'uploads-off',
};

const toSeen = ({ ts, text, metadata, files, ephemeral_to }: StoredMessage) => ({
  messageId: ts as MessageId,
  text,
  key: (metadata?.event_payload.key as string | undefined) ?? null,
  fileIds: (files ?? []).map(({ id }) => id as FileId),
  ephemeralTo: (ephemeral_to as MemberId | undefined) ?? null,
});

describeChat('Slack', async (): Promise<ChatUnderTest> => {
  const open = await openBot('socket');
  const { workspace, bot } = open;
  const { people } = workspace.state;
  const nameOf = (memberId: MemberId) => people.find(({ id }) => id === memberId)!.name;
  const idOf = (name: string) => people.find((person) => person.name === name)!.id as MemberId;
  const stored = (query: string) => workspace.ask<{ messages: StoredMessage[] }>('GET', `messages?${query}`);
  return {
    chat: bot.chat,
    ana: idOf('ana'),
    ben: idOf('ben'),
    async addPerson(elsewhere) {
      const request = { name: elsewhere, realName: elsewhere, elsewhere, isAdmin: true };
      return (await workspace.ask<{ person: { id: MemberId } }>('POST', 'people', request)).person.id;
    },
    workspaceId: workspace.state.team.id as WorkspaceId,
    async deleteRoot({ channelId, rootId }) {
      await workspace.ask('DELETE', `messages?channel=${channelId}&ts=${rootId}&as=ana`);
    },
    newThread: async () => open.thread((await workspace.say('root')).ts),
    async messages(where: Channel | Thread) {
      const rootId = 'rootId' in where ? where.rootId : null;
      const thread = rootId === null ? '' : `&thread=${rootId}`;
      const { messages } = await stored(`channel=${where.channelId}${thread}`);
      return messages.filter(({ ts }) => ts !== rootId).map(toSeen);
    },
    async directMessages(memberId) {
      const { channels } = await workspace.ask<typeof workspace.state>('GET', 'state');
      const direct = channels.find(({ name }) => name === `Parley-${nameOf(memberId)}`);
      return direct === undefined ? [] : (await stored(`channel=${direct.id}`)).messages.map(toSeen);
    },
    async addFile(name, bytes) {
      const file = await workspace.upload(name, bytes);
      await workspace.say('', { files: [file.id] });
      return file.id as FileId;
    },
    removeFile: async (fileId) => void (await workspace.ask('DELETE', `files/${fileId}?as=ana`)),
    archive: async (channel, archived) =>
      void (await workspace.ask('POST', 'channels', { channel, as: 'ana', archived })),
    fail: async (fault, times) =>
      void (await workspace.fail(`${STAND_IN_FAULTS[fault]}${times === undefined ? '' : `:${times}`}`)),
    recover: async () => void (await workspace.fail()),
    close: () => open.close(),
  };
});

describe('over Slack’s Web API', () => {
  let bot: TestBot;
  beforeAll(async () => {
    bot = await openBot('socket');
  });
  afterAll(() => bot.close());
  beforeEach(() => bot.workspace.fail());

  const progress: ThreadMessage = { kind: 'progress', title: 'weekly.mp3', stage: { name: 'waiting' } };
  const newThread = async () => bot.thread((await bot.workspace.say('root')).ts);
  const inThread = async (rootId: string): Promise<StoredMessage[]> =>
    (await bot.workspace.messages(rootId)).filter(({ ts }) => ts !== rootId);

  test('a message carries what machines read of it, and a result shows its chart', async () => {
    const thread = await newThread();
    const { chat } = bot.bot;
    const posted = await chat.post(thread, progress, 'status:c1');
    const [first] = await inThread(thread.rootId);
    expect(first!.metadata).toEqual({
      event_type: 'parley_message',
      event_payload: { kind: 'recording', final: false, key: 'status:c1' },
    });
    const fileId = await chat.uploadImage(thread.workspaceId, {
      name: 'talk-time.png',
      title: 'Talk time',
      bytes: PNG,
      altText: 'Pie chart',
    });
    const result = resultOf(SHORT, { message: { chart: { fileId, altText: 'Pie' } } });
    await chat.edit(thread.workspaceId, posted, result);
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

  test('a message is found beyond the first page of a busy thread', async () => {
    const thread = await newThread();
    for (let n = 0; n < 205; n += 1) await bot.workspace.say(`reply ${n}`, { thread_ts: thread.rootId });
    const posted = await bot.bot.chat.post(thread, progress, 'status:late');
    expect(posted).toMatchObject((await bot.bot.chat.find(thread, 'status:late'))!);
  });

  test('an internal error of Slack is worth trying again', async () => {
    const thread = await newThread();
    await bot.workspace.fail('api-error');
    const fault = await faultOf(bot.bot.chat.post(thread, progress, 'k'));
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: true });
  });

  test('a transient fault of a harmless call is tried again in place', async () => {
    await bot.workspace.fail('api-500:2');
    expect(await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never)).toBe('Ana Brandão');
  });

  test('a missing scope names itself', async () => {
    await bot.workspace.ask('PUT', 'app', { scopes: [] });
    const thread = await newThread();
    const fault = await faultOf(bot.bot.chat.post(thread, progress, 'k'));
    await bot.workspace.ask('PUT', 'app', { scopes: ALL_SCOPES });
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: false });
    expect(fault.userMessage).toContain('(chat:write)');
  });

  test('an unreachable Slack is worth trying again', async () => {
    const other = await openBot('http', {}, { apiUrl: 'http://127.0.0.1:9/api' });
    const fault = await faultOf(other.bot.chat.post(bot.thread('1.1'), progress, 'k'));
    expect(fault).toMatchObject({ code: 'chat-failed', retryable: true });
    await other.close();
  });

  test('a name is requested once', async () => {
    const calls = async () => {
      const seen = await bot.workspace.ask<{ calls: { method: string }[] }>('GET', 'calls');
      return seen.calls.filter(({ method }) => method === 'users.info').length;
    };
    await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never);
    const before = await calls();
    await bot.bot.chat.memberName('T1' as never, bot.workspace.ana as never);
    expect(await calls()).toBe(before);
  });

  test('nothing that people wrote, no name and no token is in the log', () => {
    expect(bot.log.join('\n')).not.toMatch(/xox|xapp|weekly|Good morning|Brand|It broke|Hello/);
    expect(bot.log.length).toBeGreaterThan(0);
  });
});
