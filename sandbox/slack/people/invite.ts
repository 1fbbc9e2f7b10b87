import type { CommandOutcome } from '../../control.ts';
import type { Channel, User } from '../types.ts';
import { joined } from '../web/conversations.ts';
import type { Workspace } from '../workspace.ts';
import { handlesOf } from './who.ts';

/** Slack's own `/invite @somebody`, by which people let an app into a channel. `text` is what follows the command. */
export const invite = (
  workspace: Workspace,
  { channel, by, text }: { readonly channel: Channel; readonly by: User; readonly text: string },
): CommandOutcome => {
  const wanted = text.trim().replace(/^@/, '').toLowerCase();
  const [, user] = [...handlesOf(workspace)].find(([handle]) => handle.toLowerCase() === wanted) ?? [];
  if (user === undefined) return { ok: false, error: `There is nobody called "${text.trim()}" to invite.` };
  if (channel.kind === 'im') return { ok: false, error: 'A direct conversation keeps its two members.' };
  const { directory } = workspace.store;
  if (!directory.isMember(channel.id, user)) {
    directory.addMember(channel.id, user);
    joined(workspace, channel.id, user, by.id);
  }
  return { ok: true };
};
