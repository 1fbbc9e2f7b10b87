import { z } from 'zod';
import { AppError } from '../../core/error.ts';
import type { FileId } from '../../core/ids.ts';
import type { Api } from '../api/api.ts';
import { SLACK_ERRORS } from '../sentences/errors.ts';

const Share = z.object({ ts: z.string(), thread_ts: z.string().optional() });
const Shares = z.record(z.string(), z.array(Share));

/** What Parley reads of Slack's file object. @see https://docs.slack.dev/reference/objects/file-object */
const FileObject = z.object({
  id: z.string().transform((id) => id as FileId),
  name: z.string().nullish(),
  title: z.string().nullish(),
  /** Empty until Slack has processed the upload. */
  mimetype: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  /** `tombstone` once deleted, `hidden_by_limit` beyond a free plan's age, `file_access` from Slack Connect. */
  mode: z.string().nullish(),
  is_external: z.boolean().nullish(),
  url_private: z.string().nullish(),
  url_private_download: z.string().nullish(),
  shares: z.object({ public: Shares.optional(), private: Shares.optional() }).nullish(),
});
export type SlackFile = z.infer<typeof FileObject>;

const FileInfoResponse = z.object({ file: FileObject });

export const GONE_MODES: ReadonlySet<string> = new Set(['tombstone', 'hidden_by_limit']);

/** @throws {AppError} `recording-deleted`, `recording-gone` for a file that is hidden, `no-file-access`, or a transient fault. */
export const fileInfo = async (api: Api, fileId: FileId): Promise<SlackFile> => {
  const { file } = await api.call('files.info', { file: fileId }, FileInfoResponse);
  if (GONE_MODES.has(file.mode ?? '')) {
    throw new AppError({
      code: file.mode === 'tombstone' ? 'recording-deleted' : 'recording-gone',
      retryable: false,
      userMessage: SLACK_ERRORS.fileGone,
    });
  }
  return file;
};

/** The messages of a channel that share the file. */
export const sharesIn = (file: SlackFile, channelId: string): z.infer<typeof Share>[] =>
  [file.shares?.public, file.shares?.private].flatMap((shares) => shares?.[channelId] ?? []);

/** Whether the file is shared in this channel: under this root, or anywhere when that is null. */
export const isSharedIn = (file: SlackFile, channelId: string, rootId: string | null): boolean =>
  sharesIn(file, channelId).some(({ ts, thread_ts }) => rootId === null || (thread_ts ?? ts) === rootId);
