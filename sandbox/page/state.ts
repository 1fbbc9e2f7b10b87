import type {
  ControlEvent,
  OpenView,
  StoredFile,
  StoredMessage,
  WorkspaceState,
} from '../slack/control/contract.ts';

/** What the page knows and shows. Changed only by `reduce`, which is pure. */
export interface State {
  /** Null until the first answer of the workspace. */
  readonly workspace: WorkspaceState | null;
  readonly link: 'connecting' | 'live' | 'lost';
  /** Who the visitor is at the moment: an id of `workspace.people`, or '' before the first answer. */
  readonly me: string;
  readonly place: Place;
  readonly thread: ThreadRef | null;
  /** By channel, in the order of their ts; roots and replies side by side. */
  readonly messages: Readonly<Record<string, readonly StoredMessage[]>>;
  /** Keys of messages that live events told about since connecting: newer than any listing that arrives later. */
  readonly touched: ReadonlySet<string>;
  readonly unread: ReadonlySet<string>;
  /** Open modals by person, the top one last. */
  readonly views: Readonly<Record<string, readonly OpenView[]>>;
  /** By person; undefined until it was asked for, null when the app has not published one. */
  readonly homes: Readonly<Record<string, object | null>>;
  readonly failures: {
    readonly active: readonly string[];
    readonly known: readonly { name: string; description: string }[];
  };
  readonly notice: { readonly id: number; readonly text: string; readonly tone: 'problem' | 'good' } | null;
  /** The newest message from somebody else, for the live region of screen readers. */
  readonly heard: StoredMessage | null;
}

export type Place =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'home' }
  | { readonly kind: 'phones' };
export type ThreadRef = { readonly channel: string; readonly ts: string };

export type Action =
  | { type: 'connecting' }
  | { type: 'lost' }
  | { type: 'connected'; workspace: WorkspaceState }
  | { type: 'listed'; channel: string; thread?: string; messages: readonly StoredMessage[] }
  | { type: 'live'; event: ControlEvent }
  | { type: 'become'; me: string }
  | { type: 'go'; place: Place }
  | { type: 'open-thread'; thread: ThreadRef }
  | { type: 'close-thread' }
  | { type: 'refused'; viewId: string; errors: Record<string, string> }
  | { type: 'known-failures'; active: readonly string[]; known: State['failures']['known'] }
  | { type: 'notice'; text: string; tone?: 'problem' | 'good' }
  | { type: 'notice-read' };

export const INITIAL: State = {
  workspace: null,
  link: 'connecting',
  me: '',
  place: { kind: 'channel', id: '' },
  thread: null,
  messages: {},
  touched: new Set(),
  unread: new Set(),
  views: {},
  homes: {},
  failures: { active: [], known: [] },
  notice: null,
  heard: null,
};

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connecting':
      return { ...state, touched: new Set() };
    case 'lost':
      return { ...state, link: 'lost' };
    case 'connected':
      return connected(state, action.workspace);
    case 'listed':
      return listed(state, action.channel, action.messages, action.thread);
    case 'live':
      return live(state, action.event);
    case 'become':
      return become(state, action.me);
    case 'go':
      return go(state, action.place);
    case 'open-thread':
      return { ...state, thread: action.thread };
    case 'close-thread':
      return { ...state, thread: null };
    case 'refused':
      return refused(state, action.viewId, action.errors);
    case 'known-failures':
      return { ...state, failures: { active: action.active, known: action.known } };
    case 'notice':
      return {
        ...state,
        notice: { id: (state.notice?.id ?? 0) + 1, text: action.text, tone: action.tone ?? 'problem' },
      };
    case 'notice-read':
      return { ...state, notice: null };
  }
}

/** What this person finds in the list of channels: direct conversations of others are not theirs to see. */
export function channelsOf({ workspace, me }: State): WorkspaceState['channels'] {
  return (workspace?.channels ?? []).filter(({ onlyFor }) => onlyFor === undefined || onlyFor === me);
}

/** Roots in order; ephemeral ones only for the person they are for. */
export function rootsOf(state: State, channel: string): StoredMessage[] {
  return (state.messages[channel] ?? []).filter((message) => isRoot(message) && isFor(state, message));
}

export function repliesOf(state: State, thread: ThreadRef): StoredMessage[] {
  return (state.messages[thread.channel] ?? []).filter(
    (message) => message.thread_ts === thread.ts && !isRoot(message) && isFor(state, message),
  );
}

export function findMessage(state: State, { channel, ts }: ThreadRef): StoredMessage | undefined {
  return state.messages[channel]?.find((message) => message.ts === ts);
}

/** Looks through everything loaded: blocks name a file by its id alone. */
export function findFile(state: State, id: string): StoredFile | undefined {
  for (const messages of Object.values(state.messages)) {
    for (const message of messages) {
      const file = message.files?.find((candidate) => candidate.id === id);
      if (file) return file;
    }
  }
  return undefined;
}

/** Replies a root has: what the workspace counted, or more when newer ones have arrived since. */
export function replyCount(state: State, root: StoredMessage): number {
  const known = repliesOf(state, root).filter((reply) => !reply.ephemeral_to).length;
  return Math.max(root.reply_count ?? 0, known);
}

const isRoot = (message: StoredMessage) => !message.thread_ts || message.thread_ts === message.ts;
const isFor = (state: State, message: StoredMessage) =>
  !message.ephemeral_to || message.ephemeral_to === state.me;
const keyOf = (channel: string, ts: string) => `${channel}:${ts}`;

function become(before: State, me: string): State {
  const state = { ...before, me };
  const { place } = state;
  const isHidden = place.kind === 'channel' && !channelsOf(state).some(({ id }) => id === place.id);
  const [first] = channelsOf(state);
  return isHidden && first ? go(state, { kind: 'channel', id: first.id }) : state;
}

function connected(state: State, workspace: WorkspaceState): State {
  const isKnown = (id: string) => workspace.people.some((person) => person.id === id && !person.isBot);
  const me = isKnown(state.me) ? state.me : (workspace.people.find((person) => !person.isBot)?.id ?? '');
  const { place } = state;
  const here = place.kind !== 'channel' || workspace.channels.some((channel) => channel.id === place.id);
  return {
    ...state,
    workspace,
    me,
    link: 'live',
    place: here ? place : { kind: 'channel', id: workspace.channels[0]?.id ?? '' },
  };
}

/**
 * A listing replaces what it covers (a channel, or one thread of it), except what live events have told about
 * since connecting: a listing may be older than they are, never newer, because every later change is an event too.
 */
function listed(state: State, channel: string, listing: readonly StoredMessage[], thread?: string): State {
  const covers = (message: StoredMessage) =>
    thread ? message.thread_ts === thread || message.ts === thread : isRoot(message);
  const isTouched = (message: StoredMessage) => state.touched.has(keyOf(channel, message.ts));
  const kept = (state.messages[channel] ?? []).filter(
    (message) => isTouched(message) || message.ephemeral_to || !covers(message),
  );
  const have = new Set(kept.map((message) => message.ts));
  const fresh = listing.filter((message) => !have.has(message.ts) && !isTouched(message));
  return withMessages(state, channel, [...kept, ...fresh]);
}

function live(state: State, event: ControlEvent): State {
  switch (event.type) {
    case 'message':
      return arrived(state, event.message);
    case 'message_changed':
      return upsert(state, event.message);
    case 'message_deleted':
      return deleted(state, event.channel, event.ts);
    case 'view_opened':
    case 'view_updated':
      return viewShown(state, event.user, event.view);
    case 'view_closed':
      return viewGone(state, event.user, event.viewId);
    case 'home':
      return { ...state, homes: { ...state.homes, [event.user]: event.view } };
    case 'bot_connected':
      return state.workspace
        ? {
            ...state,
            workspace: { ...state.workspace, bot: { ...state.workspace.bot, connected: event.connected } },
          }
        : state;
    case 'failures':
      return { ...state, failures: { ...state.failures, active: event.active } };
    default:
      // A workspace newer than the page may tell of more than the page knows.
      return state;
  }
}

function arrived(state: State, message: StoredMessage): State {
  const known = findMessage(state, message) !== undefined;
  const isMine = message.user === state.me;
  const next = upsert(state, message);
  if (known) return next;
  const isSeen = state.place.kind === 'channel' && state.place.id === message.channel;
  return {
    ...next,
    thread: threadToOpen(state, message) ?? next.thread,
    unread:
      isSeen || isMine || !isFor(state, message) ? next.unread : new Set(next.unread).add(message.channel),
    heard: isMine || !isFor(state, message) ? next.heard : message,
  };
}

/** The first answer of the app to a post of one's own opens its thread: that is where the result will be. */
function threadToOpen(state: State, message: StoredMessage): ThreadRef | null {
  if (!message.bot_id || !message.thread_ts || isRoot(message) || !isFor(state, message)) return null;
  if (state.place.kind !== 'channel' || state.place.id !== message.channel) return null;
  const ref = { channel: message.channel, ts: message.thread_ts };
  const root = findMessage(state, ref);
  const isFirst = !repliesOf(state, ref).some((reply) => reply.bot_id);
  return root?.user === state.me && isFirst ? ref : null;
}

function upsert(state: State, message: StoredMessage): State {
  const others = (state.messages[message.channel] ?? []).filter((other) => other.ts !== message.ts);
  return touch(withMessages(state, message.channel, [...others, message]), message.channel, message.ts);
}

/** A root with replies leaves a line in its place, so that its thread can still be reached. */
function deleted(state: State, channel: string, ts: string): State {
  const message = findMessage(state, { channel, ts });
  if (!message) return touch(state, channel, ts);
  const keepsPlace = isRoot(message) && replyCount(state, message) > 0;
  const others = (state.messages[channel] ?? []).filter((other) => other.ts !== ts);
  const { blocks: _blocks, files: _files, ...rest } = message;
  const left = keepsPlace
    ? [...others, { ...rest, text: '', deleted: true }]
    : others.map(countedDown(message));
  const thread = !keepsPlace && state.thread?.ts === ts ? null : state.thread;
  return touch({ ...withMessages(state, channel, left), thread }, channel, ts);
}

const countedDown = (reply: StoredMessage) => (message: StoredMessage) =>
  !isRoot(reply) && message.ts === reply.thread_ts && message.reply_count
    ? { ...message, reply_count: message.reply_count - 1 }
    : message;

function withMessages(state: State, channel: string, messages: readonly StoredMessage[]): State {
  const inOrder = [...messages].sort((a, b) => Number(a.ts) - Number(b.ts));
  return { ...state, messages: { ...state.messages, [channel]: inOrder } };
}

const touch = (state: State, channel: string, ts: string): State => ({
  ...state,
  touched: new Set(state.touched).add(keyOf(channel, ts)),
});

function go(state: State, place: Place): State {
  if (place.kind !== 'channel') return { ...state, place, thread: null };
  const unread = new Set(state.unread);
  unread.delete(place.id);
  const thread = state.thread?.channel === place.id ? state.thread : null;
  return { ...state, place, unread, thread };
}

function viewShown(state: State, user: string, view: OpenView): State {
  const stack = state.views[user] ?? [];
  const at = stack.findIndex((open) => open.id === view.id);
  return { ...state, views: { ...state.views, [user]: at < 0 ? [...stack, view] : stack.with(at, view) } };
}

function viewGone(state: State, user: string, viewId: string): State {
  const stack = (state.views[user] ?? []).filter((open) => open.id !== viewId);
  return { ...state, views: { ...state.views, [user]: stack } };
}

function refused(state: State, viewId: string, errors: Record<string, string>): State {
  const stack = (state.views[state.me] ?? []).map((open) =>
    open.id === viewId ? { ...open, errors } : open,
  );
  return { ...state, views: { ...state.views, [state.me]: stack } };
}
