import type { ActionOutcome, ShortcutRequest } from '../../control.ts';
import { ControlError } from '../errors.ts';
import { dispatchError } from '../events/link.ts';
import { slackMessageWithMetadata } from '../shapes.ts';
import type { Workspace } from '../workspace.ts';
import { createResponseUrl } from './response-urls.ts';
import { interactionBase, messageFor, personFor } from './who.ts';

/** A person picks a shortcut from a message's menu. */
export const runShortcut = async (workspace: Workspace, request: ShortcutRequest): Promise<ActionOutcome> => {
  const user = personFor(workspace, request.as);
  const message = messageFor(workspace, user, request.message);
  if (!workspace.app().messageShortcuts.some(({ callbackId }) => callbackId === request.callback_id)) {
    throw new ControlError(404, `There is no message shortcut "${request.callback_id}".`);
  }
  const channel = workspace.store.directory.channel(message.channel);
  const place = { channel: message.channel, user: user.id };
  try {
    await workspace.link.ask('interactive', {
      type: 'message_action',
      ...interactionBase(workspace, user),
      callback_id: request.callback_id,
      action_ts: workspace.newTs(),
      trigger_id: workspace.triggers.create(user.id),
      response_url: createResponseUrl(workspace, place),
      channel: { id: message.channel, name: channel?.name || 'directmessage' },
      message_ts: message.ts,
      message: slackMessageWithMetadata(workspace, message),
    });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: `The app did not respond: ${dispatchError(error)}.` };
  }
};
