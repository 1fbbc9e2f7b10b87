import { z } from 'zod';
import { AppError, isChannelUnreachable, isGone } from '../../core/error.ts';
import type { Channel, FileId, MessageId, Thread } from '../../core/ids.ts';
import type { Chat, Clock, OutgoingFile } from '../../core/ports.ts';
import { backoffMs } from '../../core/retry.ts';
import { type Api, Done } from '../api/api.ts';
import { SlackRefusal } from '../api/refusal.ts';
import { plain } from '../blocks/text.ts';
import { FILE_ERRORS } from '../sentences/errors.ts';
import { fileInfo, isSharedIn } from './info.ts';

const UPLOAD_TIMEOUT_MS = 60_000;
/** Slack processes a small image within a second or two, and rarely takes ten. */
const POLL_FIRST_WAIT_MS = 200;
const POLL_MAX_WAIT_MS = 1_500;
const POLL_ATTEMPTS = 16;
const MAX_NAME = 200;
const MAX_ALT_TEXT = 1_000;

const Reserved = z.object({
  upload_url: z.url({ protocol: /^https?$/ }),
  file_id: z.string().transform((id) => id as FileId),
});

interface Parts {
  readonly api: Api;
  readonly clock: Clock;
}

export type Uploads = Pick<Chat, 'uploadImage' | 'shareFile' | 'deleteFile'>;

/**
 * Puts files into Slack in its three steps: reserve an id and an address, send the bytes, complete.
 * @see https://docs.slack.dev/messaging/working-with-files#upload
 */
export const createUploads = ({ api, clock }: Parts): Uploads => ({
  async uploadImage(_workspaceId, file) {
    const reserved = await reserve(api, file);
    await send(clock, reserved.upload_url, file.bytes);
    await complete(api, reserved.file_id, file, null);
    await waitUntilProcessed({ api, clock }, reserved.file_id);
    return reserved.file_id;
  },

  async shareFile(where, file, { resume, reserved: onReserved }) {
    if (resume !== null && (await finish({ api, clock }, where, file, resume))) return resume;
    const reserved = await reserve(api, file);
    await onReserved(reserved.file_id);
    await send(clock, reserved.upload_url, file.bytes);
    await complete(api, reserved.file_id, file, where);
    return reserved.file_id;
  },

  async deleteFile(_workspaceId, fileId) {
    try {
      await api.call('files.delete', { file: fileId }, Done);
    } catch (error) {
      if (error instanceof SlackRefusal && isGone(error)) return;
      throw error;
    }
  },
});

const reserve = (api: Api, file: OutgoingFile): Promise<z.infer<typeof Reserved>> =>
  api.call(
    'files.getUploadURLExternal',
    {
      filename: fileName(file),
      length: file.bytes.byteLength,
      ...(file.altText === undefined ? {} : { alt_txt: plain(file.altText, MAX_ALT_TEXT) }),
    },
    Reserved,
  );

const send = async (clock: Clock, address: string, bytes: Uint8Array): Promise<void> => {
  let status: number;
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as Uint8Array<ArrayBuffer>,
      redirect: 'error',
      signal: clock.timeoutSignal(UPLOAD_TIMEOUT_MS),
    });
    await response.body?.cancel();
    status = response.status;
  } catch (error) {
    throw uploadFailed(error);
  }
  if (status !== 200) throw uploadFailed(new Error(`status ${status}`));
};

const complete = async (
  api: Api,
  fileId: FileId,
  file: OutgoingFile,
  where: Channel | Thread | null,
): Promise<void> => {
  await api.call(
    'files.completeUploadExternal',
    {
      files: [{ id: fileId, title: plain(file.title, MAX_NAME) }],
      ...(where === null ? {} : { channel_id: where.channelId }),
      ...(rootOf(where) === null ? {} : { thread_ts: rootOf(where) }),
    },
    Done,
  );
};

const rootOf = (where: Channel | Thread | null): MessageId | null =>
  where !== null && 'rootId' in where ? where.rootId : null;

/** Until Slack knows its media type, a block that shows the image is refused. */
const waitUntilProcessed = async ({ api, clock }: Parts, fileId: FileId): Promise<void> => {
  if (await pollUntil(clock, async () => Boolean((await fileInfo(api, fileId)).mimetype))) return;
  throw uploadFailed(new Error('the image was not waitUntilProcessed in time'));
};

/**
 * Finishes an interrupted `shareFile`. False when its bytes never arrived: their address is lost with the process that
 * knew it, so another file has to be reserved.
 */
const finish = async (
  { api, clock }: Parts,
  where: Channel | Thread,
  file: OutgoingFile,
  fileId: FileId,
): Promise<boolean> => {
  try {
    // Known to Slack means completed, and completed means shared as soon as it is waitUntilProcessed.
    const isShared = async () => isSharedIn(await fileInfo(api, fileId), where.channelId, rootOf(where));
    if (await pollUntil(clock, isShared)) return true;
  } catch (error) {
    // A file that was reserved and never completed is unknown to Slack.
    if (!(error instanceof AppError) || error.retryable) throw error;
  }
  try {
    await complete(api, fileId, file, where);
    return true;
  } catch (error) {
    if (error instanceof AppError && !error.retryable && !isChannelUnreachable(error)) return false;
    throw error;
  }
};

/** Whether `check` comes true while Slack processes a file. */
const pollUntil = async (clock: Clock, check: () => Promise<boolean>): Promise<boolean> => {
  for (let attempt = 1; attempt <= POLL_ATTEMPTS; attempt += 1) {
    if (await check()) return true;
    await clock.sleep(backoffMs(attempt, { firstMs: POLL_FIRST_WAIT_MS, longestMs: POLL_MAX_WAIT_MS }));
  }
  return false;
};

/** The last part of the path, without characters that trip file systems or readers. */
const fileName = ({ name }: OutgoingFile): string =>
  plain(name.split(/[\\/]/).at(-1) ?? '', MAX_NAME) || 'file';

const uploadFailed = (cause: unknown): AppError =>
  new AppError({
    code: 'chat-failed',
    retryable: true,
    userMessage: FILE_ERRORS.uploadFailed,
    cause,
  });
