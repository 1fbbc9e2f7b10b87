import { ControlError } from '../../common/control/errors.ts';
import { personFor, placeFor } from '../people/who.ts';
import { joined } from '../web/conversations.ts';
import type { Workspace } from '../workspace.ts';
import type { MemberRequest } from './contract.ts';

/** Somebody invites a person or the bot into a channel, or takes them out. */
export const changeMembers = (workspace: Workspace, request: MemberRequest): object => {
  const { directory } = workspace.store;
  const inviter = personFor(workspace, request.as);
  const channel = placeFor(workspace, request.channel);
  const { botUserId } = workspace.app();
  const user = request.user === botUserId ? botUserId : personFor(workspace, request.user).id;
  if (channel.kind === 'im') throw new ControlError(400, 'A direct conversation keeps its two members.');
  if (request.remove) {
    directory.removeMember(channel.id, user);
  } else if (!directory.isMember(channel.id, user)) {
    directory.addMember(channel.id, user);
    joined(workspace, channel.id, user, inviter.id);
  }
  return {};
};
