import type {
  ActionOutcome,
  ActionRequest,
  CommandOutcome,
  CommandRequest,
  PostRequest,
  ShortcutRequest,
  StoredFile,
  StoredMessage,
  SubmitOutcome,
  SubmitRequest,
  WorkspaceState,
} from '../../slack/control/contract.ts';
import { status } from '../sentences.ts';

/**
 * The control interface as functions. Each rejects with an `Error` whose message is a sentence to show. Responses are
 * not validated: the program that serves the page sends them, and both share their types.
 */
export const client = {
  state: () => get<WorkspaceState>('state'),
  messages: (channel: string, thread?: string) =>
    get<{ messages: StoredMessage[] }>('messages', thread ? { channel, thread } : { channel }),
  post: (request: PostRequest) => send<{ message: StoredMessage }>('POST', 'messages', request),
  command: (request: CommandRequest) => send<CommandOutcome>('POST', 'commands', request),
  action: (request: ActionRequest) => send<ActionOutcome>('POST', 'actions', request),
  shortcut: (request: ShortcutRequest) => send<ActionOutcome>('POST', 'shortcuts', request),
  submit: (request: SubmitRequest) => send<SubmitOutcome>('POST', 'views', request),
  home: (as: string) => get<{ view: object | null }>('home', { as }),
  options: (query: Record<string, string>) => get<{ options: object[] }>('options', query),
  failures: () => get<{ active: string[]; known: { name: string; description: string }[] }>('failures'),
  setFailures: (modes: readonly string[]) => send<{ active: string[] }>('PUT', 'failures', { modes }),
  upload,
};

export interface Upload {
  readonly done: Promise<StoredFile>;
  /** Makes `done` reject with an `AbortError`. */
  abort(): void;
}

/** Sends a file as it is; `onProgress` gets 0 to 1. XMLHttpRequest, because `fetch` reports no upload progress. */
function upload(file: File, as: string, onProgress: (fraction: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<StoredFile>((resolve, reject) => {
    request.open('PUT', urlOf('files', { name: file.name || 'file', as }));
    request.responseType = 'json';
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300 && request.response?.file
        ? resolve(request.response.file as StoredFile)
        : reject(new Error(request.response?.error ?? status.uploadRejected(file.name)));
    request.onerror = () => reject(new Error(status.uploadFailed(file.name)));
    request.onabort = () => reject(new DOMException(status.uploadCancelled, 'AbortError'));
    request.send(file);
  });
  return { done, abort: () => request.abort() };
}

export const get = <T>(path: string, query?: Record<string, string>) => fetchJson<T>(urlOf(path, query), {});

export const send = <T>(method: string, path: string, body: unknown) =>
  fetchJson<T>(urlOf(path), {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

export function urlOf(path: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `/control/${path}${search ? `?${search}` : ''}`;
}

export async function fetchJson<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init).catch(() => {
    throw new Error(status.workspaceUnreachable);
  });
  const body = (await response.json().catch(() => ({}))) as T & { error?: string };
  // An outcome with `ok: false` is a response of the app, at any HTTP status; only other refusals are errors.
  if (!response.ok && !('ok' in body)) throw new Error(body.error ?? status.requestFailed(response.status));
  return body;
}
