import { afterEach, describe, expect, test } from 'vitest';
import type { OpenView, Person } from '../../sandbox/slack/control/contract.ts';
import type { Chat, Requests } from '../../src/core/ports.ts';
import type { MeetingCardMessage } from '../../src/core/thread-message.ts';
import { membersOnly } from '../../src/flows/members-only.ts';
import { EXTERNAL } from '../../src/flows/sentences.ts';
import { shownText } from '../e2e/support/workspace.ts';
import { until } from '../support/until.ts';
import { type Mode, openBot, recordRequests, type TestBot } from './support/bot.ts';

/** People of elsewhere in a channel that is shared with them. What Slack says of their workspace is not Parley's. */

let open: TestBot | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

type Elsewhere = 'another-workspace' | 'another-organization';

/** `gate`: what stands between the bot and the use cases. */
const begin = async (
  mode: Mode,
  elsewhere: Elsewhere,
  gate: (requests: Requests, chat: Chat) => Requests = (requests) => requests,
) => {
  const recorded = recordRequests({
    meetingLink: async () => ({ url: 'https://parley.example.com/meet' }),
  });
  open = await openBot(mode);
  const { workspace } = open;
  const request = { name: 'gil', realName: 'Gil', elsewhere };
  const { person } = await workspace.ask<{ person: Person }>('POST', 'people', request);
  await workspace.ask('POST', 'members', { channel: 'general', user: 'gil', as: 'ana' });
  await open.start(gate(recorded.requests, open.bot.chat));
  return { ...open, ...recorded, person };
};

const CARD: MeetingCardMessage = {
  kind: 'meeting-card',
  capture: null,
  remarks: [],
  conversationId: 'm1' as never,
  title: 'Weekly',
  startedBy: 'U0ANA' as never,
  state: 'waiting',
  present: [],
  startedAtMs: null,
  endedAtMs: null,
  unavailable: null,
  dialIn: null,
};

describe.each<[Elsewhere, Mode]>([
  ['another-workspace', 'socket'],
  ['another-workspace', 'http'],
  ['another-organization', 'socket'],
  ['another-organization', 'http'],
])('a person of %s, over %s', (elsewhere, mode) => {
  test('who clicks, clicks in Parley’s workspace', async () => {
    const opened = await begin(mode, elsewhere);
    const { bot, workspace, of, person } = opened;
    const { workspaceId, channelId } = opened.thread('0');
    const { messageId } = await bot.chat.postCard(workspaceId, channelId, CARD, 'card:m1');
    const message = { channel: 'general', ts: messageId };
    await workspace.ask('POST', 'actions', { as: 'gil', message, action_id: 'join_meeting' });
    expect(await until(() => of('meetingLink')[0])).toEqual(['m1', workspace.state.team.id, person.id]);
  });

  test('who posts a recording, posts it in Parley’s workspace', async () => {
    const opened = await begin(mode, elsewhere);
    const { workspace, of } = opened;
    const file = await workspace.upload('talk.mp3', Uint8Array.of(0), 'gil');
    const { message } = await workspace.ask<{ message: { ts: string } }>('POST', 'messages', {
      channel: 'general',
      as: 'gil',
      text: '',
      files: [file.id],
    });
    const [posted] = await until(() => of('filesPosted')[0]);
    expect(posted.thread).toEqual(opened.thread(message.ts));
  });

  test('who submits a dialog, submits it in Parley’s workspace', async () => {
    const { workspace, of, person } = await begin(mode, elsewhere);
    await workspace.ask('POST', 'shortcuts', { as: 'gil', callback_id: 'start_meeting' });
    const view = await until(
      async () => (await workspace.ask<{ views: OpenView[] }>('GET', 'views?as=gil')).views[0],
    );
    const values = {
      channel: { channel: { type: 'conversations_select', selected_conversation: workspace.general } },
    };
    await workspace.ask('POST', 'views', { as: 'gil', viewId: view.id, values });
    expect((await until(() => of('openMeeting')[0]))[0]).toMatchObject({
      workspaceId: workspace.state.team.id,
      by: person.id,
    });
  });

  test('has no command of Parley’s', async () => {
    const { workspace } = await begin(mode, elsewhere);
    const typed = { channel: 'general', as: 'gil', text: '/parley help' };
    expect(await workspace.ask('POST', 'commands', typed)).toEqual({
      ok: false,
      error: '/parley is not a valid command.',
    });
  });
});

test.each<[Elsewhere, string]>([
  ['another-organization', EXTERNAL.join],
  ['another-workspace', 'This link is just for you'],
])('a person of %s who presses Join reads what that means for them', async (elsewhere, sentence) => {
  const opened = await begin('socket', elsewhere, membersOnly);
  const { bot, workspace, person } = opened;
  const { workspaceId, channelId } = opened.thread('0');
  const { messageId } = await bot.chat.postCard(workspaceId, channelId, CARD, 'card:m1');
  const message = { channel: 'general', ts: messageId };
  await workspace.ask('POST', 'actions', { as: 'gil', message, action_id: 'join_meeting' });
  const told = await until(async () =>
    (await workspace.messages()).find(({ ephemeral_to }) => ephemeral_to === person.id),
  );
  expect(shownText(told)).toContain(sentence);
});
