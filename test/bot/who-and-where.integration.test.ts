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
  ['Parley’s workspace', 'T1'],
  ['another workspace', 'T2'],
  ['an Enterprise Grid', 'E1'],
  ['nothing', undefined],
])(
  'a click of whose author Slack names %s is in the workspace where Parley is installed',
  (_what, team_id) => {
    expect(parseViewClick(click({ team_id }))).toMatchObject({ memberId: 'U1', workspaceId: 'T1' });
    expect(parseClick(click({ team_id })).thread).toEqual({
      workspaceId: 'T1',
      channelId: 'C1',
      rootId: '1.1',
    });
  },
);

test.each([
  ['a button', { value: 'm1' }],
  ['a menu', { selected_option: { value: 'm1' } }],
])('a click on %s names its conversation', (_what, action) => {
  expect(parseClick(click({}, action)).conversationId).toBe('m1');
});
