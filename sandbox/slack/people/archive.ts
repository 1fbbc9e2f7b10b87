import { ControlError } from '../../common/control/errors.ts';
import type { ArchiveRequest, CommandOutcome } from '../control/contract.ts';
import type { Channel } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelFor, personFor } from './lookup.ts';

/** Slack's `/archive`, which makes a channel read-only, and its reverse. */
export const setArchived = (workspace: Workspace, channel: Channel, archived: boolean): CommandOutcome => {
  if (channel.kind === 'im') return { ok: false, error: 'A direct conversation cannot be archived.' };
  workspace.store.directory.saveChannel({ ...channel, archived });
  return { ok: true };
};

/** The same in the settings of a channel, where Slack can unarchive it. */
export const changeArchived = (workspace: Workspace, request: ArchiveRequest): object => {
  personFor(workspace, request.as);
  const { error } = setArchived(workspace, channelFor(workspace, request.channel), request.archived);
  if (error !== undefined) throw new ControlError(400, error);
  return {};
};
