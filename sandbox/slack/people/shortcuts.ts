import { ControlError } from '../../common/control/errors.ts';
import type { ActionOutcome, ShortcutRequest } from '../control/contract.ts';
import { dispatchError } from '../events/link.ts';
import { slackMessageWithMetadata } from '../shapes.ts';
import type { Json, Message, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { interactionBase, messageFor, personFor } from './lookup.ts';
import { createResponseUrl } from './response-urls.ts';

/** A person picks a message shortcut or a global shortcut. */
export const runShortcut = async (workspace: Workspace, request: ShortcutRequest): Promise<ActionOutcome> => {
  const user = personFor(workspace, request.as);
  const { messageShortcuts, globalShortcuts } = workspace.app();
  const [kind, known] =
    request.message === undefined ? ['global', globalShortcuts] : ['message', messageShortcuts];
  if (!known.some(({ callbackId }) => callbackId === request.callback_id)) {
    throw new ControlError(404, `There is no ${kind} shortcut "${request.callback_id}".`);
  }
  const place =
    request.message === undefined
      ? { type: 'shortcut' }
      : ofMessage(workspace, user, messageFor(workspace, user, request.message));
  try {
    const { api_app_id: _app, user: who, ...base } = interactionBase(workspace, user);
    const { username: _username, ...clicking } = who as Json;
    await workspace.link.ask('interactive', {
      ...place,
      ...base,
      user: clicking,
      callback_id: request.callback_id,
      action_ts: workspace.newTs(),
      trigger_id: workspace.triggers.create(user.id),
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: `The app did not respond: ${dispatchError(error)}.` };
  }
};

const ofMessage = (workspace: Workspace, user: User, message: Message): Json => ({
  type: 'message_action',
  response_url: createResponseUrl(workspace, { channel: message.channel, user: user.id }),
  channel: {
    id: message.channel,
    name: workspace.store.directory.channel(message.channel)?.name || 'directmessage',
  },
  message_ts: message.ts,
  message: slackMessageWithMetadata(workspace, message),
});
