import type { RequestOutcome } from '../../../core/ports.ts';
import { buildCallHelp } from '../../blocks/call-help.ts';
import { buildCallPlan, orderOf } from '../../blocks/call-plan.ts';
import { buildCallSettings } from '../../blocks/call-settings.ts';
import { clean } from '../../blocks/text.ts';
import { type CallCommand, parseCallCommand } from '../../call-command.ts';
import { START_CALL } from '../../sentences/calls.ts';
import { OWN_NUMBER } from '../../sentences/settings.ts';
import { openView } from '../../views.ts';
import type { ListenerDeps } from '../deps.ts';
import { planCall } from '../start-call.ts';
import { type RunCommand, refused, type Typed } from './typed.ts';

/** `/parley call +44 20 7946 0000 about the invoice`, `/parley call @teammate`, and the settings of calls. */
export const runCall: RunCommand = (deps, typed) => run(deps, typed, parseCallCommand(typed.text));

/** `/parley settings`: the dialog for the workspace's call settings, for its admins. */
export const runSettings: RunCommand = async ({ requests, api }, { workspaceId, by, triggerId }) => {
  const settings = await requests.callSettings(workspaceId, by);
  if ('refused' in settings) return refused(settings.refused);
  await openView(api, triggerId, buildCallSettings(settings));
  return null;
};

const run = async (
  deps: ListenerDeps,
  typed: Typed,
  requested: CallCommand,
): Promise<RequestOutcome | null> => {
  switch (requested.kind) {
    case 'help':
      await deps.replies.send(typed.recipient, buildCallHelp(typed.command));
      return null;
    case 'settings':
      return runSettings(deps, typed);
    case 'show-own-number':
      return showOwnNumber(deps, typed);
    case 'save-own-number':
      return saveOwnNumber(deps, typed, requested.text);
    case 'unknown-member':
      return refused(START_CALL.unknownMember(clean(requested.name, 60)));
    case 'call':
      return confirm(deps, typed, requested);
  }
};

/** Shows who would be called. Nothing rings before one of the buttons is pressed. */
const confirm = async (
  deps: ListenerDeps,
  { command, workspaceId, by, triggerId, recipient }: Typed,
  { to, text }: Extract<CallCommand, { kind: 'call' }>,
): Promise<RequestOutcome | null> => {
  const plan = await planCall(deps, { workspaceId, channelId: recipient.channelId, by, to, text });
  if ('refused' in plan) return refused(plan.refused);
  await deps.replies.send(recipient, buildCallPlan(plan, orderOf(plan, `command:${triggerId}`), command));
  return null;
};

const showOwnNumber = async (
  { requests, replies }: ListenerDeps,
  { command, workspaceId, by, recipient }: Typed,
): Promise<null> => {
  const number = await requests.ownNumber(workspaceId, by);
  await replies.send(recipient, number === null ? OWN_NUMBER.none(command) : OWN_NUMBER.shown(number));
  return null;
};

const saveOwnNumber = async (
  { requests, chat, replies }: ListenerDeps,
  { workspaceId, by, recipient }: Typed,
  text: string,
): Promise<RequestOutcome | null> => {
  const saved = await requests.saveOwnNumber(workspaceId, by, text);
  if ('refused' in saved) return refused(saved.refused);
  const { formatted } = saved;
  await replies.send(recipient, formatted === null ? OWN_NUMBER.removed : OWN_NUMBER.saved(formatted));
  await chat.refreshHome(workspaceId, by);
  return null;
};
