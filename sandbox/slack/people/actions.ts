import { ControlError } from '../../common/control/errors.ts';
import type { ActionOutcome, ActionRequest } from '../control/contract.ts';
import { dispatchError } from '../events/link.ts';
import { slackMessageWithMetadata } from '../shapes.ts';
import type { Json, Message, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { interactionBase, messageFor, personFor } from './lookup.ts';
import type { OpenModal } from './modals.ts';
import { createResponseUrl } from './response-urls.ts';

/** A person clicks, chooses or types in a message, a modal or their home. */
export const act = async (workspace: Workspace, request: ActionRequest): Promise<ActionOutcome> => {
  const user = personFor(workspace, request.as);
  const surface = surfaceOf(workspace, user, request);
  const { block, element } = findElement(surface.blocks, request);
  const action: Json = {
    action_id: element.action_id,
    block_id: block.block_id,
    type: element.type,
    ...(element.text === undefined ? {} : { text: element.text }),
    ...(element.value === undefined ? {} : { value: element.value }),
    ...(element.style === undefined ? {} : { style: element.style }),
    ...(element.placeholder === undefined ? {} : { placeholder: element.placeholder }),
    ...request.payload,
    action_ts: workspace.newTs(),
  };
  const state = { [String(block.block_id)]: { [String(element.action_id)]: stateOf(action) } };
  if (surface.modal !== undefined) {
    workspace.modals.setValues(surface.modal, { ...request.values });
    if (element.type !== 'button' && element.type !== 'overflow')
      workspace.modals.setValues(surface.modal, state);
  }
  // A link button sends an interaction too, and Slack expects an acknowledgement.
  try {
    await workspace.link.ask('interactive', {
      type: 'block_actions',
      ...interactionBase(workspace, user),
      ...surface.describe(element.type === 'button' || element.type === 'overflow' ? {} : state),
      trigger_id: workspace.triggers.create(user.id),
      actions: [action],
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: `The app did not respond: ${dispatchError(error)}.` };
  }
};

interface Surface {
  readonly blocks: readonly Json[];
  readonly modal?: OpenModal;
  /** The part of the payload that locates the element. */
  readonly describe: (state: Json) => Json;
}

const surfaceOf = (workspace: Workspace, user: User, request: ActionRequest): Surface => {
  if (request.message !== undefined) {
    return messageSurface(workspace, user, messageFor(workspace, user, request.message));
  }
  if (request.viewId !== undefined) {
    const modal = modalOf(workspace, user, request.viewId);
    return {
      modal,
      blocks: modal.view.blocks as Json[],
      describe: () => ({ container: { type: 'view', view_id: modal.view.id }, view: modal.view }),
    };
  }
  const home = workspace.store.settings.home(user.id);
  if (!request.home || home === null) {
    throw new ControlError(400, 'Locate the element: message, viewId or home.');
  }
  return {
    blocks: home.blocks as Json[],
    describe: (values) => ({
      container: { type: 'view', view_id: home.id },
      view: { ...home, state: { values } },
    }),
  };
};

const messageSurface = (workspace: Workspace, user: User, message: Message): Surface => {
  const channel = workspace.store.directory.channel(message.channel);
  const isEphemeral = message.ephemeralTo !== undefined;
  return {
    blocks: message.blocks ?? [],
    describe: (values) => ({
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: message.channel,
        is_ephemeral: isEphemeral,
        ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
      },
      channel: { id: message.channel, name: channel?.name || 'directmessage' },
      // Slack does not store ephemeral messages: the app gets only their location.
      ...(isEphemeral ? {} : { message: slackMessageWithMetadata(workspace, message) }),
      state: { values },
      response_url: createResponseUrl(workspace, {
        channel: message.channel,
        user: user.id,
        message,
        ...(message.threadTs === undefined ? {} : { threadTs: message.threadTs }),
      }),
    }),
  };
};

export const modalOf = (workspace: Workspace, user: User, viewId: string): OpenModal => {
  const modal = workspace.modals.of(user.id).find(({ view }) => view.id === viewId);
  if (modal === undefined) throw new ControlError(404, `${user.realName} has no open view ${viewId}.`);
  return modal;
};

/** The element with this action id, and the block it is in. */
export const findElement = (
  blocks: readonly Json[],
  wanted: { action_id: string; block_id?: string | undefined },
): { block: Json; element: Json } => {
  for (const block of blocks) {
    if (wanted.block_id !== undefined && block.block_id !== wanted.block_id) continue;
    const inside = [block.element, block.accessory, ...((block.elements as unknown[]) ?? [])] as Json[];
    const element = inside.find((one) => one?.action_id === wanted.action_id);
    if (element !== undefined) return { block, element };
  }
  throw new ControlError(404, `There is no element with the action id "${wanted.action_id}".`);
};

/** An action without the fields of the click: the state of the element. */
const stateOf = ({
  action_id: _a,
  block_id: _b,
  action_ts: _ts,
  text: _t,
  placeholder: _p,
  ...state
}: Json): Json => state;
