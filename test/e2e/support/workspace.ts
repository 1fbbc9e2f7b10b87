import { readFile } from 'node:fs/promises';
import path from 'node:path';
import WebSocket from 'ws';
import type {
  ActionRequest,
  CommandRequest,
  ControlEvent,
  OpenView,
  PostRequest,
  ShortcutRequest,
  StoredFile,
  StoredMessage,
  SubmitOutcome,
  SubmitRequest,
  WorkspaceState,
} from '../../../sandbox/slack/control/contract.ts';
import { until } from '../../support/until.ts';

/** The local workspace, through its control interface. */
export interface Workspace {
  readonly url: string;
  state(): Promise<WorkspaceState>;
  upload(file: string | { name: string; bytes: Uint8Array }, as: string): Promise<StoredFile>;
  post(request: PostRequest): Promise<StoredMessage>;
  thread(channel: string, ts: string): Promise<StoredMessage[]>;
  messages(channel: string): Promise<StoredMessage[]>;
  /** By its author. */
  deleteMessage(message: StoredMessage): Promise<void>;
  deleteFile(file: StoredFile): Promise<void>;
  command(request: CommandRequest): Promise<unknown>;
  click(request: ActionRequest): Promise<unknown>;
  shortcut(request: ShortcutRequest): Promise<unknown>;
  submit(request: SubmitRequest): Promise<SubmitOutcome>;
  fail(...modes: string[]): Promise<void>;
  home(as: string): Promise<object | null>;
  bytes(file: StoredFile): Promise<Buffer>;
  /** The next modal that opens or changes for this person after `act`. */
  modalAfter(as: string, act: () => Promise<unknown>): Promise<OpenView>;
  /** The bot’s final messages in the thread, once there are `count` of them. */
  results(channel: string, ts: string, count?: number, timeoutMs?: number): Promise<StoredMessage[]>;
}

const query = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

export const openWorkspace = (url: string): Workspace => {
  const call = async <T>(method: string, where: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/control/${where}`, {
      method,
      ...(body === undefined
        ? {}
        : body instanceof Uint8Array
          ? { body: body as Uint8Array<ArrayBuffer> }
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${answer.error}`);
    return answer;
  };

  const workspace: Workspace = {
    url,
    state: () => call('GET', 'state'),
    async upload(file, as) {
      const { name, bytes } =
        typeof file === 'string' ? { name: path.basename(file), bytes: await readFile(file) } : file;
      return (await call<{ file: StoredFile }>('PUT', `files?${query({ name, as })}`, bytes)).file;
    },
    post: async (request) => (await call<{ message: StoredMessage }>('POST', 'messages', request)).message,
    thread: async (channel, ts) =>
      (await call<{ messages: StoredMessage[] }>('GET', `messages?${query({ channel, thread: ts })}`))
        .messages,
    messages: async (channel) =>
      (await call<{ messages: StoredMessage[] }>('GET', `messages?${query({ channel })}`)).messages,
    deleteMessage: async ({ channel, ts, user }) =>
      void (await call('DELETE', `messages?${query({ channel, ts, as: user })}`)),
    deleteFile: async ({ id, user }) => void (await call('DELETE', `files/${id}?${query({ as: user })}`)),
    command: (request) => call('POST', 'commands', request),
    click: (request) => call('POST', 'actions', request),
    shortcut: (request) => call('POST', 'shortcuts', request),
    submit: (request) => call('POST', 'views', request),
    fail: async (...modes) => void (await call('PUT', 'failures', { modes })),
    home: async (as) => (await call<{ view: object | null }>('GET', `home?as=${as}`)).view,
    async bytes(file) {
      const response = await fetch(new URL(file.control_url, url));
      if (!response.ok) throw new Error(`${file.control_url}: ${response.status}`);
      return Buffer.from(await response.arrayBuffer());
    },
    async modalAfter(as, act) {
      const live = new WebSocket(`${url.replace(/^http/, 'ws')}/control/live`);
      const views: OpenView[] = [];
      live.on('message', (data) => {
        const event = JSON.parse((data as Buffer).toString()) as ControlEvent;
        if ((event.type === 'view_opened' || event.type === 'view_updated') && event.user === as)
          views.push(event.view);
      });
      try {
        await new Promise((resolve, reject) => live.once('open', resolve).once('error', reject));
        await act();
        return await until(() => views.at(-1), { what: 'a modal' });
      } finally {
        live.close();
      }
    },
    results: (channel, ts, count = 1, timeoutMs = 150_000) =>
      until(
        async () => {
          const thread = await workspace.thread(channel, ts);
          const finished = thread.filter(isFinal);
          // A result is posted before the line of its progress goes.
          return finished.length >= count && !thread.some(isProgress) ? finished : null;
        },
        { timeoutMs, everyMs: 150, what: `${count} final messages in the thread` },
      ),
  };
  return workspace;
};

const isProgress = ({ metadata }: StoredMessage): boolean =>
  metadata?.event_payload.kind === 'recording' && metadata.event_payload.final === false;

export const isFinal = (message: StoredMessage): boolean =>
  message.metadata?.event_type === 'parley_message' && message.metadata.event_payload.final === true;

/** Everything a message shows, as one string: its text and every text of its blocks. */
export const shownText = (message: StoredMessage): string => {
  const texts: string[] = [message.text];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        if (typeof value === 'string' && (key === 'text' || key === 'alt_text')) texts.push(value);
        else walk(value);
      }
    }
  };
  walk(message.blocks);
  return texts.join('\n');
};
