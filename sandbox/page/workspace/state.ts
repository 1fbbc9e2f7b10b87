import type { ControlEvent, OpenView, StoredMessage, WorkspaceState } from '../../slack/control/contract.ts';

/** What the page knows and shows. Changed only by `reduce`, which is pure. */
export interface State {
  /** Null until the workspace's first response. */
  readonly workspace: WorkspaceState | null;
  readonly connection: 'connecting' | 'live' | 'lost';
  /** The person whose view this is: an id of `workspace.people`, or '' before the first response. */
  readonly me: string;
  readonly route: Route;
  readonly thread: ThreadRef | null;
  /** By channel, in the order of their ts; roots and replies side by side. */
  readonly messages: Readonly<Record<string, readonly StoredMessage[]>>;
  /** Keys (see `messageKey`) of messages that events have changed since connecting. Listings do not override these. */
  readonly updatedLive: ReadonlySet<string>;
  /** Ids of channels with messages that `me` has not seen. */
  readonly unread: ReadonlySet<string>;
  /** Open modals by person, the top one last. */
  readonly views: Readonly<Record<string, readonly OpenView[]>>;
  /** App Home by person; undefined until requested, null when the app has not published one. */
  readonly homes: Readonly<Record<string, object | null>>;
  readonly failures: {
    readonly active: readonly string[];
    readonly known: readonly { name: string; description: string }[];
  };
  readonly notice: { readonly id: number; readonly text: string; readonly tone: 'problem' | 'good' } | null;
  /** The newest message from someone else, for the live region of screen readers. */
  readonly announced: StoredMessage | null;
}

/** What the main column shows. */
export type Route =
  | { readonly kind: 'channel'; readonly id: string }
  | { readonly kind: 'home' }
  | { readonly kind: 'phones' };

/** A thread, named by its root. */
export interface ThreadRef {
  readonly channel: string;
  readonly ts: string;
}

export type Action =
  | { type: 'connecting' }
  | { type: 'connected'; workspace: WorkspaceState }
  | { type: 'connection-lost' }
  | { type: 'messages-loaded'; channel: string; thread?: string; messages: readonly StoredMessage[] }
  | { type: 'event'; event: ControlEvent }
  | { type: 'switch-person'; me: string }
  | { type: 'navigate'; route: Route }
  | { type: 'open-thread'; thread: ThreadRef }
  | { type: 'close-thread' }
  | { type: 'submission-rejected'; viewId: string; errors: Record<string, string> }
  | { type: 'failures-loaded'; active: readonly string[]; known: State['failures']['known'] }
  | { type: 'notice'; text: string; tone?: 'problem' | 'good' }
  | { type: 'notice-dismissed' };

export const INITIAL: State = {
  workspace: null,
  connection: 'connecting',
  me: '',
  route: { kind: 'channel', id: '' },
  thread: null,
  messages: {},
  updatedLive: new Set(),
  unread: new Set(),
  views: {},
  homes: {},
  failures: { active: [], known: [] },
  notice: null,
  announced: null,
};
