import { z } from 'zod';
import { newViewIds, parseView } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { args, method } from './method.ts';

const view = args.json('invalid_arguments').refine((given) => given !== undefined);

const kindOf = (given: unknown): unknown => (given as { type?: unknown } | null)?.type;

const parseModal = (workspace: Workspace, given: unknown): Json =>
  parseView(given, 'modal', workspace.store.files.get);

const open = method({
  token: 'bot',
  scopes: [],
  tier: 4,
  args: z.object({ trigger_id: args.text.optional(), interactivity_pointer: args.text.optional(), view }),
  run: (workspace, given) => {
    const parsed = parseModal(workspace, given.view);
    const trigger = workspace.triggers.use(given.trigger_id ?? given.interactivity_pointer ?? '');
    return { view: workspace.modals.open(trigger.user, parsed) };
  },
});

const push = method({
  token: 'bot',
  scopes: [],
  tier: 4,
  args: z.object({ trigger_id: args.text.optional(), view }),
  run: (workspace, given) => {
    const parsed = parseModal(workspace, given.view);
    const trigger = workspace.triggers.use(given.trigger_id ?? '');
    return { view: workspace.modals.push(trigger.user, parsed) };
  },
});

const update = method({
  token: 'bot',
  scopes: [],
  tier: 4,
  args: z.object({
    view,
    view_id: args.text.optional(),
    external_id: args.text.optional(),
    hash: args.text.optional(),
  }),
  run: (workspace, given) => {
    const parsed = parseModal(workspace, given.view);
    const found = workspace.modals.find(({ view: open }) =>
      given.view_id ? open.id === given.view_id : open.external_id === given.external_id,
    );
    if (found === null) throw new SlackError('not_found');
    if (given.hash && given.hash !== found.view.hash) throw new SlackError('hash_conflict');
    return { view: workspace.modals.update(found, parsed) };
  },
});

const publish = method({
  token: 'bot',
  scopes: [],
  tier: 4,
  args: z.object({ user_id: args.id, view, hash: args.text.optional() }),
  run: (workspace, given) => {
    const { store } = workspace;
    if (store.directory.user(given.user_id) === null) throw new SlackError('invalid_arguments');
    if (kindOf(given.view) === 'modal') throw new SlackError('invalid_arguments');
    const parsed = parseView(given.view, 'home', store.files.get);
    const before = store.settings.home(given.user_id);
    if (given.hash && given.hash !== before?.hash) throw new SlackError('hash_conflict');
    const ids = newViewIds();
    const home = workspace.modals.dress(parsed, {
      id: typeof before?.id === 'string' ? before.id : ids.id,
      hash: ids.hash,
    });
    store.settings.saveHome(given.user_id, home);
    workspace.broadcast({ type: 'home', user: given.user_id, view: home });
    return { view: home };
  },
});

export const viewMethods = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
