import type { Dispatch } from 'preact/hooks';
import type {
  ActionRequest,
  CommandOutcome,
  PostRequest,
  StoredMessage,
  SubmitOutcome,
} from '../../slack/control/contract.ts';
import { status } from '../sentences.ts';
import { createAttempt } from './attempt.ts';
import { client, type Upload } from './client.ts';
import type { Action, Route, ThreadRef } from './state.ts';

/** What the visitor does, as functions: each sends a request, and shows a notice when it failed. */
export interface Actions {
  readonly switchPerson: (me: string) => void;
  readonly navigate: (route: Route) => void;
  readonly openThread: (thread: ThreadRef) => void;
  readonly closeThread: () => void;
  /** Resolves with true when the message was posted. */
  readonly post: (request: PostRequest) => Promise<boolean>;
  /** Resolves with true when the app acknowledged the command. */
  readonly command: (channel: string, text: string, thread?: string) => Promise<boolean>;
  readonly act: (request: Omit<ActionRequest, 'as'>) => Promise<void>;
  /** A message shortcut, or without a message a global one. */
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

  async function outcomeOf(request: Promise<CommandOutcome>): Promise<boolean> {
    const outcome = await attempt(request);
    if (outcome && !outcome.ok) notify(outcome.error ?? status.appTimedOut);
    return outcome?.ok ?? false;
  }

  function submitted(viewId: string, outcome: SubmitOutcome | null): void {
    if (!outcome) return;
    if (outcome.ok) {
      if (outcome.closed) dispatch({ type: 'event', event: { type: 'view_closed', viewId, user: me } });
    } else if (outcome.errors) dispatch({ type: 'submission-rejected', viewId, errors: outcome.errors });
    else notify(outcome.error ?? status.submissionTimedOut);
  }

  return {
    switchPerson: (person) => dispatch({ type: 'switch-person', me: person }),
    navigate: (route) => dispatch({ type: 'navigate', route }),
    openThread(thread) {
      dispatch({ type: 'open-thread', thread });
      void attempt(client.messages(thread.channel, thread.ts)).then(
        (loaded) =>
          loaded &&
          dispatch({
            type: 'messages-loaded',
            channel: thread.channel,
            thread: thread.ts,
            messages: loaded.messages,
          }),
      );
    },
    closeThread: () => dispatch({ type: 'close-thread' }),
    async post(request) {
      const posted = await attempt(client.post(request));
      if (posted) dispatch({ type: 'event', event: { type: 'message', message: posted.message } });
      return posted !== null;
    },
    command: (channel, text, thread) =>
      outcomeOf(client.command({ channel, as: me, text, ...(thread ? { thread_ts: thread } : {}) })),
    async act(request) {
      await outcomeOf(client.action({ ...request, as: me }));
    },
    async shortcut(callbackId, message) {
      const target = message && { message: { channel: message.channel, ts: message.ts } };
      await outcomeOf(client.shortcut({ as: me, callback_id: callbackId, ...target }));
    },
    async submit(viewId, values) {
      submitted(viewId, await attempt(client.submit({ as: me, viewId, values })));
    },
    async closeView(viewId) {
      // Closed at once: Escape does not wait for the app.
      dispatch({ type: 'event', event: { type: 'view_closed', viewId, user: me } });
      await attempt(client.submit({ as: me, viewId, values: {}, cancel: true }));
    },
    options: async (query) => (await attempt(client.options({ ...query, as: me })))?.options ?? [],
    async openHome() {
      const home = await attempt(client.home(me));
      if (home) dispatch({ type: 'event', event: { type: 'home', user: me, view: home.view } });
    },
    async loadFailures() {
      const failures = await attempt(client.failures());
      if (failures) dispatch({ type: 'failures-loaded', ...failures });
    },
    async setFailures(modes) {
      const updated = await attempt(client.setFailures(modes));
      if (updated) dispatch({ type: 'event', event: { type: 'failures', active: updated.active } });
    },
    upload: (file, onProgress) => client.upload(file, me, onProgress),
    notify,
    dismissNotice: () => dispatch({ type: 'notice-dismissed' }),
  };
}
