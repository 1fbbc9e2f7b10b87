/**
 * The control API of the local workspace, with which its page and `npm run workspace` act as people. JSON over HTTP
 * under `/control`, on the address of the page. Types only, so that every side may import it.
 *
 * GET  /control/state                         -> WorkspaceState
 * GET  /control/messages?channel=C&thread=TS  -> { messages: StoredMessage[] }   (thread optional: a root and its replies)
 * WS   /control/live                          -> a ControlEvent a message, from the moment of connecting
 * PUT  /control/files?name=NAME&as=USER       body: the bytes                    -> { file: StoredFile }
 * POST /control/messages   PostRequest        -> { message: StoredMessage }
 * POST /control/commands   CommandRequest     -> CommandOutcome
 * POST /control/actions    ActionRequest      -> ActionOutcome   (a click or a choice in a message, modal or home)
 * POST /control/shortcuts  ShortcutRequest    -> ActionOutcome   (a message or global shortcut)
 * POST /control/views      SubmitRequest      -> SubmitOutcome   (submit or close a modal)
 * GET  /control/home?as=USER                  -> { view: object | null }        (opens the App Home: sends app_home_opened)
 * GET  /control/options?as=USER&query=Q&view=V&block=B&action=A -> { options: object[] }  (external selects)
 * GET  /control/failures                      -> { active: FailureMode[], known: {name, description}[] }
 * PUT  /control/failures   { modes: string[] }-> { active: FailureMode[] }
 * GET  /control/files/:id/:name?as=USER       -> the bytes, with Range support
 *
 * For tests and the drive commands:
 * GET  /control/views?as=USER                 -> { views: OpenView[] }            (open modals, the newest last)
 * PUT  /control/messages   EditRequest        -> { message: StoredMessage }      (a person edits their own)
 * DELETE /control/messages?channel=C&ts=TS&as=USER -> {}
 * DELETE /control/files/:id?as=USER           -> {}
 * POST /control/people     PersonRequest      -> { person: Person }              (adds a person, of elsewhere too)
 * POST /control/members    MemberRequest      -> {}                              (invites or removes, the bot too)
 * POST /control/channels   ArchiveRequest     -> {}                              (archives or unarchives a channel)
 * GET  /control/app                           -> AppView
 * PUT  /control/app        AppChange          -> AppView                         (verifies a new requestUrl)
 * POST /control/socket     { how: 'refresh' | 'drop' } -> {}                     (recycles Socket Mode connections)
 * GET  /control/calls                         -> { calls: ApiCall[] }            (the last Web API calls, no content)
 * Errors: 4xx with { error: string } — a sentence.
 */

export interface WorkspaceState {
  team: { id: string; name: string };
  people: Person[];
  channels: {
    id: string;
    name: string;
    topic: string;
    botIsMember: boolean;
    /** In a direct conversation with the bot: the only person who sees it. */
    onlyFor?: string;
  }[];
  commands: { command: string; description: string; usageHint: string }[];
  messageShortcuts: { callbackId: string; name: string }[];
  globalShortcuts: { callbackId: string; name: string }[];
  bot: { userId: string; name: string; connected: boolean };
  /** A row per provider: whether it is simulated, and the variables that replace it. */
  providers: { name: string; simulated: boolean; how: string }[];
  samples: { name: string; title: string; description: string }[];
}

export interface Person {
  id: string;
  name: string;
  realName: string;
  colour: string;
  isBot: boolean;
}

export interface StoredMessage {
  channel: string;
  ts: string;
  thread_ts?: string;
  user: string;
  /** Set on messages of the bot. */
  bot_id?: string;
  text: string;
  blocks?: object[];
  files?: StoredFile[];
  metadata?: { event_type: string; event_payload: Record<string, unknown> };
  edited?: { ts: string };
  reply_count?: number;
  deleted?: boolean;
  /** Only this person sees it. */
  ephemeral_to?: string;
}

export interface StoredFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  size: number;
  user: string;
  created: number;
  /** Where the page and the commands fetch it, relative to the workspace's URL. */
  control_url: string;
  alt_txt?: string;
}

export type ControlEvent =
  | { type: 'message'; message: StoredMessage }
  | { type: 'message_changed'; message: StoredMessage }
  | { type: 'message_deleted'; channel: string; ts: string }
  | { type: 'view_opened'; view: OpenView; user: string }
  | { type: 'view_updated'; view: OpenView; user: string }
  | { type: 'view_closed'; viewId: string; user: string }
  | { type: 'home'; user: string; view: object | null }
  | { type: 'bot_connected'; connected: boolean }
  | { type: 'failures'; active: FailureMode[] };

/** A modal as published (`type: 'modal'`, `title`, `blocks`, `submit`, …) with its ids. */
export interface OpenView {
  id: string;
  hash: string;
  view: Record<string, unknown>;
  /** Error messages by block id, after a rejected submission. */
  errors?: Record<string, string>;
}

export interface PostRequest {
  channel: string;
  as: string;
  text: string;
  thread_ts?: string;
  /** Ids from PUT /control/files, or samples as `sample:NAME`. */
  files?: string[];
  /** The message that this one forwards. */
  forwards?: { channel: string; ts: string };
  /** Posted by a bot or a workflow of this name, on behalf of the person. */
  app?: string;
}

export interface CommandRequest {
  channel: string;
  as: string;
  /** The whole line: `/parley transcribe https://…` */
  text: string;
  thread_ts?: string;
}

export interface CommandOutcome {
  /** False when the app did not answer within 3 s; `error` is Slack's message. */
  ok: boolean;
  error?: string;
}

export interface ActionRequest {
  as: string;
  /** Exactly one of these locates the element. */
  message?: { channel: string; ts: string };
  viewId?: string;
  home?: true;
  action_id: string;
  block_id?: string;
  /** For selects, inputs, overflow menus, …: the `action.value`, `selected_option`, … as Slack would send it. */
  payload?: Record<string, unknown>;
  /** In a modal: the values of its other inputs, as in `SubmitRequest.values`. */
  values?: Record<string, Record<string, unknown>>;
}

export interface ShortcutRequest {
  as: string;
  callback_id: string;
  /** From this message's menu; left out for a global shortcut. */
  message?: { channel: string; ts: string };
}

export type ActionOutcome = CommandOutcome;

export interface SubmitRequest {
  as: string;
  viewId: string;
  /** `state.values` as Slack would send it: block id -> action id -> element state. */
  values: Record<string, Record<string, unknown>>;
  /** Closes without submitting. */
  cancel?: true;
}

export type SubmitOutcome =
  | { ok: true; closed: boolean }
  | { ok: false; errors?: Record<string, string>; error?: string };

type FailureMode = string;

export interface EditRequest {
  as: string;
  channel: string;
  ts: string;
  text: string;
}

export interface PersonRequest {
  /** The handle. */
  name: string;
  realName: string;
  /** Of another workspace of the same Enterprise Grid, or of another organization (Slack Connect). */
  elsewhere?: 'another-workspace' | 'another-organization';
  isAdmin?: boolean;
}

export interface MemberRequest {
  channel: string;
  /** Who joins or leaves; may be the bot. */
  user: string;
  as: string;
  remove?: true;
}

export interface ArchiveRequest {
  channel: string;
  as: string;
  archived: boolean;
}

/** The app's settings at Slack, without secrets. */
export interface AppView {
  appId: string;
  botUserId: string;
  /** Null: Socket Mode. */
  requestUrl: string | null;
  commands: { command: string; description: string; usageHint: string; shouldEscape?: boolean | undefined }[];
  messageShortcuts: { callbackId: string; name: string }[];
  globalShortcuts: { callbackId: string; name: string }[];
  events: string[];
  scopes: string[];
  retryScale: number;
  enforceLimits: boolean;
}

/** Only what is given changes. */
export type AppChange = Partial<Omit<AppView, 'appId' | 'botUserId'>> & { signingSecret?: string };

export interface ApiCall {
  method: string;
  atMs: number;
  status: number;
  error?: string;
}
