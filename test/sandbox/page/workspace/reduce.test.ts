import { describe, expect, it } from 'vitest';
import { reduce } from '../../../../sandbox/page/workspace/reduce.ts';
import {
  channelsOf,
  findFile,
  repliesOf,
  replyCount,
  rootsOf,
} from '../../../../sandbox/page/workspace/selectors.ts';
import { type Action, INITIAL, type State } from '../../../../sandbox/page/workspace/state.ts';
import type {
  ControlEvent,
  OpenView,
  StoredMessage,
  WorkspaceState,
} from '../../../../sandbox/slack/control/contract.ts';

const workspace: WorkspaceState = {
  team: { id: 'T1', name: 'Local' },
  people: [
    { id: 'U1', name: 'ann', realName: 'Ann', colour: '#0072b2', isBot: false },
    { id: 'U2', name: 'ben', realName: 'Ben', colour: '#d55e00', isBot: false },
    { id: 'UB', name: 'parley', realName: 'Parley', colour: '#000', isBot: true },
  ],
  channels: [
    { id: 'C1', name: 'general', topic: '', botIsMember: true },
    { id: 'C2', name: 'random', topic: '', botIsMember: true },
  ],
  commands: [],
  messageShortcuts: [],
  globalShortcuts: [],
  bot: { userId: 'UB', name: 'Parley', connected: true },
  providers: [],
  samples: [],
};

const message = (ts: string, more: Partial<StoredMessage> = {}): StoredMessage => ({
  channel: 'C1',
  ts,
  user: 'U1',
  text: `text ${ts}`,
  ...more,
});
const reply = (ts: string, thread: string, more: Partial<StoredMessage> = {}) =>
  message(ts, { thread_ts: thread, user: 'UB', bot_id: 'B1', ...more });
const event = (one: ControlEvent): Action => ({ type: 'event', event: one });
const posted = (one: StoredMessage): Action => event({ type: 'message', message: one });
const changed = (one: StoredMessage): Action => event({ type: 'message_changed', message: one });
const deleted = (ts: string): Action => event({ type: 'message_deleted', channel: 'C1', ts });
const loaded = (messages: StoredMessage[], thread?: string): Action => ({
  type: 'messages-loaded',
  channel: 'C1',
  messages,
  ...(thread ? { thread } : {}),
});
const connected: Action = { type: 'connected', workspace };
const stateAfter = (...actions: Action[]): State => actions.reduce(reduce, INITIAL);
const rootTs = (state: State) => rootsOf(state, 'C1').map(({ ts }) => ts);

describe('connecting', () => {
  it('lists a direct message for its person only, and leaves it on a switch to someone else', () => {
    const direct = { id: 'D2', name: 'Parley-ben', topic: '', botIsMember: true, onlyFor: 'U2' };
    const all = { ...workspace, channels: [...workspace.channels, direct] };
    const idsOf = (state: State) => channelsOf(state).map(({ id }) => id);
    const ann = stateAfter({ type: 'connected', workspace: all });
    expect(idsOf(ann)).toEqual(['C1', 'C2']);
    const ben = [
      { type: 'switch-person', me: 'U2' } as const,
      { type: 'navigate', route: { kind: 'channel', id: 'D2' } } as const,
    ];
    const there = ben.reduce(reduce, ann);
    expect(idsOf(there)).toEqual(['C1', 'C2', 'D2']);
    expect(there.route).toEqual({ kind: 'channel', id: 'D2' });
    expect(reduce(there, { type: 'switch-person', me: 'U1' }).route).toEqual({ kind: 'channel', id: 'C1' });
  });

  it('starts as the first person, in the first channel', () => {
    const state = stateAfter(connected);
    expect(state).toMatchObject({ me: 'U1', connection: 'live', route: { kind: 'channel', id: 'C1' } });
  });

  it('keeps the person and the route on a reconnection', () => {
    const state = stateAfter(
      connected,
      { type: 'switch-person', me: 'U2' },
      { type: 'navigate', route: { kind: 'channel', id: 'C2' } },
      { type: 'connection-lost' },
      { type: 'connecting' },
      connected,
    );
    expect(state).toMatchObject({ me: 'U2', connection: 'live', route: { kind: 'channel', id: 'C2' } });
  });

  it('follows the connection of the app', () => {
    const state = stateAfter(connected, event({ type: 'bot_connected', connected: false }));
    expect(state.workspace?.bot.connected).toBe(false);
  });
});

describe('listings and events', () => {
  const cases: [string, Action[], string[]][] = [
    ['sorts messages by ts', [loaded([message('2.0'), message('1.0')])], ['1.0', '2.0']],
    [
      'shows a message once that is listed and posted',
      [posted(message('1.0')), loaded([message('1.0')])],
      ['1.0'],
    ],
    [
      'keeps a message posted while an older listing was loading',
      [posted(message('2.0')), loaded([message('1.0')])],
      ['1.0', '2.0'],
    ],
    [
      'does not restore a message deleted while an older listing was loading',
      [deleted('1.0'), loaded([message('1.0'), message('2.0')])],
      ['2.0'],
    ],
    [
      'drops what was deleted while the connection was lost',
      [posted(message('1.0')), { type: 'connection-lost' }, { type: 'connecting' }, loaded([message('2.0')])],
      ['2.0'],
    ],
    ['leaves replies out of the channel', [loaded([message('1.0')]), posted(reply('2.0', '1.0'))], ['1.0']],
    [
      'keeps the roots when a thread is loaded',
      [loaded([message('1.0'), message('3.0')]), loaded([message('1.0'), reply('2.0', '1.0')], '1.0')],
      ['1.0', '3.0'],
    ],
  ];
  it.each(cases)('%s', (_name, actions, expected) => {
    expect(rootTs(stateAfter(connected, { type: 'connecting' }, ...actions))).toEqual(expected);
  });

  it('prefers an event to an older listing', () => {
    const state = stateAfter(
      connected,
      changed(message('1.0', { text: 'new' })),
      loaded([message('1.0', { text: 'old' })]),
    );
    expect(rootsOf(state, 'C1')[0]?.text).toBe('new');
  });

  it('shows an ephemeral message to its recipient only', () => {
    const state = stateAfter(connected, posted(message('1.0', { ephemeral_to: 'U2', user: 'UB' })));
    expect(rootTs(state)).toEqual([]);
    expect(rootTs(reduce(state, { type: 'switch-person', me: 'U2' }))).toEqual(['1.0']);
  });

  it('finds a file of any message by its id', () => {
    const file = {
      id: 'F1',
      name: 'a.png',
      title: 'a',
      mimetype: 'image/png',
      filetype: 'png',
      size: 1,
      user: 'U1',
      created: 1,
      control_url: '/control/files/F1/a.png',
    };
    const state = stateAfter(connected, posted(message('1.0', { files: [file] })));
    expect(findFile(state, 'F1')).toEqual(file);
    expect(findFile(state, 'F2')).toBeUndefined();
  });
});

describe('threads', () => {
  const root = message('1.0');

  it('opens on the app’s first reply to one’s own post', () => {
    expect(stateAfter(connected, posted(root), posted(reply('2.0', '1.0'))).thread).toEqual({
      channel: 'C1',
      ts: '1.0',
    });
  });

  const staysClosed: [string, Action[]][] = [
    ['the post is someone else’s', [posted(message('1.0', { user: 'U2' })), posted(reply('2.0', '1.0'))]],
    ['a person replies', [posted(root), posted(message('2.0', { thread_ts: '1.0', user: 'U2' }))]],
    [
      'another channel is shown',
      [posted(root), { type: 'navigate', route: { kind: 'channel', id: 'C2' } }, posted(reply('2.0', '1.0'))],
    ],
    [
      'it was closed and the app replies again',
      [posted(root), posted(reply('2.0', '1.0')), { type: 'close-thread' }, posted(reply('3.0', '1.0'))],
    ],
    [
      'the reply is only changed',
      [posted(root), posted(reply('2.0', '1.0')), { type: 'close-thread' }, changed(reply('2.0', '1.0'))],
    ],
    [
      'the reply is visible to another person only',
      [posted(root), posted(reply('2.0', '1.0', { ephemeral_to: 'U2' }))],
    ],
  ];
  it.each(staysClosed)('stays closed when %s', (_name, actions) => {
    expect(stateAfter(connected, ...actions).thread).toBeNull();
  });

  it('has the workspace’s count of replies, or the number loaded where that is greater', () => {
    const listed = stateAfter(
      connected,
      loaded([message('1.0', { reply_count: 3 })]),
      posted(reply('2.0', '1.0')),
    );
    expect(replyCount(listed, rootsOf(listed, 'C1')[0]!)).toBe(3);
    const counted = stateAfter(
      connected,
      loaded([root]),
      posted(reply('2.0', '1.0')),
      posted(reply('3.0', '1.0')),
    );
    expect(replyCount(counted, root)).toBe(2);
  });

  it('leaves a tombstone for a deleted root with replies, and closes the thread of one without', () => {
    const withReply = stateAfter(connected, posted(root), posted(reply('2.0', '1.0')), deleted('1.0'));
    expect(rootsOf(withReply, 'C1')).toMatchObject([{ ts: '1.0', deleted: true, text: '' }]);
    const without = stateAfter(
      connected,
      posted(root),
      { type: 'open-thread', thread: { channel: 'C1', ts: '1.0' } },
      deleted('1.0'),
    );
    expect(rootTs(without)).toEqual([]);
    expect(without.thread).toBeNull();
  });

  it('removes a deleted reply from the thread and from the count', () => {
    const state = stateAfter(
      connected,
      loaded([message('1.0', { reply_count: 1 })]),
      posted(reply('2.0', '1.0')),
      deleted('2.0'),
    );
    const listed = rootsOf(state, 'C1')[0]!;
    expect(repliesOf(state, listed)).toEqual([]);
    expect(replyCount(state, listed)).toBe(0);
  });

  it('closes on navigation to another channel', () => {
    const state = stateAfter(connected, posted(root), posted(reply('2.0', '1.0')), {
      type: 'navigate',
      route: { kind: 'channel', id: 'C2' },
    });
    expect(state.thread).toBeNull();
  });
});

describe('unread and announced messages', () => {
  const elsewhere = message('1.0', { channel: 'C2', user: 'U2' });

  it('marks a channel as unread until it is opened', () => {
    const state = stateAfter(connected, posted(elsewhere));
    expect([...state.unread]).toEqual(['C2']);
    expect([...reduce(state, { type: 'navigate', route: { kind: 'channel', id: 'C2' } }).unread]).toEqual([]);
  });

  it('announces messages of others once, and neither changes nor one’s own messages', () => {
    expect(stateAfter(connected, posted(message('1.0', { user: 'U2' }))).announced?.ts).toBe('1.0');
    expect(stateAfter(connected, posted(message('1.0'))).announced).toBeNull();
    expect(
      stateAfter(connected, loaded([message('1.0', { user: 'U2' })]), changed(message('1.0', { user: 'U2' })))
        .announced,
    ).toBeNull();
  });
});

describe('modals and homes', () => {
  const view = (id: string, hash = 'h1'): OpenView => ({ id, hash, view: { type: 'modal' } });
  const opens = (id: string): Action => event({ type: 'view_opened', view: view(id), user: 'U1' });
  const stack = (state: State, user = 'U1') => (state.views[user] ?? []).map(({ id }) => id);

  it('stacks modals by person and closes one by its id', () => {
    const both = stateAfter(connected, opens('V1'), opens('V2'));
    expect(stack(both)).toEqual(['V1', 'V2']);
    expect(stack(both, 'U2')).toEqual([]);
    expect(stack(reduce(both, event({ type: 'view_closed', viewId: 'V2', user: 'U1' })))).toEqual(['V1']);
  });

  it('updates a modal in its place', () => {
    const state = stateAfter(
      connected,
      opens('V1'),
      opens('V2'),
      event({ type: 'view_updated', view: view('V1', 'h2'), user: 'U1' }),
    );
    expect(state.views.U1).toMatchObject([
      { id: 'V1', hash: 'h2' },
      { id: 'V2', hash: 'h1' },
    ]);
  });

  it('shows the errors of a rejected submission until the modal is updated', () => {
    const rejected = stateAfter(connected, opens('V1'), {
      type: 'submission-rejected',
      viewId: 'V1',
      errors: { b: 'Taken.' },
    });
    expect(rejected.views.U1?.[0]?.errors).toEqual({ b: 'Taken.' });
    const updated = reduce(rejected, event({ type: 'view_updated', view: view('V1', 'h2'), user: 'U1' }));
    expect(updated.views.U1?.[0]?.errors).toBeUndefined();
  });

  it('keeps one Home tab per person', () => {
    const state = stateAfter(connected, event({ type: 'home', user: 'U1', view: { blocks: [] } }));
    expect(state.homes).toEqual({ U1: { blocks: [] } });
  });

  it('ignores unknown events', () => {
    const state = stateAfter(connected);
    expect(reduce(state, event({ type: 'unknown' } as unknown as ControlEvent))).toBe(state);
  });
});
