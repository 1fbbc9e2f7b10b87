import { ControlError } from '../../common/control/errors.ts';
import type { Channel, Json, Message, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** A person by id, handle or name. The bot cannot act. */
export const personFor = (workspace: Workspace, who: string): User => {
  const users = workspace.store.directory.users().filter(({ isBot }) => !isBot);
  const wanted = who.replace(/^@/, '').toLowerCase();
  const found = users.find(
    ({ id, name, realName }) => id === who || name === wanted || realName.toLowerCase() === wanted,
  );
  if (found === undefined) {
    throw new ControlError(
      404,
      `No one here is called "${who}". Try ${users.map(({ name }) => name).join(', ')}.`,
    );
  }
  return found;
};

/** The names that are recognised after an `@`. */
export const handlesOf = (workspace: Workspace): Map<string, string> =>
  new Map(
    workspace.store.directory.users().flatMap(({ id, name, realName }): [string, string][] => [
      [name, id],
      [realName, id],
    ]),
  );

/** A channel by id or name, with or without `#`. */
export const channelFor = (workspace: Workspace, where: string): Channel => {
  const channels = workspace.store.directory.channels();
  const wanted = where.replace(/^#/, '');
  const found = channels.find(({ id, name }) => id === where || (name !== '' && name === wanted));
  if (found === undefined) {
    const names = channels.flatMap(({ name }) => (name === '' ? [] : `#${name}`));
    throw new ControlError(404, `There is no channel "${where}" here. Try ${names.join(', ')}.`);
  }
  return found;
};

/** A message that this person can see. */
export const messageFor = (
  workspace: Workspace,
  user: User,
  place: { channel: string; ts: string },
): Message => {
  const channel = channelFor(workspace, place.channel);
  const message = workspace.store.messages.get(channel.id, place.ts);
  if (message === null || (message.ephemeralTo !== undefined && message.ephemeralTo !== user.id)) {
    throw new ControlError(404, `There is no message ${place.ts} in ${channel.name || 'this conversation'}.`);
  }
  return message;
};

/**
 * The fields of every interaction. In an Enterprise Grid `user.team_id` is the Grid's id and not a workspace's. In a
 * channel that is shared with another organization, a click has the app's workspace as `team`, and a dialog the person's.
 * @see https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
 */
export const interactionBase = (
  workspace: Workspace,
  user: User,
  on: 'message' | 'view' = 'message',
): Json => {
  const { id, domain, enterprise } = workspace.team();
  const external = user.elsewhere?.kind === 'another-organization' ? user.elsewhere : null;
  const ofGrid = external === null ? enterprise : undefined;
  return {
    user: {
      id: user.id,
      username: user.name,
      name: user.name,
      team_id: external?.teamId ?? ofGrid?.id ?? id,
    },
    api_app_id: workspace.app().appId,
    token: 'not-used-since-signatures',
    team: {
      ...(external !== null && on === 'view' ? { id: external.teamId, domain: 'elsewhere' } : { id, domain }),
      ...(ofGrid === undefined ? {} : { enterprise_id: ofGrid.id, enterprise_name: ofGrid.name }),
    },
    enterprise: ofGrid ?? null,
    is_enterprise_install: false,
  };
};
