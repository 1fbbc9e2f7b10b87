import { newViewIds } from '../blocks/check.ts';
import type { ControlEvent } from '../control/contract.ts';
import { SlackError } from '../errors.ts';
import { newHash } from '../ids.ts';
import type { AppSettings, Json, Team } from '../types.ts';
import { openView } from './open-view.ts';

/** Slack stacks at most this many modals. */
const MAX_STACK = 3;

type LiveView = Json & { id: string; hash: string };
type Values = Record<string, Record<string, unknown>>;

export interface OpenModal {
  readonly user: string;
  view: LiveView;
  errors?: Record<string, string>;
}

/** The open modals: a stack per person, not persistent. */
export interface ModalDesk {
  open(user: string, parsed: Json): LiveView;
  push(user: string, parsed: Json): LiveView;
  update(modal: OpenModal, parsed: Json): LiveView;
  find(matches: (modal: OpenModal) => boolean): OpenModal | null;
  /** Newest last. */
  of(user: string): readonly OpenModal[];
  setValues(modal: OpenModal, values: Values): void;
  setErrors(modal: OpenModal, errors: Record<string, string>): void;
  /** Closes one modal, or the person's whole stack. */
  close(modal: OpenModal, options: { all: boolean }): void;
  /** A parsed view with the fields that Slack adds. */
  dress(parsed: Json, ids: { id: string; hash: string; previous?: string; root?: string }): LiveView;
}

export const createModalDesk = (options: {
  team: () => Team;
  app: () => AppSettings;
  show: (event: ControlEvent) => void;
}): ModalDesk => {
  const { team, app, show } = options;
  const stacks = new Map<string, OpenModal[]>();

  const dress: ModalDesk['dress'] = (parsed, ids) => ({
    team_id: team().id,
    type: parsed.type,
    private_metadata: '',
    callback_id: '',
    clear_on_close: false,
    notify_on_close: false,
    close: null,
    submit: null,
    external_id: '',
    ...parsed,
    id: ids.id,
    hash: ids.hash,
    state: { values: initialValues((parsed.blocks ?? []) as Json[]) },
    previous_view_id: ids.previous ?? null,
    root_view_id: ids.root ?? ids.id,
    app_id: app().appId,
    bot_id: app().botId,
    app_installed_team_id: team().id,
  });

  const place = (user: string, stack: OpenModal[], parsed: Json): LiveView => {
    const external = parsed.external_id;
    const known = [...stacks.values()].flat().some(({ view }) => view.external_id === external);
    if (external && known) throw new SlackError('duplicate_external_id');
    const previous = stack.at(-1)?.view.id;
    const root = stack[0]?.view.id;
    const view = dress(parsed, {
      ...newViewIds(),
      ...(previous === undefined ? {} : { previous }),
      ...(root === undefined ? {} : { root }),
    });
    stacks.set(user, [...stack, { user, view }]);
    show({ type: 'view_opened', view: openView(view), user });
    return view;
  };

  const close = (modal: OpenModal, all: boolean): void => {
    const stack = stacks.get(modal.user) ?? [];
    const from = all ? 0 : stack.indexOf(modal);
    if (from === -1) return;
    stacks.set(modal.user, stack.slice(0, from));
    for (const { view } of stack.slice(from).reverse()) {
      show({ type: 'view_closed', viewId: view.id, user: modal.user });
    }
  };

  return {
    open: (user, parsed) => {
      const [oldest] = stacks.get(user) ?? [];
      if (oldest !== undefined) close(oldest, true);
      return place(user, [], parsed);
    },
    push: (user, parsed) => {
      const stack = stacks.get(user) ?? [];
      if (stack.length === 0) throw new SlackError('not_found');
      if (stack.length >= MAX_STACK) throw new SlackError('push_limit_reached');
      return place(user, stack, parsed);
    },
    update: (modal, parsed) => {
      const { id, state, previous_view_id, root_view_id } = modal.view;
      const next = dress(parsed, { id, hash: newHash() });
      const values = { ...(next.state as { values: Values }).values };
      const before = (state as { values: Values }).values;
      // Input is kept where the block and action ids are the same.
      for (const [block, actions] of Object.entries(values)) {
        for (const action of Object.keys(actions)) {
          const kept = before[block]?.[action];
          if (kept !== undefined) values[block] = { ...values[block], [action]: kept };
        }
      }
      modal.view = { ...next, state: { values }, previous_view_id, root_view_id };
      delete modal.errors;
      show({ type: 'view_updated', view: openView(modal.view), user: modal.user });
      return modal.view;
    },
    find: (matches) => [...stacks.values()].flat().find(matches) ?? null,
    of: (user) => stacks.get(user) ?? [],
    setValues: (modal, values) => {
      const before = (modal.view.state as { values: Values }).values;
      const merged: Values = { ...before };
      for (const [block, actions] of Object.entries(values)) {
        merged[block] = { ...merged[block], ...actions };
      }
      modal.view = { ...modal.view, state: { values: merged } };
    },
    setErrors: (modal, errors) => {
      modal.errors = errors;
      show({ type: 'view_updated', view: openView(modal.view, errors), user: modal.user });
    },
    close: (modal, { all }) => close(modal, all),
    dress,
  };
};

/** `state.values` of an untouched view: the initial value of each element that has one. */
const initialValues = (blocks: readonly Json[]): Values => {
  const values: Values = {};
  for (const block of blocks) {
    const elements = [block.element, block.accessory, ...((block.elements as unknown[]) ?? [])] as Json[];
    for (const element of elements) {
      const state = element === undefined ? null : initialState(element);
      if (state === null) continue;
      const id = String(block.block_id);
      values[id] = { ...values[id], [String(element.action_id)]: state };
    }
  }
  return values;
};

const INITIAL: Readonly<Record<string, readonly [key: string, initial: string, otherwise: unknown]>> = {
  plain_text_input: ['value', 'initial_value', null],
  email_text_input: ['value', 'initial_value', null],
  url_text_input: ['value', 'initial_value', null],
  number_input: ['value', 'initial_value', null],
  rich_text_input: ['rich_text_value', 'initial_value', null],
  static_select: ['selected_option', 'initial_option', null],
  external_select: ['selected_option', 'initial_option', null],
  radio_buttons: ['selected_option', 'initial_option', null],
  users_select: ['selected_user', 'initial_user', null],
  conversations_select: ['selected_conversation', 'initial_conversation', null],
  channels_select: ['selected_channel', 'initial_channel', null],
  checkboxes: ['selected_options', 'initial_options', []],
  multi_static_select: ['selected_options', 'initial_options', []],
  multi_external_select: ['selected_options', 'initial_options', []],
  multi_users_select: ['selected_users', 'initial_users', []],
  multi_conversations_select: ['selected_conversations', 'initial_conversations', []],
  multi_channels_select: ['selected_channels', 'initial_channels', []],
  datepicker: ['selected_date', 'initial_date', null],
  timepicker: ['selected_time', 'initial_time', null],
  datetimepicker: ['selected_date_time', 'initial_date_time', null],
};

const initialState = (element: Json): Json | null => {
  const known = INITIAL[String(element.type)];
  if (known === undefined) return null;
  const [key, initial, otherwise] = known;
  return { type: element.type, [key]: element[initial] ?? otherwise };
};
