import { describe, expect, it } from 'vitest';
import {
  type Action,
  channelsOf,
  findFile,
  INITIAL,
  reduce,
  repliesOf,
  replyCount,
  rootsOf,
  type State,
} from '../../../sandbox/page/state.ts';
import type {
  ControlEvent,
  OpenView,
  StoredMessage,
  WorkspaceState,
} from '../../../sandbox/slack/control/contract.ts';

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
const answer = (ts: string, thread: string, more: Partial<StoredMessage> = {}) =>
  message(ts, { thread_ts: thread, user: 'UB', bot_id: 'B1', ...more });
const live = (event: ControlEvent): Action => ({ type: 'live', event });
const arrives = (one: StoredMessage): Action => live({ type: 'message', message: one });
const changes = (one: StoredMessage): Action => live({ type: 'message_changed', message: one });
const goes = (ts: string): Action => live({ type: 'message_deleted', channel: 'C1', ts });
const lists = (messages: StoredMessage[], thread?: string): Action => ({
  type: 'listed',
  channel: 'C1',
  messages,
  ...(thread ? { thread } : {}),
});
const connected: Action = { type: 'connected', workspace };
const stateAfter = (...actions: Action[]): State => actions.reduce(reduce, INITIAL);
const rootTs = (state: State) => rootsOf(state, 'C1').map(({ ts }) => ts);

describe('connecting', () => {
  it('lists a direct conversation for its person alone, who leaves it by becoming somebody else', () => {
    const direct = { id: 'D2', name: 'Parley-ben', topic: '', botIsMember: true, onlyFor: 'U2' };
    const all = { ...workspace, channels: [...workspace.channels, direct] };
    const idsOf = (state: State) => channelsOf(state).map(({ id }) => id);
    const ann = stateAfter({ type: 'connected', workspace: all });
    expect(idsOf(ann)).toEqual(['C1', 'C2']);
    const ben = [
      { type: 'become', me: 'U2' } as const,
      { type: 'go', place: { kind: 'channel', id: 'D2' } } as const,
    ];
    const there = ben.reduce(reduce, ann);
    expect(idsOf(there)).toEqual(['C1', 'C2', 'D2']);
    expect(there.place).toEqual({ kind: 'channel', id: 'D2' });
    expect(reduce(there, { type: 'become', me: 'U1' }).place).toEqual({ kind: 'channel', id: 'C1' });
  });

  it('makes the visitor the first person and shows the first channel', () => {
    const state = stateAfter(connected);
    expect(state).toMatchObject({ me: 'U1', link: 'live', place: { kind: 'channel', id: 'C1' } });
  });

  it('keeps who and where the visitor is when the connection comes back', () => {
    const state = stateAfter(
      connected,
      { type: 'become', me: 'U2' },
      { type: 'go', place: { kind: 'channel', id: 'C2' } },
      { type: 'lost' },
      { type: 'connecting' },
      connected,
    );
    expect(state).toMatchObject({ me: 'U2', link: 'live', place: { kind: 'channel', id: 'C2' } });
  });

  it('follows the app as it connects and leaves', () => {
    const state = stateAfter(connected, live({ type: 'bot_connected', connected: false }));
    expect(state.workspace?.bot.connected).toBe(false);
  });
});

describe('listings and live events', () => {
  const cases: [string, Action[], string[]][] = [
    ['puts messages in the order of their ts', [lists([message('2.0'), message('1.0')])], ['1.0', '2.0']],
    [
      'shows a message once that is listed and arrives',
      [arrives(message('1.0')), lists([message('1.0')])],
      ['1.0'],
    ],
    [
      'keeps a message that arrived while an older listing was on its way',
      [arrives(message('2.0')), lists([message('1.0')])],
      ['1.0', '2.0'],
    ],
    [
      'does not bring back what was deleted while an older listing was on its way',
      [goes('1.0'), lists([message('1.0'), message('2.0')])],
      ['2.0'],
    ],
    [
      'drops what vanished while the connection was lost',
      [arrives(message('1.0')), { type: 'lost' }, { type: 'connecting' }, lists([message('2.0')])],
      ['2.0'],
    ],
    ['leaves replies out of the channel', [lists([message('1.0')]), arrives(answer('2.0', '1.0'))], ['1.0']],
    [
      'keeps the roots when a thread is listed',
      [lists([message('1.0'), message('3.0')]), lists([message('1.0'), answer('2.0', '1.0')], '1.0')],
      ['1.0', '3.0'],
    ],
  ];
  it.each(cases)('%s', (_name, actions, expected) => {
    expect(rootTs(stateAfter(connected, { type: 'connecting' }, ...actions))).toEqual(expected);
  });

  it('prefers a live change to a listing that is older', () => {
    const state = stateAfter(
      connected,
      changes(message('1.0', { text: 'new' })),
      lists([message('1.0', { text: 'old' })]),
    );
    expect(rootsOf(state, 'C1')[0]?.text).toBe('new');
  });

  it('shows an ephemeral message to its person only', () => {
    const state = stateAfter(connected, arrives(message('1.0', { ephemeral_to: 'U2', user: 'UB' })));
    expect(rootTs(state)).toEqual([]);
    expect(rootTs(reduce(state, { type: 'become', me: 'U2' }))).toEqual(['1.0']);
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
    const state = stateAfter(connected, arrives(message('1.0', { files: [file] })));
    expect(findFile(state, 'F1')).toEqual(file);
    expect(findFile(state, 'F2')).toBeUndefined();
  });
});

describe('threads', () => {
  const root = message('1.0');

  it('opens by itself when the app first answers a post of the visitor', () => {
    expect(stateAfter(connected, arrives(root), arrives(answer('2.0', '1.0'))).thread).toEqual({
      channel: 'C1',
      ts: '1.0',
    });
  });

  const staysClosed: [string, Action[]][] = [
    ['the post is somebody else’s', [arrives(message('1.0', { user: 'U2' })), arrives(answer('2.0', '1.0'))]],
    ['a person answers', [arrives(root), arrives(message('2.0', { thread_ts: '1.0', user: 'U2' }))]],
    [
      'the visitor looks at another channel',
      [arrives(root), { type: 'go', place: { kind: 'channel', id: 'C2' } }, arrives(answer('2.0', '1.0'))],
    ],
    [
      'it was closed and the app answers again',
      [arrives(root), arrives(answer('2.0', '1.0')), { type: 'close-thread' }, arrives(answer('3.0', '1.0'))],
    ],
    [
      'the answer only changes',
      [arrives(root), arrives(answer('2.0', '1.0')), { type: 'close-thread' }, changes(answer('2.0', '1.0'))],
    ],
    [
      'the answer is for another person only',
      [arrives(root), arrives(answer('2.0', '1.0', { ephemeral_to: 'U2' }))],
    ],
  ];
  it.each(staysClosed)('stays closed when %s', (_name, actions) => {
    expect(stateAfter(connected, ...actions).thread).toBeNull();
  });

  it('counts what the workspace counted, or more when more has arrived', () => {
    const listed = stateAfter(
      connected,
      lists([message('1.0', { reply_count: 3 })]),
      arrives(answer('2.0', '1.0')),
    );
    expect(replyCount(listed, rootsOf(listed, 'C1')[0]!)).toBe(3);
    const counted = stateAfter(
      connected,
      lists([root]),
      arrives(answer('2.0', '1.0')),
      arrives(answer('3.0', '1.0')),
    );
    expect(replyCount(counted, root)).toBe(2);
  });

  it('leaves a line for a deleted root with replies, and closes the thread of one without', () => {
    const withReply = stateAfter(connected, arrives(root), arrives(answer('2.0', '1.0')), goes('1.0'));
    expect(rootsOf(withReply, 'C1')).toMatchObject([{ ts: '1.0', deleted: true, text: '' }]);
    const without = stateAfter(
      connected,
      arrives(root),
      { type: 'open-thread', thread: { channel: 'C1', ts: '1.0' } },
      goes('1.0'),
    );
    expect(rootTs(without)).toEqual([]);
    expect(without.thread).toBeNull();
  });

  it('takes a deleted reply out of the thread and of the count', () => {
    const state = stateAfter(
      connected,
      lists([message('1.0', { reply_count: 1 })]),
      arrives(answer('2.0', '1.0')),
      goes('2.0'),
    );
    const listed = rootsOf(state, 'C1')[0]!;
    expect(repliesOf(state, listed)).toEqual([]);
    expect(replyCount(state, listed)).toBe(0);
  });

  it('closes when the visitor goes to another channel', () => {
    const state = stateAfter(connected, arrives(root), arrives(answer('2.0', '1.0')), {
      type: 'go',
      place: { kind: 'channel', id: 'C2' },
    });
    expect(state.thread).toBeNull();
  });
});

describe('what is new', () => {
  const elsewhere = message('1.0', { channel: 'C2', user: 'U2' });

  it('marks a channel until it is visited', () => {
    const state = stateAfter(connected, arrives(elsewhere));
    expect([...state.unread]).toEqual(['C2']);
    expect([...reduce(state, { type: 'go', place: { kind: 'channel', id: 'C2' } }).unread]).toEqual([]);
  });

  it('announces messages of others once, and neither changes nor one’s own', () => {
    expect(stateAfter(connected, arrives(message('1.0', { user: 'U2' }))).heard?.ts).toBe('1.0');
    expect(stateAfter(connected, arrives(message('1.0'))).heard).toBeNull();
    expect(
      stateAfter(connected, lists([message('1.0', { user: 'U2' })]), changes(message('1.0', { user: 'U2' })))
        .heard,
    ).toBeNull();
  });
});

describe('modals and homes', () => {
  const view = (id: string, hash = 'h1'): OpenView => ({ id, hash, view: { type: 'modal' } });
  const opens = (id: string): Action => live({ type: 'view_opened', view: view(id), user: 'U1' });
  const stack = (state: State, user = 'U1') => (state.views[user] ?? []).map(({ id }) => id);

  it('stacks modals by person and closes the one that is named', () => {
    const both = stateAfter(connected, opens('V1'), opens('V2'));
    expect(stack(both)).toEqual(['V1', 'V2']);
    expect(stack(both, 'U2')).toEqual([]);
    expect(stack(reduce(both, live({ type: 'view_closed', viewId: 'V2', user: 'U1' })))).toEqual(['V1']);
  });

  it('updates a modal in its place', () => {
    const state = stateAfter(
      connected,
      opens('V1'),
      opens('V2'),
      live({ type: 'view_updated', view: view('V1', 'h2'), user: 'U1' }),
    );
    expect(state.views.U1).toMatchObject([
      { id: 'V1', hash: 'h2' },
      { id: 'V2', hash: 'h1' },
    ]);
  });

  it('shows the errors of a refused submission until the modal is updated', () => {
    const refused = stateAfter(connected, opens('V1'), {
      type: 'refused',
      viewId: 'V1',
      errors: { b: 'Taken.' },
    });
    expect(refused.views.U1?.[0]?.errors).toEqual({ b: 'Taken.' });
    const updated = reduce(refused, live({ type: 'view_updated', view: view('V1', 'h2'), user: 'U1' }));
    expect(updated.views.U1?.[0]?.errors).toBeUndefined();
  });

  it('keeps a home for each person', () => {
    const state = stateAfter(connected, live({ type: 'home', user: 'U1', view: { blocks: [] } }));
    expect(state.homes).toEqual({ U1: { blocks: [] } });
  });

  it('passes over events it does not know', () => {
    const state = stateAfter(connected);
    expect(reduce(state, live({ type: 'news' } as unknown as ControlEvent))).toBe(state);
  });
});
