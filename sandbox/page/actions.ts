import type { Dispatch } from 'preact/hooks';
import type {
  ActionRequest,
  CommandOutcome,
  PostRequest,
  StoredMessage,
  SubmitOutcome,
} from '../slack/control/contract.ts';
import { createAttempt } from './attempt.ts';
import { client, type Upload } from './client.ts';
import type { Action, Place, ThreadRef } from './state.ts';

/** What a person does, as functions: each asks the workspace and shows a sentence when it could not be done. */
export interface Actions {
  readonly become: (me: string) => void;
  readonly go: (place: Place) => void;
  readonly openThread: (thread: ThreadRef) => void;
  readonly closeThread: () => void;
  /** True when the message was posted. */
  readonly post: (request: PostRequest) => Promise<boolean>;
  readonly command: (channel: string, text: string, thread?: string) => Promise<boolean>;
  readonly act: (request: Omit<ActionRequest, 'as'>) => Promise<void>;
  /** Of a message's menu, or without one a global shortcut. */
  readonly shortcut: (callbackId: string, message?: StoredMessage) => Promise<void>;
  readonly submit: (viewId: string, values: Record<string, Record<string, unknown>>) => Promise<void>;
  readonly closeView: (viewId: string) => Promise<void>;
  readonly options: (query: Record<string, string>) => Promise<object[]>;
  readonly openHome: () => Promise<void>;
  readonly loadFailures: () => Promise<void>;
  readonly setFailures: (modes: readonly string[]) => Promise<void>;
  readonly upload: (file: File, onProgress: (fraction: number) => void) => Upload;
  readonly notify: (text: string, tone?: 'problem' | 'good') => void;
  readonly dismissNotice: () => void;
}

export function createActions(dispatch: Dispatch<Action>, me: string): Actions {
  const notify = (text: string, tone: 'problem' | 'good' = 'problem') =>
    dispatch({ type: 'notice', text, tone });
  const attempt = createAttempt(notify);

  async function outcomeOf(work: Promise<CommandOutcome>): Promise<boolean> {
    const outcome = await attempt(work);
    if (outcome && !outcome.ok) notify(outcome.error ?? 'The app did not answer in time.');
    return outcome?.ok ?? false;
  }

  function submitted(viewId: string, outcome: SubmitOutcome | null): void {
    if (!outcome) return;
    if (outcome.ok) {
      if (outcome.closed) dispatch({ type: 'live', event: { type: 'view_closed', viewId, user: me } });
    } else if (outcome.errors) dispatch({ type: 'refused', viewId, errors: outcome.errors });
    else notify(outcome.error ?? 'The app did not answer in time. Nothing was sent.');
  }

  return {
    become: (person) => dispatch({ type: 'become', me: person }),
    go: (place) => dispatch({ type: 'go', place }),
    openThread(thread) {
      dispatch({ type: 'open-thread', thread });
      void attempt(client.messages(thread.channel, thread.ts)).then(
        (answer) =>
          answer &&
          dispatch({ type: 'listed', channel: thread.channel, thread: thread.ts, messages: answer.messages }),
      );
    },
    closeThread: () => dispatch({ type: 'close-thread' }),
    async post(request) {
      const answer = await attempt(client.post(request));
      if (answer) dispatch({ type: 'live', event: { type: 'message', message: answer.message } });
      return answer !== null;
    },
    command: (channel, text, thread) =>
      outcomeOf(client.command({ channel, as: me, text, ...(thread ? { thread_ts: thread } : {}) })),
    async act(request) {
      await outcomeOf(client.action({ ...request, as: me }));
    },
    async shortcut(callbackId, message) {
      const place = message && { message: { channel: message.channel, ts: message.ts } };
      await outcomeOf(client.shortcut({ as: me, callback_id: callbackId, ...place }));
    },
    async submit(viewId, values) {
      submitted(viewId, await attempt(client.submit({ as: me, viewId, values })));
    },
    async closeView(viewId) {
      // Closed here at once: a person who pressed Escape does not wait for anybody.
      dispatch({ type: 'live', event: { type: 'view_closed', viewId, user: me } });
      await attempt(client.submit({ as: me, viewId, values: {}, cancel: true }));
    },
    options: async (query) => (await attempt(client.options({ ...query, as: me })))?.options ?? [],
    async openHome() {
      const home = await attempt(client.home(me));
      if (home) dispatch({ type: 'live', event: { type: 'home', user: me, view: home.view } });
    },
    async loadFailures() {
      const failures = await attempt(client.failures());
      if (failures) dispatch({ type: 'known-failures', ...failures });
    },
    async setFailures(modes) {
      const answer = await attempt(client.setFailures(modes));
      if (answer) dispatch({ type: 'live', event: { type: 'failures', active: answer.active } });
    },
    upload: (file, onProgress) => client.upload(file, me, onProgress),
    notify,
    dismissNotice: () => dispatch({ type: 'notice-read' }),
  };
}
