import { readFile } from 'node:fs/promises';
import { ControlError } from '../../common/control/errors.ts';
import { listSamples, samplePath } from '../../common/samples.ts';
import { WorkerThread, WorkerThreadError } from '../../common/worker-thread.ts';
import type { DecoderApi } from './decode-worker.ts';

/** Clips that phones can say: the workspace's samples, the seeded voices, and what people uploaded. */
export interface ClipLibrary {
  /** Decodes a recording and keeps it under a name. Throws `ControlError` when it cannot be decoded. */
  keep(name: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Mu-law at 8 kHz. Throws `ControlError` when the name is unknown. */
  get(name: string): Promise<Uint8Array>;
  has(name: string): boolean;
  names(): string[];
  decode(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

export const createClipLibrary = (directories: readonly (string | null)[]): ClipLibrary => {
  const decoder = new WorkerThread<DecoderApi>(new URL('./decode-worker.ts', import.meta.url));
  const decoded = new Map<string, Promise<Uint8Array>>();
  const pathOf = (name: string): string | null =>
    directories.map((directory) => samplePath(directory, name)).find((found) => found !== null) ?? null;
  const decode = async (bytes: Uint8Array): Promise<Uint8Array> => {
    try {
      return await decoder.call('decode', bytes);
    } catch (error) {
      if (error instanceof WorkerThreadError && error.kind === 'UndecodableError') {
        throw new ControlError(400, 'This is not a recording that can be played.');
      }
      throw error;
    }
  };
  const load = async (path: string): Promise<Uint8Array> => decode(await readFile(path));
  return {
    decode,
    keep: async (name, bytes) => {
      const mulaw = await decode(bytes);
      decoded.set(name, Promise.resolve(mulaw));
      return mulaw;
    },
    get: (name) => {
      const known = decoded.get(name);
      if (known !== undefined) return known;
      const path = pathOf(name);
      if (path === null) return Promise.reject(new ControlError(404, unknownClip(name)));
      const loading = load(path);
      decoded.set(name, loading);
      loading.catch(() => decoded.delete(name));
      return loading;
    },
    has: (name) => decoded.has(name) || pathOf(name) !== null,
    names: () => [
      ...new Set([
        ...directories.flatMap((directory) => listSamples(directory).map(({ name }) => name)),
        ...decoded.keys(),
      ]),
    ],
    close: () => decoder.close(),
  };
};

export const unknownClip = (name: string): string => `There is no recording named "${name}".`;
