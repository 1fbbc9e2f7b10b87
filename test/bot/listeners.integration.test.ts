import { afterEach, describe, expect, test } from 'vitest';
import type { ControlEvent, OpenView, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { shareMenu } from '../../src/bot/blocks/share-menu.ts';
import { EXPORT_FORMATS } from '../../src/core/conversation/types.ts';
import { AppError, toAppError } from '../../src/core/error.ts';
import type { Requests, VoicesToName } from '../../src/core/ports.ts';
import { until } from '../support/until.ts';
import { type Mode, openBot, recordRequests, type TestBot } from './support/bot.ts';
import { resultOf, SHORT } from './support/conversation.ts';

const UNEXPECTED = toAppError(new Error('any')).userMessage;

const MODES: Mode[] = ['socket', 'http'];
let open: TestBot | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const begin = async (
  mode: Mode,
  answers: Partial<Requests> = {},
  options: Parameters<typeof openBot>[1] = {},
) => {
  const recorded = recordRequests(answers);
  open = await openBot(mode, options);
  await open.start(recorded.requests);
  return { ...open, ...recorded };
};
const postFile = async ({ workspace }: TestBot, name: string, more: object = {}): Promise<StoredMessage> => {
  const file = await workspace.upload(name, new TextEncoder().encode('bytes'));
  return workspace.say('', { files: [file.id], ...more });
};
const whispersTo = async ({ workspace }: TestBot, thread?: string): Promise<string[]> =>
  (await workspace.messages(thread))
    .filter(({ ephemeral_to }) => ephemeral_to === workspace.ana)
    .map(({ text }) => text);
const outcome = (sentence: string) => async () => ({ outcome: 'refused' as const, sentence });

/** A Slack that does not wait three seconds for an acknowledgement that is withheld. */
const SOON_AGAIN = { app: { eventAckTimeoutMs: 300 } };

describe.each(MODES)('over %s', (mode) => {
  test('a posted recording is taken on, with the thread under its message', async () => {
    const bot = await begin(mode);
    const message = await postFile(bot, 'weekly.mp3');
    await until(() => bot.of('filesPosted').length === 1);
    const [request] = bot.of('filesPosted')[0]!;
    expect(request).toEqual({
      thread: bot.thread(message.ts),
      postedIn: message.ts,
      by: bot.workspace.ana,
      files: [
        { fileId: message.files![0]!.id, name: 'weekly.mp3', sizeBytes: 5, mimeType: expect.any(String) },
      ],
      approach: 'posted',
    });
  });

  test.each([
    ['a link', 'https://example.com/a|b&c.mp3', '<https://example.com/a%7Cb&amp;c.mp3>'],
    ['a signed link, without its signature', 'https://example.com/a.mp3?key=s3cret', '`example.com/a.mp3`'],
  ])('a command with %s posts who asked, and its thread is the answer’s', async (_what, url, shown) => {
    const bot = await begin(mode);
    const outcome = await bot.workspace.ask('POST', 'commands', {
      channel: 'general',
      as: 'ana',
      text: `/parley transcribe ${url}`,
    });
    expect(outcome).toEqual({ ok: true });
    await until(() => bot.of('transcribeLink').length === 1);
    const [request] = bot.of('transcribeLink')[0]!;
    const [root] = (await bot.workspace.messages()).filter(({ user }) => user === bot.workspace.bot);
    expect(root!.text).toBe(`<@${bot.workspace.ana}> asked for a transcript of ${shown}`);
    expect(request).toEqual({
      thread: bot.thread(root!.ts),
      postedIn: root!.ts,
      by: bot.workspace.ana,
      url,
      origin: `command:${root!.ts}`,
    });
  });

  test('an event whose recording could not be stored is sent again by Slack until it is', async () => {
    let failures = 2;
    const bot = await begin(
      mode,
      {
        filesPosted: async () => {
          failures -= 1;
          if (failures >= 0) throw new Error('the database is away');
          return { outcome: 'accepted' };
        },
      },
      SOON_AGAIN,
    );
    await postFile(bot, 'weekly.mp3');
    await until(() => bot.of('filesPosted').length === 3);
    expect(await whispersTo(bot)).toEqual([]);
  });

  test('an event that fails every time ends in a sentence to the person who posted', async () => {
    const bot = await begin(
      mode,
      {
        filesPosted: async () => {
          throw new Error('the database is away');
        },
      },
      SOON_AGAIN,
    );
    await postFile(bot, 'weekly.mp3');
    const [said] = await until(async () => {
      const whispers = await whispersTo(bot);
      return whispers.length > 0 && whispers;
    });
    expect(said).toContain(UNEXPECTED);
    expect(bot.of('filesPosted')).toHaveLength(4);
  });
});

describe('messages', () => {
  test('in a thread, the answer belongs to the thread’s root', async () => {
    const bot = await begin('socket');
    const root = await bot.workspace.say('hello');
    const reply = await postFile(bot, 'weekly.mp3', { thread_ts: root.ts });
    await until(() => bot.of('filesPosted').length === 1);
    const [request] = bot.of('filesPosted')[0]!;
    expect(request.thread.rootId).toBe(root.ts);
    expect(request.postedIn).toBe(reply.ts);
  });

  test('without files, and the bot’s own, are left alone', async () => {
    const bot = await begin('socket');
    await bot.workspace.say('only words');
    await bot.bot.chat.shareFile(
      bot.thread((await bot.workspace.say('root')).ts),
      { name: 'own.mp3', title: 'own', bytes: new Uint8Array([1]) },
      { resume: null, reserved: async () => {} },
    );
    await until(async () => (await bot.workspace.messages()).some(({ reply_count }) => reply_count === 1));
    const last = await postFile(bot, 'mine.mp3');
    await until(() => bot.of('filesPosted').length > 0);
    expect(bot.of('filesPosted').map(([request]) => request.postedIn)).toEqual([last.ts]);
  });

  test('that are edited are not posted again', async () => {
    const bot = await begin('socket');
    const message = await postFile(bot, 'weekly.mp3');
    await until(() => bot.of('filesPosted').length === 1);
    await bot.workspace.ask('PUT', 'messages', {
      channel: 'general',
      as: 'ana',
      ts: message.ts,
      text: 'now with words',
    });
    const later = await postFile(bot, 'second.mp3');
    await until(() => bot.of('filesPosted').some(([request]) => request.postedIn === later.ts));
    expect(bot.of('filesPosted')).toHaveLength(2);
  });

  test('that are deleted are told of, with and without answers, and so are their files', async () => {
    const bot = await begin('socket');
    const answered = await postFile(bot, 'answered.mp3');
    await bot.workspace.web.chat.postMessage({
      channel: bot.workspace.general,
      text: 'In the queue…',
      thread_ts: answered.ts,
    });
    const alone = await postFile(bot, 'alone.mp3');
    await bot.workspace.ask('DELETE', `files/${answered.files![0]!.id}?as=ana`);
    for (const { ts } of [answered, alone]) {
      await bot.workspace.ask('DELETE', `messages?channel=general&as=ana&ts=${ts}`);
    }
    await until(() => bot.of('messageDeleted').length === 2 && bot.of('fileDeleted').length === 1);
    const where = { workspaceId: bot.workspace.state.team.id, channelId: bot.workspace.general };
    expect(bot.of('messageDeleted').map(([request]) => request)).toEqual(
      expect.arrayContaining([answered, alone].map(({ ts }) => ({ ...where, messageId: ts }))),
    );
    expect(bot.of('fileDeleted')[0]![0].fileId).toBe(answered.files![0]!.id);
  });

  test('of which nothing but the file is told are looked for by it', async () => {
    const bot = await begin('socket');
    await bot.workspace.fail('file-shared-only');
    const root = await bot.workspace.say('hello');
    const message = await postFile(bot, 'long talk.mp3', { thread_ts: root.ts });
    await until(() => bot.of('fileShared').length === 1);
    const [{ workspaceId, channelId, fileId }] = bot.of('fileShared')[0]!;
    expect(fileId).toBe(message.files![0]!.id);
    expect(await bot.bot.chat.sharedRecording({ workspaceId, channelId }, fileId)).toEqual({
      thread: bot.thread(root.ts),
      postedIn: message.ts,
      by: bot.workspace.ana,
      approach: 'posted',
      files: [{ fileId, name: 'long talk.mp3', sizeBytes: 5, mimeType: 'audio/mpeg' }],
    });
    expect(bot.of('filesPosted')).toEqual([]);
  });

  test('that forward a recording are posts of it', async () => {
    const bot = await begin('socket');
    const original = await postFile(bot, 'weekly.mp3');
    const forward = await bot.workspace.say('listen to this', {
      forwards: { channel: 'general', ts: original.ts },
    });
    await until(() => bot.of('filesPosted').length === 2);
    const request = bot.of('filesPosted').find(([{ postedIn }]) => postedIn === forward.ts)![0];
    expect(request).toMatchObject({ files: [{ name: 'weekly.mp3' }], approach: 'posted' });
  });

  test('from another workspace bring only a file’s id; the rest is asked for', async () => {
    const bot = await begin('socket');
    await bot.workspace.fail('slack-connect-files');
    const message = await postFile(bot, 'their.mp3');
    await until(() => bot.of('filesPosted').length === 1);
    expect(bot.of('filesPosted')[0]![0].files).toEqual([
      { fileId: message.files![0]!.id, name: 'their.mp3', sizeBytes: 5, mimeType: expect.any(String) },
    ]);
  });
});

describe('mentions', () => {
  const mention = ({ workspace }: TestBot, text: string, more: object = {}) =>
    workspace.say(`<@${workspace.bot}> ${text}`, more);
  const replies = async ({ workspace }: TestBot, thread: string) =>
    (await workspace.messages(thread)).filter(({ user }) => user === workspace.bot);

  test('are answered in the thread with what Parley can do, once however often Slack tells', async () => {
    const bot = await begin('socket');
    await bot.workspace.fail('duplicate-events:1');
    const message = await mention(bot, 'hello?');
    const [help] = await until(async () => {
      const said = await replies(bot, message.ts);
      return said.length > 0 && said;
    });
    expect(help!.text).toContain('/parley transcribe');
    // Both deliveries have been worked on once the bot has searched the thread for its answer.
    await until(async () => {
      const { calls } = await bot.workspace.ask<{ calls: { method: string }[] }>('GET', 'calls');
      return calls.some(({ method }) => method === 'conversations.replies');
    });
    expect(await replies(bot, message.ts)).toHaveLength(1);
  });

  test('with a link to a recording start the work', async () => {
    const bot = await begin('socket');
    const message = await mention(bot, 'please: https://example.com/talk.m4a');
    await until(() => bot.of('transcribeLink').length === 1);
    expect(bot.of('transcribeLink')[0]![0]).toMatchObject({
      url: 'https://example.com/talk.m4a',
      postedIn: message.ts,
      origin: `link:${message.ts}:https://example.com/talk.m4a`,
    });
  });

  test('with any other link offer to transcribe it, at a click', async () => {
    const bot = await begin('socket');
    const message = await mention(bot, 'what about https://example.com/talk');
    const [help] = await until(async () => {
      const said = await replies(bot, message.ts);
      return said.length > 0 && said;
    });
    await bot.workspace.ask('POST', 'actions', {
      as: 'ana',
      message: { channel: 'general', ts: help!.ts },
      action_id: 'transcribe_link',
    });
    await until(() => bot.of('transcribeLink').length === 1);
    expect(bot.of('transcribeLink')[0]![0]).toMatchObject({
      url: 'https://example.com/talk',
      thread: bot.thread(message.ts),
    });
  });

  describe.each([
    ['with its files', []],
    ['without its files', ['mentions-without-files']],
    ['without its files, before its message', ['mentions-without-files', 'mentions-first']],
  ])('whose event comes %s', (_how, modes) => {
    test('are a request for its recording, and not for help', async () => {
      const bot = await begin('socket');
      await bot.workspace.fail(...modes);
      const file = await bot.workspace.upload('New Recording 5', new Uint8Array([1]));
      const message = await mention(bot, 'this one', { files: [file.id] });
      // The mention and the message itself; the flows take the file once.
      await until(() => bot.of('filesPosted').length === 2);
      for (const [request] of bot.of('filesPosted')) {
        expect(request).toMatchObject({
          postedIn: message.ts,
          files: [{ name: 'New Recording 5' }],
          approach: 'addressed',
        });
      }
      expect(await replies(bot, message.ts)).toEqual([]);
    });
  });

  test('with a file that is no recording are answered with the help', async () => {
    const bot = await begin('socket');
    const file = await bot.workspace.upload('screenshot.png', new Uint8Array([1]));
    const message = await mention(bot, 'what is this?', { files: [file.id] });
    await until(async () => (await replies(bot, message.ts)).length === 1);
  });

  test('are answered once, however often they are edited, also into one', async () => {
    const bot = await begin('socket');
    const message = await bot.workspace.say('hello?');
    const edit = (text: string) =>
      bot.workspace.ask('PUT', 'messages', { channel: 'general', as: 'ana', ts: message.ts, text });
    await edit(`<@${bot.workspace.bot}> hello?`);
    await until(async () => (await replies(bot, message.ts)).length === 1);
    await edit(`<@${bot.workspace.bot}> hello!`);
    await edit(`<@${bot.workspace.bot}> https://example.com/talk.m4a`);
    await until(() => bot.of('transcribeLink').length === 1);
    expect(await replies(bot, message.ts)).toHaveLength(1);
  });
});

describe('direct messages', () => {
  /** Ana's own conversation with Parley. */
  const direct = async (bot: TestBot) => {
    const { workspace } = bot;
    const { channel } = await workspace.web.chat.postMessage({ channel: workspace.ana, text: 'Welcome' });
    const messages = async (thread?: string) => {
      const at = thread === undefined ? '' : `&thread=${thread}`;
      const path = `messages?channel=${channel}${at}`;
      return (await workspace.ask<{ messages: StoredMessage[] }>('GET', path)).messages;
    };
    const replies = async (thread: string) =>
      (await messages(thread)).filter(({ user, ts }) => user === workspace.bot && ts !== thread);
    return {
      channel: channel!,
      replies,
      say: (text: string, more = {}) => workspace.say(text, { channel, ...more }),
    };
  };

  test.each(['help', 'hello?', 'what can you do'])('with “%s” are answered with the help', async (text) => {
    const bot = await begin('socket');
    const { say, replies } = await direct(bot);
    const message = await say(text);
    const [help] = await until(async () => {
      const said = await replies(message.ts);
      return said.length > 0 && said;
    });
    expect(help!.text).toContain('/parley transcribe');
  });

  test.each([
    ['a link alone', 'https://example.com/watch?v=1', 'https://example.com/watch?v=1'],
    ['a link to a recording', 'please: https://example.com/a.mp3', 'https://example.com/a.mp3'],
  ])('with %s start the work', async (_what, text, url) => {
    const bot = await begin('socket');
    const { channel, say } = await direct(bot);
    const message = await say(text);
    await until(() => bot.of('transcribeLink').length === 1);
    expect(bot.of('transcribeLink')[0]![0]).toMatchObject({
      url,
      thread: { channelId: channel, rootId: message.ts },
    });
  });

  test('with a file start the work, whatever its name', async () => {
    const bot = await begin('socket');
    const { say } = await direct(bot);
    const file = await bot.workspace.upload('New Recording 5', new Uint8Array([1]));
    const message = await say('', { files: [file.id] });
    await until(() => bot.of('filesPosted').length === 1);
    expect(bot.of('filesPosted')[0]![0]).toMatchObject({
      postedIn: message.ts,
      files: [{ name: 'New Recording 5' }],
      approach: 'addressed',
    });
  });

  test('below an answer are talk, unless they ask for help', async () => {
    const bot = await begin('socket');
    const { say, replies } = await direct(bot);
    const root = await say('hello?');
    await until(async () => (await replies(root.ts)).length === 1);
    await say('thanks!', { thread_ts: root.ts });
    await say('help', { thread_ts: root.ts });
    await until(async () => (await replies(root.ts)).length === 2);
  });
});

describe('the command', () => {
  const command = ({ workspace }: TestBot, text: string, channel = 'general') =>
    workspace.ask('POST', 'commands', { channel, as: 'ana', text });

  test.each(['/parley transcribe', '/parley transcribe help'])(
    '%s explains itself to whoever typed it',
    async (text) => {
      const bot = await begin('socket');
      await command(bot, text);
      await until(async () => (await whispersTo(bot)).some((said) => said.includes('Hello!')));
      expect(bot.asked).toEqual([]);
    },
  );

  test.each(['not a link', 'ftp://example.com/a.mp3', 'javascript:alert(1)'])(
    'with “%s” says what a link looks like',
    async (argument) => {
      const bot = await begin('socket');
      await command(bot, `/parley transcribe ${argument}`);
      await until(async () => (await whispersTo(bot)).some((said) => said.includes('isn’t a link')));
      expect(bot.asked).toEqual([]);
    },
  );

  test('where Parley is not a member says how to invite it', async () => {
    const bot = await begin('socket');
    await command(bot, '/parley transcribe https://example.com/a.mp3', 'quiet');
    const { messages } = await until(async () => {
      const seen = await bot.workspace.ask<{ messages: StoredMessage[] }>('GET', 'messages?channel=quiet');
      return seen.messages.length > 0 && seen;
    });
    expect(messages[0]).toMatchObject({ ephemeral_to: bot.workspace.ana });
    expect(messages[0]!.text).toContain('/invite @Parley');
    expect(bot.asked).toEqual([]);
  });

  test('tells why a link was refused', async () => {
    const bot = await begin('socket', { transcribeLink: outcome('That address is not public.') });
    await command(bot, '/parley transcribe http://127.0.0.1/a.mp3');
    await until(async () => (await whispersTo(bot)).includes('That address is not public.'));
  });
});

describe('the shortcut', () => {
  const shortcut = ({ workspace }: TestBot, ts: string, channel = 'general') =>
    workspace.ask('POST', 'shortcuts', {
      as: 'ana',
      callback_id: 'transcribe_message',
      message: { channel, ts },
    });

  test('takes the files of a message, asked for by whoever chose it', async () => {
    const bot = await begin('socket');
    const message = await postFile(bot, 'notes.bin');
    await shortcut(bot, message.ts);
    const isChosen = ([request]: Parameters<Requests['filesPosted']>) => request.approach === 'chosen';
    await until(() => bot.of('filesPosted').some(isChosen));
    expect(bot.of('filesPosted').find(isChosen)![0].files[0]!.name).toBe('notes.bin');
  });

  test('takes the files of other apps and workflows, which are not transcribed by themselves', async () => {
    const bot = await begin('socket');
    const theirs = await postFile(bot, 'call.mp3', { app: 'Recorder' });
    await shortcut(bot, theirs.ts);
    await until(() => bot.of('filesPosted').length > 0);
    const mine = await postFile(bot, 'mine.mp3');
    await until(() => bot.of('filesPosted').length > 1);
    expect(bot.of('filesPosted').map(([request]) => [request.postedIn, request.approach])).toEqual([
      [theirs.ts, 'chosen'],
      [mine.ts, 'posted'],
    ]);
  });

  test('takes the recordings of a forwarded message', async () => {
    const bot = await begin('socket');
    const original = await postFile(bot, 'weekly.mp3');
    const forward = await bot.workspace.say('', { forwards: { channel: 'general', ts: original.ts } });
    await shortcut(bot, forward.ts);
    const isChosen = ([request]: Parameters<Requests['filesPosted']>) => request.approach === 'chosen';
    await until(() => bot.of('filesPosted').some(isChosen));
    expect(bot.of('filesPosted').find(isChosen)![0]).toMatchObject({
      postedIn: forward.ts,
      files: [{ fileId: original.files![0]!.id, name: 'weekly.mp3' }],
    });
  });

  test('takes the first link that looks like a recording', async () => {
    const bot = await begin('socket');
    const message = await bot.workspace.say('see https://example.com/page and https://example.com/talk.mp3');
    await shortcut(bot, message.ts);
    await until(() => bot.of('transcribeLink').length === 1);
    expect(bot.of('transcribeLink')[0]![0].url).toBe('https://example.com/talk.mp3');
  });

  test('says so when there is neither', async () => {
    const bot = await begin('socket');
    const message = await bot.workspace.say('only words');
    await shortcut(bot, message.ts);
    await until(async () => (await whispersTo(bot)).some((said) => said.includes('no file or link')));
  });

  test('outside Parley’s channels says how to invite it', async () => {
    const bot = await begin('socket');
    const message = await bot.workspace.say('https://example.com/talk.mp3', { channel: 'quiet' });
    await shortcut(bot, message.ts, 'quiet');
    await until(async () => {
      const { messages } = await bot.workspace.ask<{ messages: StoredMessage[] }>(
        'GET',
        'messages?channel=quiet',
      );
      return messages.some(({ text, ephemeral_to }) => ephemeral_to && text.includes('/invite @Parley'));
    });
    expect(bot.asked).toEqual([]);
  });

  test('tells what is the matter when the work cannot be taken on', async () => {
    const bot = await begin('socket', {
      transcribeLink: async () => {
        throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'The database <is> away.' });
      },
    });
    const message = await bot.workspace.say('https://example.com/talk.mp3');
    await shortcut(bot, message.ts);
    await until(async () =>
      (await whispersTo(bot)).includes('The database &lt;is&gt; away. Try again in a few minutes.'),
    );
  });
});

describe('buttons under a result', () => {
  const postResult = async (bot: TestBot) => {
    const root = await bot.workspace.say('root');
    const message = resultOf(SHORT, { message: { chart: null } });
    const posted = await bot.bot.chat.post(bot.thread(root.ts), message, 'key');
    const click = (action_id: string, payload: object = {}) =>
      bot.workspace.ask('POST', 'actions', {
        as: 'ana',
        message: { channel: 'general', ts: posted.messageId },
        action_id,
        payload,
      });
    /** A choice in the menu, as Slack sends it. */
    const share = (way: string, format: string) => {
      const groups = shareMenu(message.conversationId).option_groups ?? [];
      const options = groups.flatMap((group) => group.options);
      const selected_option = options.find(({ value }) => value?.startsWith(`${way}:${format}:`));
      return click('share_transcript', { selected_option });
    };
    return { root, click, share };
  };

  test('share the transcript in any format, in the thread or with one person', async () => {
    const bot = await begin('socket');
    const { share } = await postResult(bot);
    for (const format of EXPORT_FORMATS) {
      expect(await share('post', format)).toEqual({ ok: true });
      expect(await share('send', format)).toEqual({ ok: true });
    }
    await until(() => bot.asked.length === 2 * EXPORT_FORMATS.length);
    const expected = EXPORT_FORMATS.map((format) => ['conversation-1', bot.workspace.ana, format]);
    expect(bot.of('shareExport')).toEqual(expected);
    expect(bot.of('sendExport')).toEqual(expected);
  });

  test('open every figure in a dialog', async () => {
    const message = resultOf(SHORT);
    const bot = await begin('socket', { resultDetails: async () => message });
    const { events, close } = await bot.workspace.watch();
    const { click } = await postResult(bot);
    expect(await click('talk_time_details')).toEqual({ ok: true });
    const opened = await until(() => events.find((event) => event.type === 'view_opened'));
    expect(JSON.stringify(opened)).toContain('Response time');
    close();
  });

  test('say in the thread what was asked already', async () => {
    const bot = await begin('socket', {
      shareExport: async () => ({ outcome: 'already', sentence: 'The TXT file is already in this thread.' }),
    });
    const { root, share } = await postResult(bot);
    await share('post', 'txt');
    await until(async () =>
      (await whispersTo(bot, root.ts)).includes('The TXT file is already in this thread.'),
    );
  });

  test('“Try again” asks for it', async () => {
    const bot = await begin('socket');
    const root = await bot.workspace.say('root');
    const posted = await bot.bot.chat.post(
      bot.thread(root.ts),
      {
        kind: 'failure',
        conversationId: 'c7' as never,
        title: 'a.mp3',
        sentence: 'It broke.',
        mayRetry: true,
      },
      'key',
    );
    await bot.workspace.ask('POST', 'actions', {
      as: 'ana',
      message: { channel: 'general', ts: posted.messageId },
      action_id: 'retry',
    });
    await until(() => bot.of('retry').length === 1);
    expect(bot.of('retry')).toEqual([['c7', bot.workspace.ana]]);
  });

  const VOICES: VoicesToName = {
    conversationId: 'conversation-1' as never,
    title: 'weekly.mp3',
    voices: ['0:0', '0:1', '0:2'].map((voice, party) => ({
      voice,
      party,
      currentName: `Speaker ${party + 1}`,
      named: false,
      memberId: null,
      speakingMs: 3_000,
      excerpt: 'Good morning',
      sampleUrl: party === 0 ? 'https://parley.example.com/samples/x' : null,
    })),
  };
  const openDialogue = async (bot: TestBot) => {
    const { events, close } = await bot.workspace.watch();
    const { root, click } = await postResult(bot);
    await click('name_speakers');
    const opened = await until(() => events.find((event) => event.type === 'view_opened'));
    const view = (opened as Extract<ControlEvent, { view: OpenView }>).view;
    const submit = (values: Record<string, Record<string, unknown>>) =>
      bot.workspace.ask('POST', 'views', { as: 'ana', viewId: view.id, values });
    return { root, view, submit, events, close };
  };
  const chosen = (voice: string, user: string) => ({
    [`member:${voice}`]: { member: { type: 'users_select', selected_user: user } },
  });
  const typed = (voice: string, value: string) => ({
    [`name:${voice}`]: { name: { type: 'plain_text_input', value } },
  });

  test('“Name speakers” opens the dialogue; members and typed names are saved before it closes', async () => {
    const bot = await begin('socket', { voices: async () => VOICES });
    const { view, submit, close } = await openDialogue(bot);
    expect(JSON.stringify(view.view)).toContain('https://parley.example.com/samples/x');
    const { ana } = bot.workspace;
    expect(await submit({ ...chosen('0:0', ana), ...typed('0:1', '  Bob \u202e the guest ') })).toEqual({
      ok: true,
      closed: true,
    });
    expect(bot.of('nameSpeakers')).toEqual([
      [
        'conversation-1',
        ana,
        { '0:0': { name: 'Ana Brandão', memberId: ana }, '0:1': { name: 'Bob the guest' }, '0:2': null },
      ],
    ]);
    close();
  });

  test('both a member and a name for one voice is pointed out at the field', async () => {
    const bot = await begin('socket', { voices: async () => VOICES });
    const { submit, close } = await openDialogue(bot);
    const { ana } = bot.workspace;
    expect(await submit({ ...chosen('0:0', ana), ...typed('0:0', 'Bob') })).toMatchObject({
      ok: false,
      errors: { 'name:0:0': expect.stringContaining('not both') },
    });
    expect(bot.of('nameSpeakers')).toEqual([]);
    close();
  });

  test('what could not be saved is said in the dialogue', async () => {
    const bot = await begin('socket', {
      voices: async () => VOICES,
      nameSpeakers: outcome('This recording is gone.'),
    });
    const { submit, events, close } = await openDialogue(bot);
    expect(await submit(typed('0:0', 'Bob'))).toMatchObject({ ok: true, closed: false });
    const updated = await until(() => events.find((event) => event.type === 'view_updated'));
    expect(JSON.stringify(updated)).toContain('This recording is gone.');
    close();
  });

  test('saving that takes longer than Slack waits closes the dialogue and fails in the thread', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    const bot = await begin('socket', {
      voices: async () => VOICES,
      nameSpeakers: async () => {
        await slow;
        return { outcome: 'refused', sentence: 'Too late for names.' };
      },
    });
    const { root, submit, close } = await openDialogue(bot);
    const submitted = submit(typed('0:0', 'Bob'));
    await bot.passDeadline();
    expect(await submitted).toEqual({ ok: true, closed: true });
    resolve();
    await until(async () => (await whispersTo(bot, root.ts)).includes('Too late for names.'));
    close();
  });

  test('“Name speakers” without voices says so', async () => {
    const bot = await begin('socket');
    const { root, click } = await postResult(bot);
    await click('name_speakers');
    await until(async () =>
      (await whispersTo(bot, root.ts)).some((said) => said.includes('no speakers to name')),
    );
  });

  test('“Listen” is answered though the browser does the work', async () => {
    const bot = await begin('socket', { voices: async () => VOICES });
    const { view, close } = await openDialogue(bot);
    expect(
      await bot.workspace.ask('POST', 'actions', { as: 'ana', viewId: view.id, action_id: 'open_address' }),
    ).toEqual({ ok: true });
    close();
  });
});

test('opening the home draws recent conversations with links to their threads', async () => {
  let root = '';
  const bot = await begin('socket', {
    recentConversations: async () =>
      [
        {
          id: 'c1',
          kind: 'recording',
          thread: open!.thread(root),
          title: 'weekly.mp3',
          createdAtMs: 1_790_000_000_000,
          state: { name: 'published', atMs: 1, inFile: false },
        },
      ] as never,
  });
  root = (await bot.workspace.say('root')).ts;
  const home = await until(async () => {
    const { view } = await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana');
    return view === null ? null : JSON.stringify(view);
  });
  expect(home).toContain('weekly.mp3');
  expect(home).toContain(`/archives/${bot.workspace.general}/p${root.replace('.', '')}`);
});
