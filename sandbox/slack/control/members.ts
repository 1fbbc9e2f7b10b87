import { ControlError } from '../../common/control/errors.ts';
import { channelFor, personFor } from '../people/lookup.ts';
import { announceJoin } from '../web/conversations.ts';
import type { Workspace } from '../workspace.ts';
import type { MemberRequest } from './contract.ts';

/** Invites a person or the bot to a channel, or removes them. */
export const changeMembers = (workspace: Workspace, request: MemberRequest): object => {
  const { directory } = workspace.store;
  const inviter = personFor(workspace, request.as);
  const channel = channelFor(workspace, request.channel);
  const { botUserId } = workspace.app();
  const user = request.user === botUserId ? botUserId : personFor(workspace, request.user).id;
  if (channel.kind === 'im')
    throw new ControlError(400, 'The members of a direct conversation can’t change.');
  if (request.remove) {
    directory.removeMember(channel.id, user);
  } else if (!directory.isMember(channel.id, user)) {
    directory.addMember(channel.id, user);
    announceJoin(workspace, channel.id, user, inviter.id);
  }
  return {};
};
