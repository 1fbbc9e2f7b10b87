import { z } from 'zod';
import { isGone } from '../../core/error.ts';
import type { ChannelId, FileId } from '../../core/ids.ts';
import { type Api, Done } from '../api/api.ts';

/** What a trial has created in Slack. */
export interface Created {
  /** Records what is created through it. */
  readonly api: Api;
  readonly files: Set<FileId>;
  /** Their `ts`. */
  readonly messages: Set<string>;
}

const Reserved = z.object({ file_id: z.string().transform((id) => id as FileId) });
const Posted = z.object({ ts: z.string() });

export const recordCreated = (api: Api): Created => {
  const files = new Set<FileId>();
  const messages = new Set<string>();
  return {
    files,
    messages,
    api: {
      async call(method, args, response, options) {
        const result = await api.call(method, args, response, options);
        // Known from here on, whatever fails afterwards.
        if (method === 'files.getUploadURLExternal') files.add(Reserved.parse(result).file_id);
        if (method === 'chat.postMessage') messages.add(Posted.parse(result).ts);
        return result;
      },
    },
  };
};

/** What was deleted, and why something was not. */
export interface CleanedUp {
  readonly messages: number;
  readonly files: number;
  readonly errors: readonly unknown[];
}

/**
 * Deletes everything: files first, which takes away the messages that share them, then messages, the root last.
 * `findMore` finds messages whose post got no response.
 */
export const cleanUp = async (
  { api, files, messages }: Created,
  channel: ChannelId,
  findMore: () => Promise<readonly string[]>,
): Promise<CleanedUp> => {
  const errors: unknown[] = [];
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      // Gone already is what is wanted.
      if (!isGone(error)) errors.push(error);
      return false;
    }
  };
  let deletedFiles = 0;
  for (const file of files) {
    if (await attempt(() => api.call('files.delete', { file }, Done))) deletedFiles += 1;
  }
  await attempt(async () => {
    for (const ts of await findMore()) messages.add(ts);
  });
  let deletedMessages = 0;
  for (const ts of [...messages].sort().reverse()) {
    if (await attempt(() => api.call('chat.delete', { channel, ts }, Done))) deletedMessages += 1;
  }
  return { messages: deletedMessages, files: deletedFiles, errors };
};
