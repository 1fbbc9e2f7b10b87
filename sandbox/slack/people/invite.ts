import type { CommandOutcome } from '../control/contract.ts';
import type { Channel, User } from '../types.ts';
import { announceJoin } from '../web/conversations.ts';
import type { Workspace } from '../workspace.ts';
import { handlesOf } from './lookup.ts';

const KEEPS_ITS_TWO: CommandOutcome = {
  ok: false,
  error: 'The members of a direct conversation can’t change.',
};

/** Slack's `/invite @NAME`, which adds an app to a channel. `text` follows the command. */
export const invite = (
  workspace: Workspace,
  { channel, by, text }: { readonly channel: Channel; readonly by: User; readonly text: string },
): CommandOutcome => {
  const user = called(workspace, text);
  if (user === undefined) return { ok: false, error: `No one is called "${text.trim()}".` };
  if (channel.kind === 'im') return KEEPS_ITS_TWO;
  const { directory } = workspace.store;
  if (!directory.isMember(channel.id, user)) {
    directory.addMember(channel.id, user);
    announceJoin(workspace, channel.id, user, by.id);
  }
  return { ok: true };
};

/** Slack's `/remove @NAME`, which removes an app from a channel. */
export const remove = (
  workspace: Workspace,
  { channel, text }: { readonly channel: Channel; readonly text: string },
): CommandOutcome => {
  const user = called(workspace, text);
  if (user === undefined) return { ok: false, error: `No one is called "${text.trim()}".` };
  if (channel.kind === 'im') return KEEPS_ITS_TWO;
  workspace.store.directory.removeMember(channel.id, user);
  return { ok: true };
};

const called = (workspace: Workspace, text: string): string | undefined => {
  const wanted = text.trim().replace(/^@/, '').toLowerCase();
  return [...handlesOf(workspace)].find(([handle]) => handle.toLowerCase() === wanted)?.[1];
};
