import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { ControlError } from '../../common/control/errors.ts';
import { samplePath } from '../../common/samples.ts';
import type { EditRequest, PostRequest } from '../control/contract.ts';
import { removeFile } from '../files/remove.ts';
import { shortId } from '../ids.ts';
import { deleteMessage, editMessage, postMessage } from '../posting.ts';
import { richText, typedText } from '../text.ts';
import type { Message, User } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelFor, handlesOf, messageFor, personFor } from './lookup.ts';

/** A person posts text with mentions, uploaded files, and samples by name. */
export const writeMessage = async (workspace: Workspace, request: PostRequest): Promise<Message> => {
  const user = personFor(workspace, request.as);
  const channel = channelFor(workspace, request.channel);
  const { messages, directory } = workspace.store;
  if (!directory.isMember(channel.id, user.id)) {
    throw new ControlError(403, `${user.realName} is not in this conversation.`);
  }
  if (channel.archived) throw new ControlError(403, `#${channel.name} is archived.`);
  if (request.thread_ts !== undefined && messages.get(channel.id, request.thread_ts) === null) {
    throw new ControlError(404, `There is no message ${request.thread_ts} to reply to.`);
  }
  const fileIds: string[] = [];
  for (const file of request.files ?? []) fileIds.push(await fileFor(workspace, user, file));
  const text = typedText(request.text, handlesOf(workspace));
  const forwards = request.forwards && messageFor(workspace, user, request.forwards);
  if (text === '' && fileIds.length === 0 && forwards === undefined)
    throw new ControlError(400, 'A message needs text or a file.');
  const message = postMessage(workspace, {
    channel: channel.id,
    user: user.id,
    text,
    ...(text === '' ? {} : { blocks: [richText(text, shortId())] }),
    ...(fileIds.length === 0 ? {} : { subtype: 'file_share', fileIds }),
    ...(request.thread_ts === undefined ? {} : { threadTs: request.thread_ts }),
    ...(forwards === undefined ? {} : { forwards: { channel: forwards.channel, ts: forwards.ts } }),
    ...(request.app === undefined ? {} : { botId: OTHER_BOT, otherApp: request.app }),
  });
  if (fileIds.length > 0 && workspace.failures.shouldFail('files-deleted-after-post')) {
    for (const id of fileIds) removeFile(workspace, workspace.store.files.get(id)!);
  }
  return message;
};

const OTHER_BOT = 'B0OTHER';

const fileFor = async (workspace: Workspace, user: User, wanted: string): Promise<string> => {
  if (wanted.startsWith('sample:')) return addSample(workspace, user, wanted.slice('sample:'.length));
  const file = workspace.store.files.get(wanted);
  if (file === null || file.state !== 'ready' || file.user !== user.id || file.shares.length > 0) {
    throw new ControlError(
      404,
      `There is no uploaded file ${wanted} of ${user.realName}'s that waits to be posted.`,
    );
  }
  return file.id;
};

const addSample = async (workspace: Workspace, user: User, name: string): Promise<string> => {
  const path = samplePath(workspace.samplesDir, name);
  if (path === null) throw new ControlError(404, `There is no sample "${name}".`);
  return (await workspace.files.addPersons(basename(path), user.id, createReadStream(path))).id;
};

/** A person changes the text of their own message. */
export const editOwnMessage = (workspace: Workspace, request: EditRequest): Message => {
  const message = ownMessage(workspace, request);
  const text = typedText(request.text, handlesOf(workspace));
  if (text === '') throw new ControlError(400, 'A message needs text.');
  return editMessage(workspace, message, { text, blocks: [richText(text, shortId())] });
};

/** A person deletes their own message. Its files stay, as at Slack. */
export const deleteOwnMessage = (
  workspace: Workspace,
  request: { as: string; channel: string; ts: string },
): void => deleteMessage(workspace, ownMessage(workspace, request));

const ownMessage = (workspace: Workspace, request: { as: string; channel: string; ts: string }): Message => {
  const user = personFor(workspace, request.as);
  const message = messageFor(workspace, user, request);
  if (message.user !== user.id) throw new ControlError(403, 'This message belongs to someone else.');
  return message;
};
