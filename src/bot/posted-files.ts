import type { PostedFile } from '../core/ports.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/refusal.ts';
import { fileInfo, GONE_MODES } from './files/info.ts';
import type { IncomingFile } from './incoming.ts';

/**
 * A message's files in their order, in the terms of the flows. Of a file shared from another workspace only the id is
 * sent, so the rest is looked up; files that are gone or not accessible are left out.
 */
export const toPostedFiles = async (api: Api, files: readonly IncomingFile[]): Promise<PostedFile[]> => {
  const present = files.filter(({ mode }) => !GONE_MODES.has(mode ?? ''));
  const posted = await Promise.all(
    present.map(async (file) =>
      file.file_access === 'check_file_info' ? lookUp(api, file) : toPostedFile(file),
    ),
  );
  return posted.filter((file) => file !== null);
};

const lookUp = async (api: Api, file: IncomingFile): Promise<PostedFile | null> => {
  try {
    return toPostedFile(await fileInfo(api, file.id));
  } catch (error) {
    if (error instanceof SlackRefusal && error.retryable) throw error;
    return null;
  }
};

const toPostedFile = (
  file: Pick<IncomingFile, 'id' | 'name' | 'title' | 'size' | 'mimetype'>,
): PostedFile => ({
  fileId: file.id,
  name: file.name || file.title || file.id,
  sizeBytes: file.size ?? null,
  mimeType: file.mimetype || null,
});
