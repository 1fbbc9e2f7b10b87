import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { ControlEvent, StoredFile, StoredMessage } from '../slack/control/contract.ts';

/** An error as a sentence for standard error. */
export class CliError extends Error {}

export interface Client {
  readonly url: string;
  request<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
  upload(path: string, as: string): Promise<StoredFile>;
  /** Sends a local file as the body. */
  putFile<T>(path: string, file: string): Promise<T>;
  getBytes(path: string): Promise<Buffer>;
  messages(channel: string, thread?: string): Promise<StoredMessage[]>;
  /**
   * Calls `look` now and on every event of the workspace, until it returns something. Rejects after `timeoutMs` with
   * the sentence of `onTimeout`.
   */
  until<T>(options: Until<T>): Promise<T>;
}

interface Until<T> {
  readonly look: (event: ControlEvent | null) => Promise<T | null>;
  readonly timeoutMs: number;
  readonly onTimeout: () => string;
  /** Runs once events arrive, so that none of those it causes is missed. */
  readonly action?: () => Promise<void>;
}

/** A path of the control API with its query. */
export const withQuery = (path: string, query: Record<string, string>): string =>
  `${path}?${new URLSearchParams(query).toString()}`;

/** The control API of the workspace at `url`. */
export const createClient = (url: string): Client => {
  const fetchFrom = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`${url}/control/${path}`, init).catch((cause: unknown) => {
      throw new CliError(
        `No workspace is running at ${url}. Start it with npm start, or set its address with --url.`,
        {
          cause,
        },
      );
    });
  const jsonOf = async <T>(response: Response): Promise<T> => {
    const answer = (await response.json().catch(() => ({}))) as T & { error?: string };
    if (!response.ok) throw new CliError(answer.error ?? `The workspace answered ${response.status}.`);
    return answer;
  };
  const request = async <T>(path: string, init: RequestInit): Promise<T> =>
    jsonOf<T>(await fetchFrom(path, init));
  const client: Client = {
    url,
    request: (method, path, body) =>
      request(path, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
    upload: async (path, as) => {
      const { file } = await client.putFile<{ file: StoredFile }>(
        withQuery('files', { name: basename(path), as }),
        path,
      );
      return file;
    },
    putFile: async (path, file) => {
      if (!existsSync(file) || !statSync(file).isFile()) throw new CliError(`There is no file ${file}.`);
      return request(path, {
        method: 'PUT',
        body: Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array<ArrayBuffer>>,
        duplex: 'half',
      } as RequestInit);
    },
    getBytes: async (path) => {
      const response = await fetchFrom(path, { method: 'GET' });
      return response.ok ? Buffer.from(await response.arrayBuffer()) : jsonOf<never>(response);
    },
    messages: async (channel, thread) => {
      const path = withQuery('messages', { channel, ...(thread === undefined ? {} : { thread }) });
      return (await client.request<{ messages: StoredMessage[] }>('GET', path)).messages;
    },
    until: (options) => watchUntil(url, options),
  };
  return client;
};

const watchUntil = <T>(url: string, { look, timeoutMs, onTimeout, action }: Until<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/control/live`);
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
      finish();
    };
    const fail = (error: unknown): void => end(() => reject(error));
    const timer = setTimeout(() => fail(new CliError(onTimeout())), timeoutMs);
    let looking = Promise.resolve();
    const lookAgain = (event: ControlEvent | null): void => {
      // One at a time, so that answers stay in order.
      looking = looking.then(async () => {
        const found = await look(event);
        if (found !== null) end(() => resolve(found));
      }, fail);
      looking.catch(fail);
    };
    socket.onmessage = ({ data }) => lookAgain(JSON.parse(String(data)) as ControlEvent);
    socket.onerror = () => fail(new CliError(`No workspace is running at ${url}.`));
    socket.onclose = () => fail(new CliError('The workspace was stopped.'));
    socket.onopen = () => {
      Promise.resolve(action?.()).then(() => lookAgain(null), fail);
    };
  });
