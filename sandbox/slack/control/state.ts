import { listSamples } from '../../common/samples.ts';
import type { Workspace } from '../workspace.ts';
import type { WorkspaceState } from './contract.ts';
import { person } from './shapes.ts';

/** The initial state of a page. Direct conversations are included once they have a message. */
export const workspaceState = (
  workspace: Workspace,
  providers: WorkspaceState['providers'],
): WorkspaceState => {
  const { directory, messages } = workspace.store;
  const { id, name } = workspace.team();
  const app = workspace.app();
  const channels = directory
    .channels()
    .filter(({ kind, id: channel }) => kind === 'channel' || messages.all(channel).length > 0);
  return {
    team: { id, name },
    people: directory.users().map(person),
    channels: channels.map((channel) => ({
      id: channel.id,
      name: channel.name || `${app.name}-${directory.user(channel.imWith ?? '')?.name ?? ''}`,
      topic: channel.topic,
      botIsMember: directory.isMember(channel.id, app.botUserId),
      ...(channel.imWith === undefined ? {} : { onlyFor: channel.imWith }),
    })),
    commands: [...app.commands],
    messageShortcuts: [...app.messageShortcuts],
    globalShortcuts: [...app.globalShortcuts],
    bot: { userId: app.botUserId, name: app.name, connected: workspace.link.connected() },
    providers,
    samples: listSamples(workspace.samplesDir).map(({ name: sample, title, description }) => ({
      name: sample,
      title,
      description,
    })),
  };
};
