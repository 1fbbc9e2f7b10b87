import { afterEach, expect, test } from 'vitest';
import { createApi } from '../../src/bot/api/api.ts';
import { createClient } from '../../src/bot/api/client.ts';
import { parseClick, parseViewClick } from '../../src/bot/listeners/actions/click.ts';
import { startMeeting } from '../../src/bot/listeners/start-meeting.ts';
import { systemClock } from '../../src/clock.ts';
import { BOT_TOKEN, type OpenWorkspace, openWorkspace } from '../sandbox/slack/workspace.ts';
import { recordRequests } from './support/bot.ts';

let workspace: OpenWorkspace | null = null;
afterEach(async () => {
  await workspace?.close();
  workspace = null;
});

const silent = { debug() {}, info() {}, warn() {}, error() {} };

test.each([
  ['between two people', 'D0NOTOURS', 'can’t join a conversation between two people'],
  ['that it cannot see', 'C0NOTOURS', '/invite @Parley'],
])('a meeting in a conversation %s is refused with what to do instead', async (_what, channelId, said) => {
  workspace = await openWorkspace();
  const api = createApi({
    client: createClient(BOT_TOKEN, workspace.apiUrl, silent),
    clock: systemClock,
    log: silent,
  });
  const { requests, asked } = recordRequests();
  const request = { workspaceId: 'T1', channelId, by: 'U1', title: '', origin: 'command:1' } as never;
  expect(await startMeeting({ requests, api }, request)).toEqual({
    outcome: 'refused',
    sentence: expect.stringContaining(said),
  });
  expect(asked).toEqual([]);
});

const click = (user: object, action: object = { value: 'm1' }) => ({
  body: {
    user: { id: 'U1', ...user },
    channel: { id: 'C1' },
    message: { ts: '2.2', thread_ts: '1.1' },
    trigger_id: 't',
    actions: [{ action_id: 'join_meeting', ...action }],
  },
  context: { teamId: 'T1' },
});

test.each([
  ['of Parley’s workspace', { team_id: 'T1' }, 'T1'],
  ['of whom Slack names no workspace', {}, 'T1'],
  ['of another workspace in a channel that both share', { team_id: 'T2' }, 'T2'],
])(
  'a click by somebody %s carries their own workspace, and the thread Parley’s',
  (_who, user, workspaceId) => {
    expect(parseViewClick(click(user))).toMatchObject({ memberId: 'U1', workspaceId });
    expect(parseClick(click(user))).toMatchObject({
      workspaceId,
      thread: { workspaceId: 'T1', channelId: 'C1', rootId: '1.1' },
    });
  },
);

test.each([
  ['a button', { value: 'm1' }],
  ['a menu', { selected_option: { value: 'm1' } }],
])('a click on %s names its conversation', (_what, action) => {
  expect(parseClick(click({}, action)).conversationId).toBe('m1');
});
