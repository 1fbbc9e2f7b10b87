import type { OpenView, StoredFile, StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import { isFinal, shownText, type Workspace } from './workspace.ts';

/** A file on disk, or one made up on the spot. */
export type Recording = string | { readonly name: string; readonly bytes: Uint8Array };

interface SharedFile {
  readonly file: StoredFile;
  readonly text: string;
}

/** Somebody at the local workspace who posts recordings and reads what comes of them. */
export interface Colleague {
  readonly id: string;
  /** Channels by name; Parley is in `general` and `random`, and not in `quiet`. */
  readonly channels: Readonly<Record<'general' | 'random' | 'quiet', string>>;
  /** Posts all files in one message. */
  post(channel: string, ...recordings: Recording[]): Promise<StoredMessage>;
  /** Posts one file in `general` and gives Parley's final answer to it. */
  answerTo(recording: Recording): Promise<StoredMessage>;
  /** What only this person sees in the channel and in the thread of `root`, newest last, once it holds `part`. */
  whisper(channel: string, part: string, root?: StoredMessage): Promise<StoredMessage>;
  /** Types a slash command in a channel. */
  type(channel: string, text: string): Promise<void>;
  /** Chooses "Transcribe" in a message's menu. */
  transcribe(message: StoredMessage): Promise<void>;
  /** The answer once it shows `part`. */
  showing(message: StoredMessage, part: string): Promise<StoredMessage>;
  /** The newest file with that ending in the thread of a result, once it is there. */
  sharedFile(result: StoredMessage, format: string): Promise<SharedFile>;
  /** Asks for a format under a result, and waits for the file that was not there before. */
  exported(result: StoredMessage, format: string): Promise<SharedFile>;
  nameDialogue(result: StoredMessage): Promise<OpenView>;
  /** Types a name for each voice of the dialogue, and saves. */
  nameVoices(dialogue: OpenView, names: readonly string[]): Promise<void>;
}

export const joinWorkspace = async (workspace: Workspace): Promise<Colleague> => {
  const state = await workspace.state();
  const id = state.people.find((person) => !person.isBot)?.id ?? '';
  const channel = (name: string): string => state.channels.find((one) => one.name === name)?.id ?? '';
  const filesIn = async (message: StoredMessage): Promise<StoredFile[]> =>
    (await workspace.thread(message.channel, message.thread_ts ?? message.ts)).flatMap(
      ({ files }) => files ?? [],
    );

  const newFile = async (
    message: StoredMessage,
    format: string,
    before: readonly StoredFile[],
  ): Promise<SharedFile> => {
    const file = await until(
      async () =>
        (await filesIn(message)).findLast(
          (one) => one.name.endsWith(`.${format}`) && !before.some((known) => known.id === one.id),
        ),
      { what: `the ${format} file` },
    );
    return { file, text: (await workspace.bytes(file)).toString('utf8') };
  };

  const colleague: Colleague = {
    id,
    channels: { general: channel('general'), random: channel('random'), quiet: channel('quiet') },

    async post(where, ...recordings) {
      const files: string[] = [];
      for (const recording of recordings) files.push((await workspace.upload(recording, id)).id);
      return workspace.post({ channel: where, as: id, text: '', files });
    },

    async answerTo(recording) {
      const root = await colleague.post(colleague.channels.general, recording);
      const [answer] = await workspace.results(root.channel, root.ts);
      return answer as StoredMessage;
    },

    whisper: (where, part, root) =>
      until(
        async () =>
          [
            ...(await workspace.messages(where)),
            ...(root === undefined ? [] : await workspace.thread(where, root.ts)),
          ].findLast(({ ephemeral_to, text }) => ephemeral_to === id && text.includes(part)),
        { what: `a word to one person that says “${part}”` },
      ),

    showing: (message, part) =>
      until(
        async () => {
          const thread = await workspace.thread(message.channel, message.thread_ts ?? message.ts);
          return thread.find((now) => now.ts === message.ts && shownText(now).includes(part));
        },
        { what: `the answer with ${part}` },
      ),

    async type(where, text) {
      expect200(await workspace.command({ channel: where, as: id, text }));
    },

    async transcribe(message) {
      const [shortcut] = state.messageShortcuts;
      expect200(
        await workspace.shortcut({
          as: id,
          callback_id: shortcut?.callbackId ?? '',
          message: { channel: message.channel, ts: message.ts },
        }),
      );
    },

    sharedFile: (result, format) => newFile(result, format, []),

    async exported(result, format) {
      const before = await filesIn(result);
      await workspace.click({
        as: id,
        message: { channel: result.channel, ts: result.ts },
        ...elementFor(result, `export_${format}`),
      });
      return newFile(result, format, before);
    },

    nameDialogue: (result) =>
      workspace.modalAfter(id, () =>
        workspace.click({
          as: id,
          message: { channel: result.channel, ts: result.ts },
          ...elementFor(result, 'name_speakers'),
        }),
      ),

    async nameVoices(dialogue, names) {
      const fields = (
        dialogue.view.blocks as { block_id: string; element?: { type: string; action_id: string } }[]
      ).filter(({ element }) => element?.type === 'plain_text_input');
      const values = Object.fromEntries(
        names.map((name, voice) => {
          const { block_id = '', element } = fields[voice] ?? {};
          return [block_id, { [element?.action_id ?? '']: { type: 'plain_text_input', value: name } }];
        }),
      );
      const outcome = await workspace.submit({ as: id, viewId: dialogue.id, values });
      if (!outcome.ok) throw new Error(`the names were refused: ${JSON.stringify(outcome)}`);
    },
  };
  return colleague;
};

/** The workspace says of a command or a click whether the app answered in time. */
const expect200 = (outcome: unknown): void => {
  const { ok, error } = outcome as { ok: boolean; error?: string };
  if (!ok) throw new Error(error);
};

/**
 * Lifts Slack's limits on how often an app may call, for tests of other things: many recordings in one minute
 * would wait for each other, and lines of progress would be left out. Limits of size stay.
 */
export const unhurried = async ({ url }: Workspace): Promise<void> => {
  const response = await fetch(`${url}/control/app`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enforceLimits: false }),
  });
  if (!response.ok) throw new Error(`limits not lifted: ${response.status}`);
};

/** What a failure says of a recording: its message without the name in front. */
export const sentenceOf = (message: StoredMessage): string => {
  if (!isFinal(message)) throw new Error(`not a final answer: ${message.text}`);
  return message.text.slice(message.text.indexOf(': ') + 2);
};

/** Whether the message is a result, which alone can have its speakers named. */
export const isResult = (message: StoredMessage): boolean =>
  isFinal(message) && JSON.stringify(message.blocks).includes('name_speakers');

/**
 * Everything in a message, a modal or a home that Slack would make a mention of somebody, a group or a channel:
 * markup in what Slack parses, and elements of rich text that mention. Empty when names and words stay words.
 */
export const mentionsIn = (shown: unknown): string[] => {
  const found: string[] = [];
  const parsed = (text: unknown): void => {
    if (typeof text === 'string') found.push(...(text.match(/<[@!#][^>]*>/g) ?? []));
  };
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    else if (typeof node === 'object' && node !== null) {
      const { type, text } = node as { type?: unknown; text?: unknown };
      // A message's own `text` has no type beside it.
      if (type === 'mrkdwn' || type === undefined) parsed(text);
      if (['user', 'usergroup', 'broadcast'].includes(String(type))) found.push(JSON.stringify(node));
      for (const inner of Object.values(node)) walk(inner);
    }
  };
  walk(shown);
  return found;
};
