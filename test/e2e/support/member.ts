import type { OpenView, StoredFile, StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import { isFinal, shownText, type Workspace } from './workspace.ts';

/** A path, or a file made in the test. */
export type Recording = string | { readonly name: string; readonly bytes: Uint8Array };

interface SharedFile {
  readonly file: StoredFile;
  readonly text: string;
}

/** A person of the local workspace who posts recordings and reads the replies. */
export interface Member {
  readonly id: string;
  /** Channels by name. Parley is a member of `general` and `random`, not of `quiet`. */
  readonly channels: Readonly<Record<'general' | 'random' | 'quiet', string>>;
  /** Posts all files in one message. */
  post(channel: string, ...recordings: Recording[]): Promise<StoredMessage>;
  /** Posts one file in `general`. Resolves with Parley’s final reply. */
  finalReplyTo(recording: Recording): Promise<StoredMessage>;
  /** The newest ephemeral message for this person with `part`, in the channel or in the thread of `root`. */
  ephemeral(channel: string, part: string, root?: StoredMessage): Promise<StoredMessage>;
  /** Types a slash command in a channel. */
  type(channel: string, text: string): Promise<void>;
  /** Chooses "Transcribe" in a message's menu. */
  transcribe(message: StoredMessage): Promise<void>;
  /** The message once it shows `part`. */
  onceShown(message: StoredMessage, part: string): Promise<StoredMessage>;
  /** The newest file with that extension in the thread of a result. */
  sharedFile(result: StoredMessage, format: string): Promise<SharedFile>;
  /** Chooses a format under a result. Resolves with the new file. */
  exported(result: StoredMessage, format: string): Promise<SharedFile>;
  openNameSpeakers(result: StoredMessage): Promise<OpenView>;
  /** Types a name for each speaker in the dialog, and saves. */
  nameSpeakers(dialog: OpenView, names: readonly string[]): Promise<void>;
}

export const openMember = async (workspace: Workspace): Promise<Member> => {
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

  const member: Member = {
    id,
    channels: { general: channel('general'), random: channel('random'), quiet: channel('quiet') },

    async post(where, ...recordings) {
      const files: string[] = [];
      for (const recording of recordings) files.push((await workspace.upload(recording, id)).id);
      return workspace.post({ channel: where, as: id, text: '', files });
    },

    async finalReplyTo(recording) {
      const root = await member.post(member.channels.general, recording);
      const [answer] = await workspace.results(root.channel, root.ts);
      return answer as StoredMessage;
    },

    ephemeral: (where, part, root) =>
      until(
        async () =>
          [
            ...(await workspace.messages(where)),
            ...(root === undefined ? [] : await workspace.thread(where, root.ts)),
          ].findLast(({ ephemeral_to, text }) => ephemeral_to === id && text.includes(part)),
        { what: `an ephemeral message with “${part}”` },
      ),

    onceShown: (message, part) =>
      until(
        async () => {
          const thread = await workspace.thread(message.channel, message.thread_ts ?? message.ts);
          return thread.find((now) => now.ts === message.ts && shownText(now).includes(part));
        },
        { what: `the reply with ${part}` },
      ),

    async type(where, text) {
      expectAcknowledged(await workspace.command({ channel: where, as: id, text }));
    },

    async transcribe(message) {
      const [shortcut] = state.messageShortcuts;
      expectAcknowledged(
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
        ...elementFor(result, `post:${format}`),
      });
      return newFile(result, format, before);
    },

    openNameSpeakers: (result) =>
      workspace.modalAfter(id, () =>
        workspace.click({
          as: id,
          message: { channel: result.channel, ts: result.ts },
          ...elementFor(result, 'name_speakers'),
        }),
      ),

    async nameSpeakers(dialog, names) {
      const fields = (
        dialog.view.blocks as { block_id: string; element?: { type: string; action_id: string } }[]
      ).filter(({ element }) => element?.type === 'plain_text_input');
      const values = Object.fromEntries(
        names.map((name, speaker) => {
          const { block_id = '', element } = fields[speaker] ?? {};
          return [block_id, { [element?.action_id ?? '']: { type: 'plain_text_input', value: name } }];
        }),
      );
      const outcome = await workspace.submit({ as: id, viewId: dialog.id, values });
      if (!outcome.ok) throw new Error(`the names were refused: ${JSON.stringify(outcome)}`);
    },
  };
  return member;
};

/** The workspace reports whether the app acknowledged a command or click in time. */
const expectAcknowledged = (outcome: unknown): void => {
  const { ok, error } = outcome as { ok: boolean; error?: string };
  if (!ok) throw new Error(error);
};

/**
 * Lifts Slack’s rate limits, for tests of other things: many recordings in one minute would wait for each other, and
 * progress would be left out. Size limits stay.
 */
export const liftRateLimits = async ({ url }: Workspace): Promise<void> => {
  const response = await fetch(`${url}/control/app`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enforceLimits: false }),
  });
  if (!response.ok) throw new Error(`limits not lifted: ${response.status}`);
};

/** The sentence of a failed recording: its message without the file name in front. */
export const sentenceOf = (message: StoredMessage): string => {
  if (!isFinal(message)) throw new Error(`not a final reply: ${message.text}`);
  return message.text.slice(message.text.indexOf(': ') + 2);
};

/** Whether the message is a result: only results have “Name speakers”. */
export const isResult = (message: StoredMessage): boolean =>
  isFinal(message) && JSON.stringify(message.blocks).includes('name_speakers');

/**
 * Everything in a message, modal or Home tab that Slack would render as a mention of a person, group or channel: markup
 * in text that Slack parses, and mention elements of rich text.
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
