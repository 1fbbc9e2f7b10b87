import type { StoredMessage } from '../slack/control/contract.ts';
import { CliError, type Client } from './client.ts';

/** A thread as printed: every file has a URL that any program can fetch. */
export interface PrintedThread {
  readonly channel: string;
  readonly thread_ts: string;
  readonly finished: boolean;
  /** How many recordings failed. */
  readonly failed: number;
  readonly messages: readonly object[];
}

export const printMessage = (client: Client, message: StoredMessage): object => ({
  ...message,
  ...(message.files === undefined
    ? {}
    : {
        files: message.files.map(({ control_url, ...file }) => ({
          ...file,
          url: new URL(control_url, client.url).href,
        })),
      }),
});

export const printThread = (
  client: Client,
  root: { channel: string; ts: string },
  messages: readonly StoredMessage[],
): PrintedThread => {
  const { finished, failed } = resultsIn(messages);
  return {
    channel: root.channel,
    thread_ts: root.ts,
    finished: finished >= recordingsIn(messages[0]),
    failed,
    messages: messages.map((message) => printMessage(client, message)),
  };
};

/** How many recordings a message carries, by the types that Slack gave them. */
export const recordingsIn = (message: StoredMessage | undefined): number =>
  (message?.files ?? []).filter(({ mimetype }) => /^(audio|video)\//.test(mimetype)).length;

/** How many recordings of a thread are finished, and how many of those failed, by the metadata of Parley's messages. */
const resultsIn = (messages: readonly StoredMessage[]): { finished: number; failed: number } => {
  const finals = messages.filter(({ bot_id, deleted, metadata }) => {
    if (bot_id === undefined || deleted || metadata?.event_type !== 'parley_message') return false;
    return metadata.event_payload.final === true && metadata.event_payload.kind === 'recording';
  });
  const conversations = new Map(
    finals.map(({ ts, metadata }) => [
      (metadata?.event_payload.conversation as string | undefined) ?? ts,
      metadata,
    ]),
  );
  const failed = [...conversations.values()].filter(
    (metadata) => metadata?.event_payload.outcome === 'failure',
  ).length;
  return { finished: conversations.size, failed };
};

/** Waits until every recording in the root of a thread has succeeded or failed. */
export const waitForResults = async (
  client: Client,
  root: { channel: string; ts: string },
  expected: number,
  timeoutMs: number,
): Promise<PrintedThread> => {
  let finished = 0;
  return client.until({
    timeoutMs,
    onTimeout: () =>
      `${finished} of ${expected} recordings finished within ${Math.round(timeoutMs / 1000)} s (thread ${root.ts}).`,
    look: async (event) => {
      if (event !== null && !concerns(event, root)) return null;
      const messages = await client.messages(root.channel, root.ts);
      if (messages[0] === undefined) throw new CliError('The message was deleted.');
      finished = resultsIn(messages).finished;
      return finished >= expected ? printThread(client, root, messages) : null;
    },
  });
};

const concerns = (event: { type: string; message?: StoredMessage }, root: { ts: string }): boolean =>
  event.type === 'message_deleted' || event.message?.thread_ts === root.ts || event.message?.ts === root.ts;
