import type { CommandOutcome } from '../control/contract.ts';
import type { Channel, User } from '../types.ts';
import { joined } from '../web/conversations.ts';
import type { Workspace } from '../workspace.ts';
import { handlesOf } from './who.ts';

const KEEPS_ITS_TWO: CommandOutcome = { ok: false, error: 'A direct conversation keeps its two members.' };

/** Slack's own `/invite @somebody`, by which people let an app into a channel. `text` is what follows the command. */
export const invite = (
  workspace: Workspace,
  { channel, by, text }: { readonly channel: Channel; readonly by: User; readonly text: string },
): CommandOutcome => {
  const user = called(workspace, text);
  if (user === undefined) return { ok: false, error: `There is nobody called "${text.trim()}" to invite.` };
  if (channel.kind === 'im') return KEEPS_ITS_TWO;
  const { directory } = workspace.store;
  if (!directory.isMember(channel.id, user)) {
    directory.addMember(channel.id, user);
    joined(workspace, channel.id, user, by.id);
  }
  return { ok: true };
};

/** Slack's own `/remove @somebody`, by which people put an app out of a channel. */
export const remove = (
  workspace: Workspace,
  { channel, text }: { readonly channel: Channel; readonly text: string },
): CommandOutcome => {
  const user = called(workspace, text);
  if (user === undefined) return { ok: false, error: `There is nobody called "${text.trim()}" to remove.` };
  if (channel.kind === 'im') return KEEPS_ITS_TWO;
  workspace.store.directory.removeMember(channel.id, user);
  return { ok: true };
};

const called = (workspace: Workspace, text: string): string | undefined => {
  const wanted = text.trim().replace(/^@/, '').toLowerCase();
  return [...handlesOf(workspace)].find(([handle]) => handle.toLowerCase() === wanted)?.[1];
};
