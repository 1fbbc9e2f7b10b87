import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { CancelTimer, Clock } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { SlackFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import type { FileStore } from '../store/files.ts';
import type { FileRecord, ShareRequest } from '../types.ts';
import { imageSize, kindOfFile } from './kinds.ts';

/** How long Slack processes an uploaded file until its mimetype is set. */
const DIGEST_MS = 300;
const SLOW_DIGEST_MS = 5000;

export interface FilePipeline {
  /** Streams bytes to disk; the file appears complete or not at all. Returns the number of bytes. */
  write(id: string, bytes: AsyncIterable<Uint8Array>): Promise<number>;
  /** A file that a person picked: ready at once. A path in its name is removed. */
  addPersons(name: string, user: string, bytes: AsyncIterable<Uint8Array>): Promise<FileRecord>;
  /** Processes uploaded files after a moment, and shares them once all files of `share` are ready. */
  digest(files: readonly FileRecord[], share: ShareRequest | null): FileRecord[];
  /** Processes the files of an earlier run. */
  resume(): void;
  close(): void;
}

export const createFilePipeline = (options: {
  files: FileStore;
  failures: Failures<SlackFailure>;
  clock: Clock;
  /** Posts the message that shares files. */
  share: (request: ShareRequest) => void;
  onError: (error: unknown) => void;
}): FilePipeline => {
  const { files, failures, clock, share, onError } = options;
  const timers = new Set<CancelTimer>();
  let open = true;

  const write = async (id: string, bytes: AsyncIterable<Uint8Array>): Promise<number> => {
    const part = `${files.path(id)}.part`;
    try {
      await pipeline(bytes, createWriteStream(part));
      await rename(part, files.path(id));
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    return (await stat(files.path(id))).size;
  };

  const process = async (id: string): Promise<void> => {
    const file = files.get(id);
    if (file?.state !== 'digesting') return;
    const kind = kindOfFile(file.name);
    const image = kind.mimetype.startsWith('image/') ? await imageSize(files.path(id)) : undefined;
    // Meanwhile the file may have been deleted, or the server closed.
    if (!open || files.get(id)?.state !== 'digesting') return;
    const { shareWhenReady, ...rest } = file;
    files.save({ ...rest, ...kind, ...(image === undefined ? {} : { image }), state: 'ready' });
    if (shareWhenReady === undefined) return;
    const all = shareWhenReady.fileIds.map((each) => files.get(each));
    if (all.every((each) => each === null || each.state !== 'digesting')) share(shareWhenReady);
  };

  const later = (id: string): void => {
    const waitMs = failures.isOn('slow-file-processing') ? SLOW_DIGEST_MS : DIGEST_MS;
    const cancel = clock.after(waitMs, () => {
      timers.delete(cancel);
      process(id).catch(onError);
    });
    timers.add(cancel);
  };

  return {
    write,
    addPersons: async (name, user, bytes) => {
      const id = newId('F');
      const size = await write(id, bytes);
      const safeName = name.split(/[/\\]/).at(-1) || 'Untitled';
      const file: FileRecord = {
        id,
        name: safeName,
        title: safeName,
        user,
        createdSec: Math.floor(Date.now() / 1000),
        size,
        state: 'ready',
        shares: [],
        ...kindOfFile(safeName),
      };
      const image = file.mimetype.startsWith('image/') ? await imageSize(files.path(id)) : undefined;
      const kept = image === undefined ? file : { ...file, image };
      files.save(kept);
      return kept;
    },
    digest: (uploaded, request) =>
      uploaded.map((file) => {
        const digesting: FileRecord = {
          ...file,
          state: 'digesting',
          ...(request === null ? {} : { shareWhenReady: request }),
        };
        files.save(digesting);
        later(file.id);
        return digesting;
      }),
    resume: () => {
      for (const file of files.inState('digesting')) later(file.id);
    },
    close: () => {
      open = false;
      for (const cancel of timers) cancel();
      timers.clear();
    },
  };
};
