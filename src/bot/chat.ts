import type { Chat, Clock, Log, PublicWeb, Requests } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import type { CommandNames } from './commands.ts';
import { createDownloads } from './files/download.ts';
import { createSharedFiles } from './files/shared.ts';
import { createUploads } from './files/upload.ts';
import { createHome } from './home.ts';
import type { Identity } from './identity.ts';
import { createMembers } from './members.ts';
import { createMessages } from './messages.ts';
import { createPermalinks } from './permalinks.ts';
import type { Replies } from './replies.ts';

/** The Chat port over Slack's Web API. */
export const createChat = (parts: {
  api: Api;
  replies: Replies;
  botToken: string;
  apiUrl: string;
  commands: CommandNames;
  identity: Identity;
  requests: () => Requests | null;
  web: PublicWeb;
  clock: Clock;
  log: Log;
}): Chat => {
  const permalinks = createPermalinks(parts);
  return {
    ...permalinks,
    ...createMessages(parts),
    ...createUploads(parts),
    ...createDownloads(parts),
    ...createSharedFiles(parts),
    ...createMembers(parts),
    ...createHome({ ...parts, ...permalinks }),
    postEphemeral: (where, memberId, text) =>
      parts.replies.send(
        { channelId: where.channelId, rootId: 'rootId' in where ? where.rootId : null, memberId },
        text,
      ),
  };
};
