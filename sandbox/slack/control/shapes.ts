import type { FileRecord, Message, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { Person, StoredFile, StoredMessage } from './contract.ts';

/** Records as the page and the commands get them. */

export const storedMessage = (workspace: Workspace, message: Message): StoredMessage => {
  const { count } = workspace.store.messages.replies(message.channel, message.ts);
  return {
    channel: message.channel,
    ts: message.ts,
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    user: message.user,
    ...(message.botId === undefined ? {} : { bot_id: message.botId }),
    text: message.text,
    ...(message.blocks === undefined ? {} : { blocks: [...message.blocks] }),
    ...(message.fileIds === undefined ? {} : { files: storedFiles(workspace, message.fileIds) }),
    ...(message.metadata === undefined ? {} : { metadata: message.metadata }),
    ...(message.edited === undefined ? {} : { edited: { ts: message.edited.ts } }),
    ...(count === 0 ? {} : { reply_count: count }),
    ...(message.deleted ? { deleted: true } : {}),
    ...(message.ephemeralTo === undefined ? {} : { ephemeral_to: message.ephemeralTo }),
  };
};

const storedFiles = (workspace: Workspace, ids: readonly string[]): StoredFile[] =>
  ids.flatMap((id) => {
    const file = workspace.store.files.get(id);
    return file === null || file.state === 'deleted' ? [] : [storedFile(file)];
  });

export const storedFile = (file: FileRecord): StoredFile => ({
  id: file.id,
  name: file.name,
  title: file.title,
  mimetype: file.mimetype,
  filetype: file.filetype,
  size: file.size,
  user: file.user,
  created: file.createdSec,
  control_url: `/control/files/${file.id}/${encodeURIComponent(file.name)}`,
  ...(file.altText === undefined ? {} : { alt_txt: file.altText }),
});

export const person = (user: User): Person => ({
  id: user.id,
  name: user.name,
  realName: user.realName,
  colour: user.colour,
  isBot: user.isBot,
});
