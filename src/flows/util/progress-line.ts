import type { WorkspaceId } from '../../core/ids.ts';
import type { Chat, Log, PostedMessage } from '../../core/ports.ts';
import type { ProgressStage } from '../../core/thread-message.ts';

/** Slack allows 50 edits a minute in a workspace; three seconds leave room for several recordings at once. */
const MIN_GAP_MS = 3_000;

/** Keeps a recording's message at its latest stage, at a pace the chat service allows. */
export interface ProgressLine {
  show(stage: ProgressStage): void;
  /** No edit happens after this resolves, so that a late one never covers the result. */
  close(): Promise<void>;
}

export const createProgressLine = (options: {
  chat: Chat;
  log: Log;
  workspaceId: WorkspaceId;
  posted: PostedMessage;
  title: string;
}): ProgressLine => {
  const { chat, log, workspaceId, posted, title } = options;
  let latest: ProgressStage | null = null;
  let sending: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const send = (): void => {
    timer = null;
    if (closed || latest === null || sending !== null) return;
    const stage = latest;
    latest = null;
    sending = chat
      .edit(workspaceId, posted, { kind: 'progress', title, stage })
      // A progress line that could not be drawn hurts nobody: the next one, or the result, replaces it.
      .catch((error: unknown) => log.debug({ err: error }, 'progress not shown'))
      .finally(() => {
        sending = null;
        if (!closed) timer = setTimeout(send, MIN_GAP_MS);
      });
  };

  return {
    show(stage) {
      latest = stage;
      if (timer === null) send();
    },
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await sending;
    },
  };
};
