import { ControlError } from '../../common/control/errors.ts';
import type { ArchiveRequest, CommandOutcome } from '../control/contract.ts';
import type { Channel } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { personFor, placeFor } from './who.ts';

/** Slack's own `/archive`, after which a channel can be read and not written in; and the way back. */
export const setArchived = (workspace: Workspace, channel: Channel, archived: boolean): CommandOutcome => {
  if (channel.kind === 'im') return { ok: false, error: 'A direct conversation cannot be archived.' };
  workspace.store.directory.saveChannel({ ...channel, archived });
  return { ok: true };
};

/** The same in a channel's settings, where Slack has the way back. */
export const changeArchived = (workspace: Workspace, request: ArchiveRequest): object => {
  personFor(workspace, request.as);
  const { error } = setArchived(workspace, placeFor(workspace, request.channel), request.archived);
  if (error !== undefined) throw new ControlError(400, error);
  return {};
};
