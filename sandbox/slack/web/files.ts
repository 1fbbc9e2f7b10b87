import { z } from 'zod';
import { parseMessageBlocks } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import { removeFile } from '../files/remove.ts';
import { newId, newSecret } from '../ids.ts';
import { slackFile } from '../shapes.ts';
import type { FileRecord, ShareRequest } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { channelToWriteIn, existingThread } from './conversation-lookup.ts';
import { args, method } from './method.ts';

const fileFor = (workspace: Workspace, id: string): FileRecord => {
  const file = workspace.store.files.get(id);
  if (file === null || file.state === 'reserved' || file.state === 'uploaded') {
    throw new SlackError('file_not_found');
  }
  if (file.state === 'deleted') throw new SlackError('file_deleted');
  return file;
};

const info = method({
  token: 'bot',
  scopes: ['files:read'],
  tier: 4,
  args: z.object({ file: args.id }),
  run: (workspace, given) => ({
    file: slackFile(workspace, fileFor(workspace, given.file)),
    comments: [],
  }),
});

const getUploadUrl = method({
  token: 'bot',
  scopes: ['files:write'],
  tier: 4,
  args: z.object({
    filename: args.id,
    length: z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.int().min(1)),
    alt_txt: args.text.optional(),
    snippet_type: args.text.optional(),
  }),
  run: (workspace, given) => {
    const { failures } = workspace;
    if (failures.shouldFail('uploads-off')) throw new SlackError('file_uploads_disabled');
    const isImage = /\.(png|jpe?g|gif)$/i.test(given.filename);
    if (!isImage && failures.shouldFail('uploads-images-only')) {
      throw new SlackError('file_uploads_except_images_disabled');
    }
    const id = newId('F');
    const uploadSecret = newSecret();
    const altText = given.alt_txt;
    workspace.store.files.save({
      id,
      name: given.filename,
      title: given.filename,
      ...(altText === undefined ? {} : { altText }),
      user: workspace.app().botUserId,
      createdSec: Math.floor(workspace.nowMs() / 1000),
      size: given.length,
      state: 'reserved',
      mimetype: '',
      filetype: '',
      shares: [],
      uploadSecret,
    });
    return { upload_url: `${workspace.url()}/upload/v1/${id}/${uploadSecret}`, file_id: id };
  },
});

const completed = z.array(z.object({ id: args.id, title: args.text.optional() })).min(1);

const completeUpload = method({
  token: 'bot',
  scopes: ['files:write'],
  tier: 4,
  args: z.object({
    files: args.json('invalid_arguments').pipe(completed),
    channel_id: args.text.optional(),
    channels: args.text.optional(),
    thread_ts: args.text.optional(),
    initial_comment: args.text.optional(),
    blocks: args.json('invalid_blocks_format').optional(),
  }),
  run: (workspace, given) => {
    const uploaded = given.files.map(({ id, title }) => {
      const file = workspace.store.files.get(id);
      // A second completion is answered as the first, and does no more.
      if (file === null || file.state === 'reserved' || file.state === 'deleted') {
        throw new SlackError('file_not_found');
      }
      return { ...file, ...(title === undefined ? {} : { title }) };
    });
    const share = shareRequest(workspace, given);
    const fresh = uploaded.filter(({ state }) => state === 'uploaded');
    if (fresh.length > 0) workspace.files.digest(fresh, share);
    return { files: uploaded.map((file) => slackFile(workspace, file)) };
  },
});

/** Where and how the files appear; null when they are not shared. */
const shareRequest = (
  workspace: Workspace,
  given: {
    files: readonly { id: string }[];
    channel_id?: string | undefined;
    channels?: string | undefined;
    thread_ts?: string | undefined;
    initial_comment?: string | undefined;
    blocks?: unknown;
  },
): ShareRequest | null => {
  const place = given.channel_id || given.channels?.split(',')[0];
  if (!place) return null;
  // People have a conversation of their own, which is what Slack wants to be named.
  if (!/^[CGDZ]/.test(place)) throw new SlackError('invalid_channel');
  const channel = channelToWriteIn(workspace, place, { archived: 'posting_to_channel_denied' });
  // Slack ignores the blocks when there is a comment.
  const blocks =
    given.blocks === undefined || given.initial_comment
      ? null
      : parseMessageBlocks(given.blocks, workspace.store.files.get);
  return {
    channel: channel.id,
    fileIds: given.files.map(({ id }) => id),
    ...existingThread(workspace, channel.id, given.thread_ts),
    ...(given.initial_comment ? { comment: given.initial_comment } : {}),
    ...(blocks === null ? {} : { blocks }),
  };
};

const remove = method({
  token: 'bot',
  scopes: ['files:write'],
  tier: 3,
  args: z.object({ file: args.id }),
  run: (workspace, given) => {
    const file = fileFor(workspace, given.file);
    if (file.user !== workspace.app().botUserId) throw new SlackError('cant_delete_file');
    removeFile(workspace, file);
    return {};
  },
});

export const fileMethods = {
  'files.info': info,
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.delete': remove,
};
