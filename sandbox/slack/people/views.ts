import { z } from 'zod';
import { parseView } from '../blocks/check.ts';
import type { SubmitOutcome, SubmitRequest } from '../control/contract.ts';
import { SlackError } from '../errors.ts';
import { dispatchError } from '../events/link.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { modalOf } from './actions.ts';
import { interactionBase, personFor } from './lookup.ts';
import type { OpenModal } from './modals.ts';

const responseAction = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: z.unknown() }),
  z.object({ response_action: z.literal('push'), view: z.unknown() }),
  z.object({ response_action: z.literal('clear') }),
]);

const TROUBLE = 'We had some trouble connecting. Try again?';

/** A person submits a modal or closes it. */
export const submitView = async (workspace: Workspace, request: SubmitRequest): Promise<SubmitOutcome> => {
  const user = personFor(workspace, request.as);
  const modal = modalOf(workspace, user, request.viewId);
  const base = interactionBase(workspace, user, 'view');
  if (request.cancel) {
    workspace.modals.close(modal, { all: false });
    if (modal.view.notify_on_close === true) {
      const body = { type: 'view_closed', ...base, view: modal.view, is_cleared: false };
      await workspace.link.ask('interactive', body).catch(() => null);
    }
    return { ok: true, closed: true };
  }
  workspace.modals.setValues(modal, request.values);
  const missing = missingInputs(modal.view);
  if (Object.keys(missing).length > 0) {
    workspace.modals.setErrors(modal, missing);
    return { ok: false, errors: missing };
  }
  try {
    const ack = await workspace.link.ask('interactive', {
      type: 'view_submission',
      ...base,
      trigger_id: workspace.triggers.create(user.id),
      view: modal.view,
      response_urls: [],
    });
    return applyAck(workspace, modal, ack);
  } catch (error) {
    if (error instanceof SlackError) return { ok: false, error: `${TROUBLE} (${error.code})` };
    return { ok: false, error: `${TROUBLE} (${dispatchError(error)})` };
  }
};

/** Applies the acknowledgement. An empty one closes the view. */
const applyAck = (workspace: Workspace, modal: OpenModal, ack: unknown): SubmitOutcome => {
  const { modals, store } = workspace;
  if (ack === null) {
    modals.close(modal, { all: false });
    return { ok: true, closed: true };
  }
  const parsed = responseAction.safeParse(ack);
  if (!parsed.success) return { ok: false, error: `${TROUBLE} (invalid_response_action)` };
  const action = parsed.data;
  switch (action.response_action) {
    case 'errors': {
      const inputs = (modal.view.blocks as Json[]).filter(({ type }) => type === 'input');
      const known = Object.keys(action.errors).every((id) => inputs.some(({ block_id }) => block_id === id));
      // Slack shows errors at input blocks only, and fails for others.
      if (!known) return { ok: false, error: `${TROUBLE} (invalid_errors)` };
      modals.setErrors(modal, action.errors);
      return { ok: false, errors: action.errors };
    }
    case 'clear':
      modals.close(modal, { all: true });
      return { ok: true, closed: true };
    case 'update':
      modals.update(modal, parseView(action.view, 'modal', store.files.get));
      return { ok: true, closed: false };
    case 'push':
      modals.push(modal.user, parseView(action.view, 'modal', store.files.get));
      return { ok: true, closed: false };
  }
};

/** Slack's client checks required inputs before it sends the submission. */
const missingInputs = (view: Json): Record<string, string> => {
  const values = (view.state as { values: Record<string, Record<string, Json>> }).values;
  const missing: Record<string, string> = {};
  for (const block of view.blocks as Json[]) {
    if (block.type !== 'input' || block.optional === true) continue;
    const id = String(block.block_id);
    const state = values[id]?.[String((block.element as Json).action_id)];
    const { type: _type, ...rest } = state ?? {};
    const filled = Object.values(rest).some(
      (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
    );
    if (!filled) missing[id] = 'Please complete this required field.';
  }
  return missing;
};
