import { z } from 'zod';
import type { Approach } from '../core/conversation/may-be-recording.ts';
import type { ChannelId } from '../core/ids.ts';
import type { PostedFile } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/refusal.ts';
import { fileInfo, GONE_MODES } from './files/info.ts';
import { IncomingFile, type MessageContent } from './incoming.ts';

const Forwarded = z.object({ files: z.array(IncomingFile) });
/** In the text of a message: an element of `rich_text`, or a block of its own. */
const FileElement = z.object({ type: z.literal('file'), file_id: IncomingFile.shape.id });

/**
 * Every file of a message, each once: its own, those of the messages that are forwarded in it, and those that stand in its
 * text, of which only the id is known.
 */
export const filesIn = ({ files, attachments, blocks }: Omit<MessageContent, 'ts'>): IncomingFile[] => {
  const forwarded = (attachments ?? []).flatMap((attachment) => {
    const parsed = Forwarded.safeParse(attachment);
    return parsed.success ? parsed.data.files : [];
  });
  const found = new Map<string, IncomingFile>();
  for (const file of [...(files ?? []), ...forwarded, ...filesInText(blocks ?? [])]) {
    if (!found.has(file.id)) found.set(file.id, file);
  }
  return [...found.values()];
};

/** How Parley comes by the files of a message in this channel. Parley is in no direct conversation but its own. */
export const approachIn = (channelId: ChannelId): Approach =>
  // Slack's ids of conversations between two begin with a D.
  channelId.startsWith('D') ? 'addressed' : 'posted';

/** Deeper than any block Slack makes; a limit for untrusted input. */
const MAX_DEPTH = 12;

const filesInText = (value: unknown, depth = 0): IncomingFile[] => {
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return [];
  const element = FileElement.safeParse(value);
  if (element.success) return [{ id: element.data.file_id }];
  return Object.values(value).flatMap((inner) => filesInText(inner, depth + 1));
};

/**
 * A message's files in their order, in the terms of the flows. Where only the id is sent, as of a file shared from another
 * workspace, the rest is looked up; files that are gone or not accessible are left out.
 */
export const postedFilesOf = async (api: Api, message: Omit<MessageContent, 'ts'>): Promise<PostedFile[]> => {
  const present = filesIn(message).filter(({ mode }) => !GONE_MODES.has(mode ?? ''));
  const posted = await Promise.all(
    present.map(async (file) => (isIdAlone(file) ? lookUp(api, file) : toPostedFile(file))),
  );
  return posted.filter((file) => file !== null);
};

const isIdAlone = ({ file_access, name, title, mimetype }: IncomingFile): boolean =>
  file_access === 'check_file_info' || (!name && !title && !mimetype);

const lookUp = async (api: Api, file: IncomingFile): Promise<PostedFile | null> => {
  try {
    return toPostedFile(await fileInfo(api, file.id));
  } catch (error) {
    if (error instanceof SlackRefusal && error.retryable) throw error;
    return null;
  }
};

export const toPostedFile = (
  file: Pick<IncomingFile, 'id' | 'name' | 'title' | 'size' | 'mimetype'>,
): PostedFile => ({
  fileId: file.id,
  name: file.name || file.title || file.id,
  sizeBytes: file.size ?? null,
  mimeType: file.mimetype || null,
});
