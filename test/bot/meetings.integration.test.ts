import { afterEach, describe, expect, test } from 'vitest';
import type { OpenView, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { AppError, toAppError } from '../../src/core/error.ts';
import type { PostedMessage, Requests } from '../../src/core/ports.ts';
import type { MeetingCardMessage } from '../../src/core/thread-message.ts';
import { until } from '../support/until.ts';
import { type Mode, openBot, recordRequests, type TestBot } from './support/bot.ts';

const UNEXPECTED = toAppError(new Error('any')).userMessage;

const MODES: Mode[] = ['socket', 'http'];
let open: TestBot | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const begin = async (mode: Mode = 'socket', answers: Partial<Requests> = {}) => {
  const recorded = recordRequests(answers);
  open = await openBot(mode);
  await open.start(recorded.requests);
  return { ...open, ...recorded };
};
const inChannel = async ({ workspace }: TestBot, channel = 'general'): Promise<StoredMessage[]> =>
  (await workspace.ask<{ messages: StoredMessage[] }>('GET', `messages?channel=${channel}`)).messages;
/** What somebody alone was told in the channel, once there is something. */
const toldTo = (bot: TestBot, member: string, channel?: string): Promise<StoredMessage> =>
  until(async () => (await inChannel(bot, channel)).find(({ ephemeral_to }) => ephemeral_to === member));
const command = ({ workspace }: TestBot, text: string, channel = 'general') =>
  workspace.ask('POST', 'commands', { channel, as: 'ana', text });
const memberOf = ({ workspace }: TestBot, name: string): string =>
  workspace.state.people.find((person) => person.name === name)!.id;

const card = (more: Partial<MeetingCardMessage> = {}): MeetingCardMessage => ({
  kind: 'meeting-card',
  capture: null,
  remarks: [],
  conversationId: 'm1' as never,
  title: 'Weekly',
  startedBy: 'U0ANA' as never,
  state: 'waiting',
  present: [],
  startedAtMs: null,
  endedAtMs: null,
  unavailable: null,
  dialIn: null,
  ...more,
});
const postCard = (opened: TestBot, key = 'card:m1'): Promise<PostedMessage> => {
  const { workspaceId, channelId } = opened.thread('0');
  return opened.bot.chat.postCard(workspaceId, channelId, card(), key);
};
const click = (
  { workspace }: TestBot,
  { messageId }: PostedMessage,
  action_id: string,
  more: { as?: string; payload?: object } = {},
) =>
  workspace.ask('POST', 'actions', {
    as: 'ben',
    message: { channel: 'general', ts: messageId },
    action_id,
    ...more,
  });
const openViews = async ({ workspace }: TestBot, as = 'ana'): Promise<OpenView[]> =>
  (await workspace.ask<{ views: OpenView[] }>('GET', `views?as=${as}`)).views;
const theView = (bot: TestBot, as?: string): Promise<OpenView> =>
  until(async () => (await openViews(bot, as))[0]);

const URL_OF_BEN = 'https://parley.example.com/meet?token=bens.own.link';

describe.each(MODES)('over %s', (mode) => {
  test('/parley meet opens a meeting in its channel, and says nothing that the card will say', async () => {
    const bot = await begin(mode);
    expect(await command(bot, '/parley meet Q3 &amp; the <!channel> plan')).toEqual({ ok: true });
    await until(() => bot.of('openMeeting').length === 1);
    expect(bot.of('openMeeting')).toEqual([
      [
        {
          workspaceId: bot.workspace.state.team.id,
          channelId: bot.workspace.general,
          by: bot.workspace.ana,
          title: 'Q3 & the <!channel> plan',
          origin: expect.stringMatching(/^command:./),
        },
      ],
    ]);
    expect(await inChannel(bot)).toEqual([]);
  });

  test('“Join” gives whoever clicks a link of their own, that nobody else sees', async () => {
    const bot = await begin(mode, { meetingLink: async () => ({ url: URL_OF_BEN }) });
    const posted = await postCard(bot);
    expect(await click(bot, posted, 'join_meeting')).toEqual({ ok: true });
    const ben = memberOf(bot, 'ben');
    const told = await toldTo(bot, ben);
    expect(JSON.stringify(told.blocks)).toContain(`"url":"${URL_OF_BEN}"`);
    expect(told.text).toContain('just for you and expires in 10 minutes');
    expect(told.thread_ts).toBeUndefined();
    expect(bot.of('meetingLink')).toEqual([['m1', bot.workspace.state.team.id, ben]]);
    const forAll = (await inChannel(bot)).filter(({ ephemeral_to }) => ephemeral_to === undefined);
    expect(JSON.stringify(forAll)).not.toContain('token');
    expect(bot.log.join('\n')).not.toContain('token');
  });

  test('“End for all” asks for it in the name of who chose it', async () => {
    const bot = await begin(mode);
    const posted = await postCard(bot);
    const payload = {
      selected_option: { text: { type: 'plain_text', text: 'End for everyone' }, value: 'm1' },
    };
    expect(await click(bot, posted, 'end_meeting', { payload })).toEqual({ ok: true });
    await until(() => bot.of('endMeeting').length === 1);
    expect(bot.of('endMeeting')).toEqual([['m1', memberOf(bot, 'ben')]]);
  });

  test('the shortcut asks for a channel, and opens the meeting there', async () => {
    const bot = await begin(mode);
    await bot.workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id: 'start_meeting' });
    const view = await theView(bot);
    expect(await submit(bot, view, bot.workspace.general, 'Weekly')).toEqual({ ok: true, closed: true });
    expect(bot.of('openMeeting')).toEqual([
      [
        {
          workspaceId: bot.workspace.state.team.id,
          channelId: bot.workspace.general,
          by: bot.workspace.ana,
          title: 'Weekly',
          origin: `view:${view.id}`,
        },
      ],
    ]);
  });
});

const submit = ({ workspace }: TestBot, { id }: OpenView, channel: string, title: string | null = null) =>
  workspace.ask('POST', 'views', {
    as: 'ana',
    viewId: id,
    values: {
      title: { title: { type: 'plain_text_input', value: title } },
      channel: { channel: { type: 'conversations_select', selected_conversation: channel } },
    },
  });

describe('/parley meet', () => {
  test('without a title leaves it to the meeting', async () => {
    const bot = await begin();
    await command(bot, '/parley meet');
    await until(() => bot.of('openMeeting').length === 1);
    expect(bot.of('openMeeting')[0]![0].title).toBe('');
  });

  test('twice is two meetings', async () => {
    const bot = await begin();
    await command(bot, '/parley meet');
    await command(bot, '/parley meet');
    await until(() => bot.of('openMeeting').length === 2);
    const origins = bot.of('openMeeting').map(([{ origin }]) => origin);
    expect(new Set(origins).size).toBe(2);
  });

  test('with “help” explains Parley to whoever typed it', async () => {
    const bot = await begin();
    await command(bot, '/parley meet help');
    expect((await toldTo(bot, bot.workspace.ana)).text).toContain('/parley meet topic');
    expect(bot.asked).toEqual([]);
  });

  test('with a title of any length cuts it to one that reads as a title', async () => {
    const bot = await begin();
    await command(bot, `/parley meet ${'word '.repeat(200)}`);
    await until(() => bot.of('openMeeting').length === 1);
    expect(bot.of('openMeeting')[0]![0].title.length).toBeLessThanOrEqual(80);
  });

  test('where Parley is not a member says how to invite it', async () => {
    const bot = await begin();
    await command(bot, '/parley meet Weekly', 'quiet');
    expect((await toldTo(bot, bot.workspace.ana, 'quiet')).text).toContain('/invite @Parley');
    expect(bot.asked).toEqual([]);
  });

  test('where meetings cannot be held tells what is missing', async () => {
    const sentence = 'The media worker is not installed, so there are no meetings.';
    const bot = await begin('socket', { openMeeting: async () => ({ outcome: 'refused', sentence }) });
    await command(bot, '/parley meet Weekly');
    expect((await toldTo(bot, bot.workspace.ana)).text).toBe(sentence);
  });
});

describe('the dialogue', () => {
  test('opens from the App Home as well', async () => {
    const bot = await begin();
    await until(async () => (await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana')).view);
    await bot.workspace.ask('POST', 'actions', { as: 'ana', home: true, action_id: 'start_meeting' });
    const view = await theView(bot);
    expect(await submit(bot, view, bot.workspace.general)).toEqual({ ok: true, closed: true });
    expect(bot.of('openMeeting')[0]![0]).toMatchObject({ title: '', channelId: bot.workspace.general });
  });

  test('opens from the card of a meeting to which nobody came, with its title and channel', async () => {
    const bot = await begin();
    const { workspaceId, channelId } = bot.thread('0');
    const over = card({ state: 'ended', endedAtMs: 1_790_000_000_000, title: 'R&D <weekly>' });
    const posted = await bot.bot.chat.postCard(workspaceId, channelId, over, 'card:m1');
    expect(await click(bot, posted, 'start_meeting', { as: 'ana' })).toEqual({ ok: true });
    const view = await theView(bot);
    expect(JSON.stringify(view.view)).toContain('"initial_value":"R&D <weekly>"');
    expect(JSON.stringify(view.view)).toContain(`"initial_conversation":"${channelId}"`);
  });

  const opened = async (answers: Partial<Requests> = {}) => {
    const bot = await begin('socket', answers);
    await bot.workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id: 'start_meeting' });
    return { bot, view: await theView(bot) };
  };

  test('says at the field that Parley is not in the channel, and another may be chosen', async () => {
    const { bot, view } = await opened();
    expect(await submit(bot, view, bot.workspace.quiet)).toMatchObject({
      ok: false,
      errors: { channel: expect.stringContaining('/invite @Parley') },
    });
    expect(bot.of('openMeeting')).toEqual([]);
    expect(await submit(bot, view, bot.workspace.general)).toEqual({ ok: true, closed: true });
  });

  test.each<[string, Partial<Requests>, string]>([
    [
      'a refusal',
      { openMeeting: async () => ({ outcome: 'refused', sentence: 'No meetings here.' }) },
      'No meetings here.',
    ],
    [
      'a fault',
      {
        openMeeting: async () => {
          throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'The database is away.' });
        },
      },
      'The database is away. Try again in a few minutes.',
    ],
  ])('says %s while it is open', async (_what, answers, sentence) => {
    const { bot, view } = await opened(answers);
    expect(await submit(bot, view, bot.workspace.general)).toMatchObject({
      ok: false,
      errors: { channel: sentence },
    });
  });

  test('that cannot wait any longer closes, and what was in the way is said in the channel', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<void>();
    const { bot, view } = await opened({
      openMeeting: async () => {
        await slow;
        return { outcome: 'refused', sentence: 'Too late for a meeting.' };
      },
    });
    const submitted = submit(bot, view, bot.workspace.general);
    await bot.passDeadline();
    expect(await submitted).toEqual({ ok: true, closed: true });
    resolve();
    expect((await toldTo(bot, bot.workspace.ana)).text).toBe('Too late for a meeting.');
  });
});

describe('“Join”', () => {
  test('tells in the channel why there is no link', async () => {
    const bot = await begin();
    await click(bot, await postCard(bot), 'join_meeting');
    expect((await toldTo(bot, memberOf(bot, 'ben'))).text).toBe('This meeting has ended.');
  });

  test('reaches somebody who reads the channel without being in it', async () => {
    const bot = await begin('socket', { meetingLink: async () => ({ url: URL_OF_BEN }) });
    const posted = await postCard(bot);
    const ben = memberOf(bot, 'ben');
    await bot.workspace.ask('POST', 'members', { channel: 'general', user: ben, as: 'ben', remove: true });
    await click(bot, posted, 'join_meeting');
    expect(JSON.stringify((await toldTo(bot, ben)).blocks)).toContain(URL_OF_BEN);
  });

  const homeWith = async (answers: Partial<Requests>) => {
    const bot: Awaited<ReturnType<typeof begin>> = await begin('socket', {
      recentConversations: async () =>
        [
          {
            id: 'm1',
            kind: 'meeting',
            channel: { channelId: open!.workspace.general },
            thread: null,
            title: 'Weekly',
            createdAtMs: 1_790_000_000_000,
            startedAtMs: null,
            state: { name: 'open' },
          },
        ] as never,
      ...answers,
    });
    await until(async () => {
      const { view } = await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana');
      return JSON.stringify(view).includes('Weekly');
    });
    const join = { as: 'ana', home: true, action_id: 'join_meeting_from_home' };
    await bot.workspace.ask('POST', 'actions', join);
    return { bot, view: await theView(bot) };
  };

  test('on the App Home shows the link in a dialogue, and its click is answered', async () => {
    const { bot, view } = await homeWith({ meetingLink: async () => ({ url: URL_OF_BEN }) });
    expect(JSON.stringify(view.view)).toContain(URL_OF_BEN);
    expect(bot.of('meetingLink')).toEqual([['m1', bot.workspace.state.team.id, bot.workspace.ana]]);
    expect(
      await bot.workspace.ask('POST', 'actions', { as: 'ana', viewId: view.id, action_id: 'open_address' }),
    ).toEqual({ ok: true });
  });

  test.each<[string, Partial<Requests>, string]>([
    ['there is no link', {}, 'This meeting has ended.'],
    [
      'it could not be had',
      {
        meetingLink: async () => {
          throw new Error('the database is away');
        },
      },
      UNEXPECTED,
    ],
  ])('on the App Home says why when %s', async (_what, answers, sentence) => {
    const { view } = await homeWith(answers);
    expect(JSON.stringify(view.view)).toContain(sentence);
  });

  test('on the App Home says that it takes long', async () => {
    const { promise: requested, resolve } = Promise.withResolvers<void>();
    const opening = homeWith({
      meetingLink: () => {
        resolve();
        return new Promise<never>(() => {});
      },
    });
    await requested;
    await open!.passDeadline();
    const { view } = await opening;
    expect(JSON.stringify(view.view)).toContain('taking longer than usual');
  });
});

test('“End for all” by somebody who is not the host is answered in the channel, to them alone', async () => {
  const sentence = 'Only the host can end the meeting for all.';
  const bot = await begin('socket', { endMeeting: async () => ({ outcome: 'refused', sentence }) });
  const payload = {
    selected_option: { text: { type: 'plain_text', text: 'End for everyone' }, value: 'm1' },
  };
  await click(bot, await postCard(bot), 'end_meeting', { payload });
  const told = await toldTo(bot, memberOf(bot, 'ben'));
  expect(told.text).toBe(sentence);
  expect(told.thread_ts).toBeUndefined();
});

describe('a card', () => {
  const find = (opened: TestBot, key: string) => {
    const { workspaceId, channelId } = opened.thread('0');
    return opened.bot.chat.findCard(workspaceId, channelId, key);
  };

  test('is a message of the channel, found by its key, edited, and the root of a thread', async () => {
    const bot = await begin();
    const { chat } = bot.bot;
    const posted = await postCard(bot);
    const [shown] = await inChannel(bot);
    expect(shown).toMatchObject({ ts: posted.messageId });
    expect(shown!.thread_ts).toBeUndefined();
    expect(shown!.metadata).toEqual({
      event_type: 'parley_message',
      event_payload: {
        kind: 'meeting',
        final: false,
        state: 'waiting',
        conversation: 'm1',
        key: 'card:m1',
      },
    });
    expect(await find(bot, 'card:m1')).toEqual({ channelId: posted.channelId, messageId: posted.messageId });
    expect(await find(bot, 'card:m2')).toBeNull();

    const thread = bot.thread(posted.messageId);
    const live = card({ state: 'live', present: ['Ana'], startedAtMs: 1_790_000_000_000 });
    await chat.edit(thread.workspaceId, posted, live);
    expect((await inChannel(bot))[0]!.text).toContain('In the meeting: Ana.');
    const lines = [{ name: 'Ana', startMs: 42_000, text: 'Good morning.' }];
    const captions = await chat.post(thread, { kind: 'captions', paragraphs: lines }, 'captions:m1:1');
    expect(captions).toMatchObject((await chat.find(thread, 'captions:m1:1'))!);
    const [, said] = await bot.workspace.messages(posted.messageId);
    expect(said).toMatchObject({ ts: captions.messageId, text: 'Ana (0:42): Good morning.' });
    expect(said!.metadata!.event_payload).toMatchObject({ kind: 'captions', final: false });
  });

  test('whose answer got lost is found under what others wrote since, beyond the first page', async () => {
    const bot = await begin();
    await bot.workspace.fail('lost-responses:1');
    await expect(postCard(bot)).rejects.toMatchObject({ code: 'chat-failed', retryable: true });
    for (let n = 0; n < 205; n += 1) await bot.workspace.say(`message ${n}`);
    const found = await find(bot, 'card:m1');
    expect((await inChannel(bot)).find(({ user }) => user === bot.workspace.bot)!.ts).toBe(found!.messageId);
  });

  test('in a channel without Parley is final, and a rate limit that lasts says how long', async () => {
    const bot = await begin();
    await bot.workspace.fail('bot-not-in-channel');
    await expect(postCard(bot)).rejects.toMatchObject({ code: 'not-in-channel', retryable: false });
    await bot.workspace.fail('rate-limit-posts');
    await expect(postCard(bot)).rejects.toMatchObject({ code: 'chat-failed', retryAfterMs: 1_000 });
  });

  test('and captions wait out a short rate limit instead of being dropped like progress', async () => {
    const bot = await begin();
    const posted = await postCard(bot);
    const thread = bot.thread(posted.messageId);
    const captionsOf = (text: string) =>
      ({ kind: 'captions', paragraphs: [{ name: 'Ana', startMs: 0, text }] }) as const;
    const captions = await bot.bot.chat.post(thread, captionsOf('One.'), 'captions:m1:1');
    await bot.workspace.fail('rate-limit-posts:1');
    await bot.bot.chat.edit(thread.workspaceId, captions, captionsOf('One. Two.'));
    expect((await bot.workspace.messages(posted.messageId))[1]!.text).toContain('One. Two.');
    await bot.workspace.fail('rate-limit-posts');
    await expect(
      bot.bot.chat.edit(thread.workspaceId, captions, captionsOf('One. Two. Three.')),
    ).rejects.toMatchObject({ code: 'chat-failed', retryable: true, retryAfterMs: 1_000 });
    await expect(bot.bot.chat.edit(thread.workspaceId, posted, card())).rejects.toMatchObject({
      retryAfterMs: 1_000,
    });
  });
});

test('a whisper reaches one person in a channel as in a thread', async () => {
  const bot = await begin();
  const { workspaceId, channelId } = bot.thread('0');
  await bot.bot.chat.postEphemeral(
    { workspaceId, channelId },
    bot.workspace.ana as never,
    'The card could not be posted.',
  );
  const told = await toldTo(bot, bot.workspace.ana);
  expect(told).toMatchObject({ text: 'The card could not be posted.' });
  expect(told.thread_ts).toBeUndefined();
});
