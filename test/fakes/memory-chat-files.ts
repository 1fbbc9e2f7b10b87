import { toRefusal } from '../../src/bot/api/refusal.ts';
import { tooLarge } from '../../src/bot/files/http.ts';
import { mayBeRecording } from '../../src/core/conversation/may-be-recording.ts';
import type { Channel, ChannelId, FileId, MemberId, MessageId, Thread } from '../../src/core/ids.ts';
import type { Chat, OutgoingFile } from '../../src/core/ports.ts';

/** A file that a person posted. */
interface PostedFileContent {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** As the service states it; the bytes' own size when left out. */
  readonly sizeBytes?: number;
  /** Whether the service lets Parley read it. Default true. */
  readonly readable?: boolean;
  /** The message that shares it, for those who know the file alone. */
  readonly shared?: { readonly thread: Thread; readonly postedIn: MessageId; readonly by: MemberId };
}

/** Files as a test sees them. */
export interface MemoryFiles {
  /** Puts a person's file into the workspace. */
  add(file: PostedFileContent): FileId;
  /** What Parley uploaded under this id; undefined when it is deleted, or never was. */
  uploaded(fileId: FileId): OutgoingFile | undefined;
  /** Whether a message may show it. */
  exists(fileId: FileId): boolean;
  remove(fileId: FileId): void;
}

/** What files need of the chat that holds them. */
interface Workspace {
  request(repeatable: boolean): void;
  loseResponse(repeatable: boolean): void;
  refusesFiles(): boolean;
  assertWritable(channelId: ChannelId, rootId: MessageId | null): void;
  share(where: Place, fileId: FileId): void;
  unshare(fileId: FileId): void;
}
type Place = { channelId: ChannelId; rootId: MessageId | null };

type Stored =
  | ({ readonly origin: 'person' } & PostedFileContent)
  | {
      readonly origin: 'parley';
      readonly file: OutgoingFile;
      readonly state: 'reserved' | 'sent' | 'complete';
    };

type FilePort = Pick<
  Chat,
  'uploadImage' | 'shareFile' | 'deleteFile' | 'sharedRecording' | 'openFile' | 'openFileRange'
>;

const MAX_BYTES = 2 * 1024 ** 3;

export const createMemoryFiles = (workspace: Workspace): MemoryFiles & { readonly port: FilePort } => {
  const files = new Map<FileId, Stored>();
  const deleted = new Set<FileId>();
  let lastId = 0;
  const nextId = (): FileId => {
    lastId += 1;
    return `F${String(lastId).padStart(4, '0')}` as FileId;
  };
  const reserve = (file: OutgoingFile): FileId => {
    workspace.request(true);
    if (workspace.refusesFiles()) throw toRefusal('file_uploads_disabled');
    const fileId = nextId();
    const name = file.name.split(/[\\/]/).at(-1) || 'file';
    files.set(fileId, { origin: 'parley', file: { ...file, name }, state: 'reserved' });
    return fileId;
  };
  const advance = (fileId: FileId, state: 'sent' | 'complete'): void => {
    const stored = files.get(fileId);
    if (stored?.origin === 'parley') files.set(fileId, { ...stored, state });
  };
  const complete = (fileId: FileId, where: Place | null): void => {
    workspace.request(false);
    if (where !== null) workspace.assertWritable(where.channelId, where.rootId);
    advance(fileId, 'complete');
    if (where !== null) workspace.share(where, fileId);
    workspace.loseResponse(false);
  };
  const stateOf = (fileId: FileId): 'reserved' | 'sent' | 'complete' | null => {
    const stored = files.get(fileId);
    return stored?.origin === 'parley' ? stored.state : null;
  };
  const readable = (fileId: FileId): PostedFileContent => {
    workspace.request(true);
    const stored = files.get(fileId);
    if (stored?.origin === 'parley' && stored.state === 'complete') return stored.file;
    if (deleted.has(fileId)) throw toRefusal('file_deleted');
    if (stored?.origin !== 'person') throw toRefusal('file_not_found');
    if (stored.readable === false) throw toRefusal('access_denied');
    return stored;
  };

  return {
    add(file) {
      const fileId = nextId();
      files.set(fileId, { origin: 'person', ...file });
      return fileId;
    },
    uploaded(fileId) {
      const stored = files.get(fileId);
      return stored?.origin === 'parley' && stored.state === 'complete' ? stored.file : undefined;
    },
    exists: (fileId) => files.get(fileId)?.origin === 'person' || stateOf(fileId) === 'complete',
    remove(fileId) {
      files.delete(fileId);
      deleted.add(fileId);
    },

    port: {
      async uploadImage(_workspaceId, file) {
        const fileId = reserve(file);
        advance(fileId, 'sent');
        complete(fileId, null);
        return fileId;
      },
      async shareFile(where, file, { resume, reserved }) {
        const place = toPlace(where);
        if (resume !== null) {
          if (stateOf(resume) === 'complete') return resume;
          if (stateOf(resume) === 'sent') {
            complete(resume, place);
            return resume;
          }
        }
        const fileId = reserve(file);
        await reserved(fileId);
        advance(fileId, 'sent');
        complete(fileId, place);
        return fileId;
      },
      async deleteFile(_workspaceId, fileId) {
        workspace.request(true);
        if (!files.delete(fileId)) return;
        workspace.unshare(fileId);
      },
      async sharedRecording(_where, fileId) {
        workspace.request(true);
        const stored = files.get(fileId);
        if (stored?.origin !== 'person') return null;
        const { name, bytes, sizeBytes = bytes.byteLength, shared } = stored;
        if (shared === undefined) throw toRefusal('internal_error');
        const file = { fileId, name, sizeBytes, mimeType: null };
        return mayBeRecording(file) ? { files: [file], ...shared, approach: 'posted' } : null;
      },
      async openFile(_workspaceId, fileId, { signal }) {
        signal.throwIfAborted();
        const { name, bytes, sizeBytes = bytes.byteLength } = readable(fileId);
        if (sizeBytes > MAX_BYTES) throw tooLarge();
        return { name, sizeBytes, bytes: inChunks(bytes, signal) };
      },
      async openFileRange(_workspaceId, fileId, range, signal) {
        signal.throwIfAborted();
        const { bytes } = readable(fileId);
        const part =
          range === null ? { from: 0, to: bytes.byteLength - 1 } : parseRange(range, bytes.byteLength);
        if (part === null) return { status: 416, headers: {}, bytes: inChunks(new Uint8Array(0), signal) };
        const { from, to } = part;
        const length = { 'content-length': String(to - from + 1) };
        const headers =
          range === null ? length : { ...length, 'content-range': `bytes ${from}-${to}/${bytes.byteLength}` };
        return {
          status: range === null ? 200 : 206,
          headers,
          bytes: inChunks(bytes.subarray(from, to + 1), signal),
        };
      },
    },
  };
};

const toPlace = (where: Channel | Thread): Place => ({
  channelId: where.channelId,
  rootId: 'rootId' in where ? where.rootId : null,
});

const CHUNK_BYTES = 64 * 1024;

async function* inChunks(bytes: Uint8Array, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += CHUNK_BYTES) {
    signal.throwIfAborted();
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}

/** `bytes=3-8` or `bytes=3-`, within the file; null when it lies outside. */
const parseRange = (range: string, size: number): { from: number; to: number } | null => {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(range) ?? [];
  if (start === undefined || Number(start) >= size) return null;
  return { from: Number(start), to: end ? Math.min(Number(end), size - 1) : size - 1 };
};
