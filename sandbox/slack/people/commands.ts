import type { CommandOutcome, CommandRequest } from '../control/contract.ts';
import { SlackError } from '../errors.ts';
import { dispatchError } from '../events/link.ts';
import { commandText } from '../text.ts';
import type { Workspace } from '../workspace.ts';
import { setArchived } from './archive.ts';
import { invite, remove } from './invite.ts';
import { channelFor, handlesOf, personFor } from './lookup.ts';
import { applyAnswer, createResponseUrl, parseAnswer } from './response-urls.ts';

/** A person runs a slash command. A message in the acknowledgement is shown as the answer. */
export const runCommand = async (workspace: Workspace, request: CommandRequest): Promise<CommandOutcome> => {
  const user = personFor(workspace, request.as);
  const channel = channelFor(workspace, request.channel);
  const [, command = '', text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(request.text.trim()) ?? [];
  if (channel.archived) return { ok: false, error: `#${channel.name} is archived.` };
  if (command === '/invite') return invite(workspace, { channel, by: user, text });
  if (command === '/remove') return remove(workspace, { channel, text });
  if (command === '/archive') return setArchived(workspace, channel, true);
  const known = workspace.app().commands.find((one) => one.command === command);
  // Slack offers an app's commands where it is installed, and to no one from elsewhere.
  if (known === undefined || user.elsewhere !== undefined) {
    return { ok: false, error: `${command || 'That'} is not a valid command.` };
  }
  if (request.thread_ts !== undefined) {
    // Slack does not run apps' commands in threads.
    return { ok: false, error: `${command} is not supported in threads. Sorry!` };
  }
  const team = workspace.team();
  const place = { channel: channel.id, user: user.id };
  try {
    const ack = await workspace.link.ask('slash_commands', {
      token: 'not-used-since-signatures',
      team_id: team.id,
      team_domain: team.domain,
      ...(team.enterprise === undefined
        ? {}
        : { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
      channel_id: channel.id,
      channel_name: channel.kind === 'im' ? 'directmessage' : channel.name,
      user_id: user.id,
      user_name: user.name,
      command,
      text: known.shouldEscape ? escaped(workspace, text) : text,
      api_app_id: workspace.app().appId,
      is_enterprise_install: 'false',
      response_url: createResponseUrl(workspace, place),
      trigger_id: workspace.triggers.create(user.id),
    });
    const answer = parseAnswer(ack);
    if (answer !== null) applyAnswer(workspace, place, answer);
    return { ok: true };
  } catch (error) {
    const code = error instanceof SlackError ? error.code : dispatchError(error);
    return { ok: false, error: `${command} failed with the error "${code}"` };
  }
};

const escaped = (workspace: Workspace, text: string): string => {
  const { directory } = workspace.store;
  const names = new Map(directory.users().map(({ id, name }) => [id, name]));
  const channels = new Map(directory.channels().map(({ id, name }) => [name, id]));
  return commandText(text, { handles: handlesOf(workspace), names, channels });
};
