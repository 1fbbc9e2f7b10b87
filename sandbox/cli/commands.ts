import { z } from 'zod';
import type {
  ActionOutcome,
  CommandOutcome,
  OpenView,
  StoredMessage,
  SubmitOutcome,
  WorkspaceState,
} from '../slack/control/contract.ts';
import { CliError, type Client, withQuery } from './client.ts';
import { type Command, type Outcome, success } from './command.ts';
import type { Options } from './options.ts';
import { payloadFor } from './payload.ts';
import { phone } from './phone.ts';
import { printMessage, printThread, recordingsIn, waitForResults } from './thread.ts';

const state = (client: Client): Promise<WorkspaceState> => client.request('GET', 'state');

/** Who acts: the one named, or the first person. */
const actor = async (client: Client, { as }: Options): Promise<string> =>
  as ?? (await state(client)).people.find(({ isBot }) => !isBot)!.id;

const send = async (
  client: Client,
  options: Options,
  content: { text: string; files?: string[] },
): Promise<StoredMessage> => {
  const { message } = await client.request<{ message: StoredMessage }>('POST', 'messages', {
    channel: options.channel,
    as: await actor(client, options),
    ...content,
    ...(options.thread === undefined ? {} : { thread_ts: options.thread }),
  });
  return message;
};

const post: Command = async (client, words, options) => {
  if (words.length === 0) throw new CliError('Name the files to post.');
  const as = await actor(client, options);
  const files: string[] = [];
  for (const word of words) {
    files.push(word.startsWith('sample:') ? word : (await client.upload(word, as)).id);
  }
  const message = await send(client, { ...options, as }, { text: options.text ?? '', files });
  if (!options.wait) return success(printMessage(client, message));
  const root = { channel: message.channel, ts: message.thread_ts ?? message.ts };
  const thread = await waitForResults(client, root, recordingsIn(message), options.timeoutMs);
  return { print: thread, ok: thread.failed === 0 };
};

const say: Command = async (client, words, options) => {
  const text = words.join(' ') || options.text;
  if (!text) throw new CliError('Give the text to post.');
  return success(printMessage(client, await send(client, options, { text })));
};

const command: Command = async (client, words, options) => {
  const text = words.join(' ');
  if (!text.startsWith('/'))
    throw new CliError('A command starts with a slash: command "/parley transcribe https://…".');
  const outcome = await client.request<CommandOutcome>('POST', 'commands', {
    channel: options.channel,
    as: await actor(client, options),
    text,
    ...(options.thread === undefined ? {} : { thread_ts: options.thread }),
  });
  return outcomeOf(outcome);
};

const outcomeOf = (outcome: CommandOutcome): Outcome => {
  if (!outcome.ok) throw new CliError(outcome.error ?? 'The app did not respond.');
  return success(outcome);
};

const click: Command = async (client, [actionId], options) => {
  if (actionId === undefined) throw new CliError('Give the action id to click.');
  const as = await actor(client, options);
  const act = async (): Promise<Outcome> => {
    const payload = await payloadFor(client, { as, actionId, options });
    return outcomeOf(
      await client.request<ActionOutcome>('POST', 'actions', {
        as,
        action_id: actionId,
        ...targetOf(options),
        ...(options.block === undefined ? {} : { block_id: options.block }),
        ...(payload === null ? {} : { payload }),
      }),
    );
  };
  if (!options.wait) return act();
  const view = await client.until<OpenView>({
    timeoutMs: options.timeoutMs,
    onTimeout: () => `No modal opened within ${Math.round(options.timeoutMs / 1000)} s.`,
    action: async () => void (await act()),
    look: async (event) => (event?.type === 'view_opened' ? event.view : null),
  });
  return success({ ok: true, view });
};

const targetOf = (options: Options): object => {
  if (options.home) return { home: true };
  if (options.view !== undefined) return { viewId: options.view };
  if (options.ts === undefined)
    throw new CliError('Give the message, modal or App Home: --ts TS, --view ID or --home.');
  return { message: { channel: options.channel, ts: options.ts } };
};

const views: Command = async (client, _words, options) =>
  success(await client.request('GET', withQuery('views', { as: await actor(client, options) })));

const values = z.record(z.string(), z.record(z.string(), z.unknown()));

const submit: Command = async (client, [view, json = '{}'], options) => {
  if (view === undefined) throw new CliError('Give the modal to submit: its id, or "last".');
  const as = await actor(client, options);
  const outcome = await client.request<SubmitOutcome>('POST', 'views', {
    as,
    viewId: view === 'last' ? await lastView(client, as) : view,
    values: parseValues(json),
    ...(options.cancel ? { cancel: true } : {}),
  });
  if (outcome.ok) return success(outcome);
  const errors = Object.entries(outcome.errors ?? {}).map(([block, text]) => `${block}: ${text}`);
  throw new CliError(outcome.error ?? errors.join('; '));
};

const lastView = async (client: Client, as: string): Promise<string> => {
  const answer = await client.request<{ views: OpenView[] }>('GET', withQuery('views', { as }));
  const last = answer.views.at(-1);
  if (last === undefined) throw new CliError('No modal is open.');
  return last.id;
};

const parseValues = (text: string): z.infer<typeof values> => {
  try {
    return values.parse(JSON.parse(text));
  } catch {
    throw new CliError('The values are JSON of the form {"BLOCK": {"ACTION": {"value": "…"}}}.');
  }
};

const shortcut: Command = async (client, [callbackId], options) => {
  if (callbackId === undefined) throw new CliError('Give the shortcut: shortcut CALLBACK_ID [--ts TS].');
  return outcomeOf(
    await client.request<ActionOutcome>('POST', 'shortcuts', {
      as: await actor(client, options),
      callback_id: callbackId,
      ...(options.ts === undefined ? {} : { message: { channel: options.channel, ts: options.ts } }),
    }),
  );
};

const home: Command = async (client, _words, options) => {
  const as = await actor(client, options);
  if (!options.wait) return success(await client.request('GET', withQuery('home', { as })));
  const me = (await state(client)).people.find(({ id, name }) => id === as || name === as)?.id;
  const view = await client.until<{ view: object | null }>({
    timeoutMs: options.timeoutMs,
    onTimeout: () => 'The app did not publish its App Home.',
    action: async () => void (await client.request('GET', withQuery('home', { as }))),
    look: async (event) => (event?.type === 'home' && event.user === me ? { view: event.view } : null),
  });
  return success(view);
};

const thread: Command = async (client, [ts], options) => {
  if (ts === undefined) throw new CliError('Give the ts of the message.');
  const messages = await client.messages(options.channel, ts);
  const [first] = messages;
  if (first === undefined) throw new CliError(`There is no message ${ts} in ${options.channel}.`);
  const root = { channel: first.channel, ts };
  const printed = options.wait
    ? await waitForResults(client, root, recordingsIn(first), options.timeoutMs)
    : printThread(client, root, messages);
  return { print: printed, ok: !options.wait || printed.failed === 0 };
};

const messages: Command = async (client, _words, options) => {
  const found = await client.messages(options.channel);
  return success({ messages: found.map((message) => printMessage(client, message)) });
};

const fail: Command = async (client, modes) => {
  if (modes.length === 0 || modes[0] === 'list') return success(await client.request('GET', 'failures'));
  const wanted = modes[0] === 'none' ? [] : modes;
  return success(await client.request('PUT', 'failures', { modes: wanted }));
};

/** Every command by its name. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  post,
  say,
  command,
  click,
  views,
  submit,
  shortcut,
  home,
  thread,
  messages,
  fail,
  phone,
  state: async (client) => success(await state(client)),
};
