import { expect, test } from 'vitest';
import { METHODS } from '../../src/bot/api/methods.ts';
import type { ChannelId, MemberId } from '../../src/core/ids.ts';
import type { ThreadMessage } from '../../src/core/thread-message.ts';
import { openBot, recordRequests } from '../bot/support/bot.ts';
import { PNG, resultOf, SHORT } from '../bot/support/conversation.ts';
import { until } from '../support/until.ts';
import { createContractWitness } from './slack-witness.ts';

/** Called elsewhere, where every exchange is held to the reference as well. */
const ELSEWHERE = {
  'blocks.validate': 'test/bot/trial.integration.test.ts',
  'views.update': 'test/bot/calls.integration.test.ts',
  'chat.getPermalink': 'test/bot/meetings.integration.test.ts',
  'chat.postEphemeral': 'test/bot/chat.integration.test.ts',
};

test('every method is sent what the reference knows and wants, and answered with keys that Slack has', async () => {
  const witness = createContractWitness({ app: true });
  const bot = await openBot('http', { witness });
  await bot.start(recordRequests().requests);
  const { chat } = bot.bot;
  const workspaceId = bot.workspace.state.team.id as never;
  const ana = bot.workspace.ana as MemberId;
  const message: ThreadMessage = { kind: 'remark', sentence: 'Hello.' };
  const thread = bot.thread((await bot.workspace.say('root')).ts);
  const fileId = await chat.uploadImage(workspaceId, { name: 'c.png', title: 'Chart', bytes: PNG });
  const posted = await chat.post(thread, message, 'k');
  await chat.edit(workspaceId, posted, resultOf(SHORT, { message: { chart: { fileId, altText: 'Chart' } } }));
  await chat.find(thread, 'k');
  await chat.findCard(workspaceId, bot.workspace.general as ChannelId, 'k');
  await chat.findPrivate(workspaceId, ana, 'k');
  await chat.shareFile(
    thread,
    { name: 'a.txt', title: 'a.txt', bytes: new TextEncoder().encode('Hello') },
    { resume: null, reserved: async () => {} },
  );
  await chat.remove(workspaceId, posted);
  await chat.deleteFile(workspaceId, fileId);
  await chat.memberName(workspaceId, ana);
  await chat.memberPhone(workspaceId, ana);
  await chat.refreshHome(workspaceId, ana);
  await bot.workspace.ask('POST', 'commands', { channel: 'general', as: 'ana', text: '/parley meet Plan' });
  await bot.workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id: 'start_meeting' });
  const expected = Object.keys(METHODS).filter((name) => !(name in ELSEWHERE));
  await until(() => expected.every((name) => witness.methods.has(name)), { what: 'every method' });
  await bot.close();
  expect(witness.faults).toEqual([]);
});
