import type { ControlEvent, OpenView, WorkspaceState } from '../../slack/control/contract.ts';
import { messageChanged, messageDeleted, messagePosted, messagesLoaded } from './reduce-messages.ts';
import { channelsOf } from './selectors.ts';
import type { Action, Route, State } from './state.ts';

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'connecting':
      return { ...state, updatedLive: new Set() };
    case 'connected':
      return connected(state, action.workspace);
    case 'connection-lost':
      return { ...state, connection: 'lost' };
    case 'messages-loaded':
      return messagesLoaded(state, action.channel, action.messages, action.thread);
    case 'event':
      return applyEvent(state, action.event);
    case 'switch-person':
      return switchPerson(state, action.me);
    case 'navigate':
      return navigate(state, action.route);
    case 'open-thread':
      return { ...state, thread: action.thread };
    case 'close-thread':
      return { ...state, thread: null };
    case 'submission-rejected':
      return withViewErrors(state, action.viewId, action.errors);
    case 'failures-loaded':
      return { ...state, failures: { active: action.active, known: action.known } };
    case 'notice':
      return {
        ...state,
        notice: { id: (state.notice?.id ?? 0) + 1, text: action.text, tone: action.tone ?? 'problem' },
      };
    case 'notice-dismissed':
      return { ...state, notice: null };
  }
}

function applyEvent(state: State, event: ControlEvent): State {
  switch (event.type) {
    case 'message':
      return messagePosted(state, event.message);
    case 'message_changed':
      return messageChanged(state, event.message);
    case 'message_deleted':
      return messageDeleted(state, event.channel, event.ts);
    case 'view_opened':
    case 'view_updated':
      return viewShown(state, event.user, event.view);
    case 'view_closed':
      return viewClosed(state, event.user, event.viewId);
    case 'home':
      return { ...state, homes: { ...state.homes, [event.user]: event.view } };
    case 'bot_connected':
      return botConnected(state, event.connected);
    case 'failures':
      return { ...state, failures: { ...state.failures, active: event.active } };
    default:
      // A workspace that is newer than the page may send events that the page does not know.
      return state;
  }
}

function connected(state: State, workspace: WorkspaceState): State {
  const people = workspace.people.filter((person) => !person.isBot);
  const me = people.some((person) => person.id === state.me) ? state.me : (people[0]?.id ?? '');
  const { route } = state;
  const exists = route.kind !== 'channel' || workspace.channels.some((channel) => channel.id === route.id);
  return {
    ...state,
    workspace,
    me,
    connection: 'live',
    route: exists ? route : { kind: 'channel', id: workspace.channels[0]?.id ?? '' },
  };
}

function switchPerson(before: State, me: string): State {
  const state = { ...before, me };
  const { route } = state;
  const isHidden = route.kind === 'channel' && !channelsOf(state).some(({ id }) => id === route.id);
  const [first] = channelsOf(state);
  return isHidden && first ? navigate(state, { kind: 'channel', id: first.id }) : state;
}

function navigate(state: State, route: Route): State {
  if (route.kind !== 'channel') return { ...state, route, thread: null };
  const unread = new Set(state.unread);
  unread.delete(route.id);
  const thread = state.thread?.channel === route.id ? state.thread : null;
  return { ...state, route, unread, thread };
}

function botConnected(state: State, isConnected: boolean): State {
  const { workspace } = state;
  if (!workspace) return state;
  return { ...state, workspace: { ...workspace, bot: { ...workspace.bot, connected: isConnected } } };
}

function viewShown(state: State, user: string, view: OpenView): State {
  const stack = state.views[user] ?? [];
  const index = stack.findIndex((open) => open.id === view.id);
  return withStack(state, user, index < 0 ? [...stack, view] : stack.with(index, view));
}

const viewClosed = (state: State, user: string, viewId: string): State =>
  withStack(
    state,
    user,
    (state.views[user] ?? []).filter((open) => open.id !== viewId),
  );

const withViewErrors = (state: State, viewId: string, errors: Record<string, string>): State =>
  withStack(
    state,
    state.me,
    (state.views[state.me] ?? []).map((open) => (open.id === viewId ? { ...open, errors } : open)),
  );

const withStack = (state: State, user: string, stack: readonly OpenView[]): State => ({
  ...state,
  views: { ...state.views, [user]: stack },
});
