import { afterEach, describe, expect, test } from 'vitest';
import type { OpenView, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { systemClock } from '../../src/clock.ts';
import { AppError } from '../../src/core/error.ts';
import type { CallPlan, Requests } from '../../src/core/ports.ts';
import type { CallCardMessage } from '../../src/core/thread-message.ts';
import { until } from '../support/until.ts';
import { type Mode, openBot, recordRequests, type TestBot } from './support/bot.ts';

const MODES: Mode[] = ['socket', 'http'];
let open: TestBot | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const begin = async (
  mode: Mode = 'socket',
  answers: Partial<Requests> = {},
  options: Parameters<typeof openBot>[1] = {},
) => {
  const recorded = recordRequests(answers);
  open = await openBot(mode, options);
  await open.start(recorded.requests);
  return { ...open, ...recorded };
};

const inChannel = async ({ workspace }: TestBot, channel = 'general'): Promise<StoredMessage[]> =>
  (await workspace.ask<{ messages: StoredMessage[] }>('GET', `messages?channel=${channel}`)).messages;
const command = ({ workspace }: TestBot, text: string, channel = 'general') =>
  workspace.ask('POST', 'commands', { channel, as: 'ana', text });
const memberOf = ({ workspace }: TestBot, name: string): string =>
  workspace.state.people.find((person) => person.name === name)!.id;
/** What Ana alone sees in the channel, once it says this. */
const told = (bot: TestBot, what: string, channel?: string): Promise<StoredMessage> =>
  until(async () =>
    (await inChannel(bot, channel)).find(
      ({ ephemeral_to, text }) => ephemeral_to === bot.workspace.ana && text.includes(what),
    ),
  );
const press = ({ workspace }: TestBot, { ts }: StoredMessage, action_id: string) =>
  workspace.ask('POST', 'actions', { as: 'ana', message: { channel: 'general', ts }, action_id });
const theView = ({ workspace }: TestBot): Promise<OpenView> =>
  until(async () => (await workspace.ask<{ views: OpenView[] }>('GET', 'views?as=ana')).views[0]);

const PLAN: CallPlan = {
  number: '+442079460000' as never,
  formatted: '+44 20 7946 0000',
  country: 'United Kingdom',
  memberId: null,
  title: 'the invoice',
  callerId: '+44 20 7946 0999',
  ownNumber: null,
};
const planCall = async () => PLAN;
const URL_OF_ANA = 'https://parley.example.com/meet?token=anas.own.link';
const meetingLink = async () => ({ url: URL_OF_ANA });

describe.each(MODES)('over %s', (mode) => {
  test('/parley call shows its author who would be called, and calls no one', async () => {
    const bot = await begin(mode, { planCall });
    expect(await command(bot, '/parley call +44 20 7946 0000 the R&D <invoice>')).toEqual({ ok: true });
    await told(bot, 'Call +44 20 7946 0000?');
    expect(bot.of('planCall')).toEqual([
      [
        {
          workspaceId: bot.workspace.state.team.id,
          channelId: bot.workspace.general,
          by: bot.workspace.ana,
          to: null,
          text: '+44 20 7946 0000 the R&D <invoice>',
        },
      ],
    ]);
    expect(bot.of('placeCall')).toEqual([]);
    const forAll = (await inChannel(bot)).filter(({ ephemeral_to }) => ephemeral_to === undefined);
    expect(forAll).toEqual([]);
    expect(bot.log.join('\n')).not.toMatch(/7946|invoice/);
  });

  test('“Call” places the call, and turns the confirmation into the caller’s own link', async () => {
    const bot = await begin(mode, { planCall, meetingLink });
    await command(bot, '/parley call +44 20 7946 0000 the invoice');
    const asked = await told(bot, 'Call +44 20 7946 0000?');
    expect(await press(bot, asked, 'place_call')).toEqual({ ok: true });
    const calling = await told(bot, 'Calling +44 20 7946 0000');
    expect(calling.ts).toBe(asked.ts);
    expect(JSON.stringify(calling.blocks)).toContain(`"url":"${URL_OF_ANA}"`);
    expect(JSON.stringify(calling.blocks)).not.toContain('place_call');
    expect(bot.of('placeCall')).toEqual([
      [
        {
          workspaceId: bot.workspace.state.team.id,
          channelId: bot.workspace.general,
          by: bot.workspace.ana,
          number: '+442079460000',
          memberId: null,
          title: 'the invoice',
          from: 'browser',
          origin: expect.stringMatching(/^command:./),
        },
      ],
    ]);
    expect(bot.of('meetingLink')).toEqual([['call-1', bot.workspace.state.team.id, bot.workspace.ana]]);
    expect(bot.log.join('\n')).not.toMatch(/7946|invoice|token/);
  });

  test('“Press ext.” on the card asks for it in the name of who pressed it', async () => {
    const bot = await begin(mode);
    const posted = await postCard(bot, ANSWERED_CARD);
    await bot.workspace.ask('POST', 'actions', {
      as: 'ben',
      message: { channel: 'general', ts: posted.messageId },
      action_id: 'press_extension',
    });
    await until(() => bot.of('pressExtension').length === 1);
    expect(bot.of('pressExtension')[0]).toEqual([
      'call-1',
      bot.workspace.state.team.id,
      memberOf(bot, 'ben'),
    ]);
  });

  test('“Hang up” on the card asks for it in the name of who pressed it', async () => {
    const bot = await begin(mode);
    const posted = await postCard(bot);
    await bot.workspace.ask('POST', 'actions', {
      as: 'ben',
      message: { channel: 'general', ts: posted.messageId },
      action_id: 'hang_up',
    });
    await until(() => bot.of('hangUp').length === 1);
    expect(bot.of('hangUp')).toEqual([['call-1', bot.workspace.state.team.id, memberOf(bot, 'ben')]]);
  });
});

describe('/parley call', () => {
  test('with a teammate looks up their phone', async () => {
    const bot = await begin('socket', { planCall: async () => ({ ...PLAN, memberId: 'U0BEN' as never }) });
    await command(bot, '/parley call @Ben Whitfield Q3 & more');
    await told(bot, 'Call <@U0BEN> (+44 20 7946 0000)?');
    expect(bot.of('planCall')[0]![0]).toMatchObject({ to: memberOf(bot, 'ben'), text: 'Q3 & more' });
  });

  test('with a name that Slack did not recognise says to pick one from the list', async () => {
    const bot = await begin('socket', { planCall });
    await command(bot, '/parley call @nobody the invoice');
    expect((await told(bot, '@nobody')).text).toContain('pick a person from the list');
    expect(bot.asked).toEqual([]);
  });

  test.each(['/parley call', '/parley call help'])('as %s explains itself with examples', async (typed) => {
    const bot = await begin();
    await command(bot, typed);
    await told(bot, '/parley call +44 20 7946 0000 about the invoice');
    expect(bot.of('planCall')).toEqual([]);
  });

  test('with Parley itself says that an app has no phone, and what to do instead', async () => {
    const bot = await begin('socket', { planCall });
    await command(bot, '/parley call @Parley the invoice');
    const { text } = await told(bot, 'Parley is an app');
    expect(text).toMatch(/Pick a teammate or enter a phone number, e\.g\. \+44 20 7946 0000/);
    expect(bot.of('planCall')).toEqual([]);
  });

  test('with what must not be called says why', async () => {
    const bot = await begin('socket', {
      planCall: async () => ({ refused: 'Emergency numbers are <not> called.' }),
    });
    await command(bot, '/parley call 112');
    await told(bot, 'Emergency numbers are &lt;not&gt; called.');
  });

  test('where Parley is not a member says how to invite it, before anything else', async () => {
    const bot = await begin('socket', { planCall });
    await command(bot, '/parley call +44 20 7946 0000', 'quiet');
    expect((await told(bot, '/invite @Parley', 'quiet')).text).toContain('then try again');
    expect(bot.of('planCall')).toEqual([]);
  });

  test('as a command of its own does the same, and its help uses that name', async () => {
    const commands = [{ command: '/call', description: '', usageHint: '', shouldEscape: true }];
    const bot = await begin('socket', { planCall }, { app: { commands } });
    await command(bot, '/call help');
    await told(bot, '/call @teammate');
    await command(bot, '/call +44 20 7946 0000');
    expect((await told(bot, 'Call +44 20 7946 0000?')).text).toContain('“/call my number +44…”');
  });
});

describe('the confirmation', () => {
  const confirming = async (answers: Partial<Requests> = {}) => {
    const bot = await begin('socket', { planCall, meetingLink, ...answers });
    await command(bot, '/parley call +44 20 7946 0000');
    return { bot, asked: await told(bot, 'Call +44 20 7946 0000?') };
  };

  test('pressed twice is one call, and two confirmations are two', async () => {
    const { promise: bothPressed, resolve } = Promise.withResolvers<void>();
    const { bot, asked } = await confirming({
      placeCall: async () => {
        await bothPressed;
        return { conversationId: 'call-1' as never };
      },
    });
    await press(bot, asked, 'place_call');
    await press(bot, asked, 'place_call');
    await until(() => bot.of('placeCall').length === 2);
    resolve();
    await told(bot, 'Join now');
    await command(bot, '/parley call +44 20 7946 0000');
    await press(bot, await told(bot, 'Call +44 20 7946 0000?'), 'place_call');
    await until(() => bot.of('placeCall').length === 3);
    const origins = bot.of('placeCall').map(([{ origin }]) => origin);
    expect(origins[1]).toBe(origins[0]);
    expect(origins[2]).not.toBe(origins[0]);
  });

  test('shows that a link follows, and shows it once the call can be joined', async () => {
    const { promise: link, resolve } = Promise.withResolvers<{ url: string }>();
    const { bot, asked } = await confirming({ meetingLink: () => link });
    await press(bot, asked, 'place_call');
    await bot.passDeadline();
    expect((await told(bot, 'Getting your join link')).ts).toBe(asked.ts);
    resolve({ url: URL_OF_ANA });
    expect((await told(bot, 'Join now')).ts).toBe(asked.ts);
  });

  test('“Use my phone” calls the caller’s own phone first', async () => {
    const { bot, asked } = await confirming({
      planCall: async () => ({ ...PLAN, ownNumber: '+44 20 7946 0101' }),
    });
    await press(bot, asked, 'place_call_from_own_phone');
    expect((await told(bot, 'Calling your phone')).ts).toBe(asked.ts);
    expect(bot.of('placeCall')[0]![0]).toMatchObject({ from: 'own-phone', number: '+442079460000' });
    expect(bot.of('meetingLink')).toEqual([]);
  });

  test('“Cancel” removes it, and calls no one', async () => {
    const { bot, asked } = await confirming();
    await press(bot, asked, 'cancel_call');
    await until(async () => (await inChannel(bot)).length === 0);
    expect(bot.of('placeCall')).toEqual([]);
  });

  test('gives way to why it could not be done by then', async () => {
    const { bot, asked } = await confirming({
      placeCall: async () => ({ refused: 'Too many calls today.' }),
    });
    await press(bot, asked, 'place_call');
    const refused = await told(bot, 'Too many calls today.');
    expect(refused.ts).toBe(asked.ts);
    expect(JSON.stringify(refused.blocks ?? [])).not.toContain('place_call');
  });

  test('stays after a fault, so that the same call can be asked for again', async () => {
    let attempts = 0;
    const { bot, asked } = await confirming({
      placeCall: async () => {
        attempts += 1;
        if (attempts > 1) return { conversationId: 'call-1' as never };
        throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'The database is away.' });
      },
    });
    await press(bot, asked, 'place_call');
    await told(bot, 'The database is away.');
    await press(bot, asked, 'place_call');
    expect((await told(bot, 'Join now')).ts).toBe(asked.ts);
    const [first, second] = bot.of('placeCall').map(([{ origin }]) => origin);
    expect(second).toBe(first);
  });
});

describe('a confirmation that is pressed late', () => {
  const HOUR_MS = 3_600_000;
  /** The machine's clock, whose time of day a test can advance. */
  const slackClock = () => {
    let skippedMs = 0;
    return {
      ...systemClock,
      nowMs: () => Date.now() + skippedMs,
      skip: (ms: number) => {
        skippedMs += ms;
      },
    };
  };

  test('is the call that it shows, judged by then, and leads in as ever', async () => {
    const clock = slackClock();
    const bot = await begin('socket', { planCall, meetingLink }, { clock });
    await command(bot, '/parley call +44 20 7946 0000');
    const asked = await told(bot, 'Call +44 20 7946 0000?');
    clock.skip(5 * HOUR_MS);
    await press(bot, asked, 'place_call');
    expect((await told(bot, 'Join now')).ts).toBe(asked.ts);
    expect(bot.of('placeCall')).toHaveLength(1);
  });

  test.each<[string, Partial<Requests>, string]>([
    ['the way in', { meetingLink }, 'Join now'],
    [
      'why not',
      { placeCall: async () => ({ refused: 'Too many <calls> today.' }) },
      'Too many &lt;calls&gt;',
    ],
  ])('and can be answered no longer still tells %s', async (_what, answers, said) => {
    const clock = slackClock();
    const { placeCall = async () => ({ conversationId: 'call-1' as never }) } = answers;
    const bot = await begin(
      'socket',
      {
        planCall,
        ...answers,
        placeCall: (request) => {
          // By then Slack takes no answer to the click any more.
          clock.skip(HOUR_MS);
          return placeCall(request);
        },
      },
      { clock },
    );
    await command(bot, '/parley call +44 20 7946 0000');
    const asked = await told(bot, 'Call +44 20 7946 0000?');
    await press(bot, asked, 'place_call');
    expect((await told(bot, said)).ts).not.toBe(asked.ts);
  });
});

/** What the dialogue about a call is filled in with. */
const fillIn = (
  { workspace }: TestBot,
  { id }: OpenView,
  {
    number = null,
    teammate = null,
    about = null,
    channel = workspace.general,
  }: { number?: string | null; teammate?: string | null; about?: string | null; channel?: string },
) =>
  workspace.ask('POST', 'views', {
    as: 'ana',
    viewId: id,
    values: {
      number: { number: { type: 'plain_text_input', value: number } },
      teammate: { teammate: { type: 'users_select', selected_user: teammate } },
      about: { about: { type: 'plain_text_input', value: about } },
      channel: { channel: { type: 'conversations_select', selected_conversation: channel } },
    },
  });
const home = ({ workspace }: TestBot) =>
  until(async () => (await workspace.ask<{ view: object | null }>('GET', 'home?as=ana')).view);
const clickHome = async (bot: TestBot) => {
  await home(bot);
  await bot.workspace.ask('POST', 'actions', { as: 'ana', home: true, action_id: 'start_call' });
  return theView(bot);
};
const clickView = ({ workspace }: TestBot, { id }: OpenView, action_id: string) =>
  workspace.ask('POST', 'actions', { as: 'ana', viewId: id, action_id });
/** The dialogue that Ana has open, once it says this. */
const shows = (bot: TestBot, what: string): Promise<OpenView> =>
  until(
    async () =>
      (await bot.workspace.ask<{ views: OpenView[] }>('GET', 'views?as=ana')).views.find(({ view }) =>
        JSON.stringify(view).includes(what),
      ),
    { what: `a dialogue with “${what}”` },
  );

describe('“Start a call”', () => {
  test.each(MODES)(
    'over %s on the home leads to the confirmation that `/parley call` shows, and to the call',
    async (mode) => {
      const bot = await begin(mode, { planCall, meetingLink });
      const view = await clickHome(bot);
      const submitted = await fillIn(bot, view, { number: '020 7946 0000', about: 'the R&D <invoice>' });
      expect(submitted).toEqual({ ok: true, closed: false });
      expect(bot.of('planCall')).toEqual([
        [
          {
            workspaceId: bot.workspace.state.team.id,
            channelId: bot.workspace.general,
            by: bot.workspace.ana,
            to: null,
            text: '020 7946 0000',
          },
        ],
      ]);
      const asked = await shows(bot, 'United Kingdom');
      const said = JSON.stringify(asked.view);
      for (const part of [
        '+44 20 7946 0000',
        '+44 20 7946 0999',
        'the R&D <invoice>',
        bot.workspace.general,
      ]) {
        expect(said).toContain(part);
      }
      expect(bot.of('placeCall')).toEqual([]);

      expect(await clickView(bot, asked, 'place_call')).toEqual({ ok: true });
      const calling = await shows(bot, 'Join now');
      expect(calling.id).toBe(asked.id);
      expect(JSON.stringify(calling.view)).toContain(`"url":"${URL_OF_ANA}"`);
      expect(JSON.stringify(calling.view)).not.toContain('place_call');
      expect(bot.of('placeCall')).toEqual([
        [
          {
            workspaceId: bot.workspace.state.team.id,
            channelId: bot.workspace.general,
            by: bot.workspace.ana,
            number: '+442079460000',
            memberId: null,
            title: 'the R&D <invoice>',
            from: 'browser',
            origin: `view:${view.id}`,
          },
        ],
      ]);
      expect(await inChannel(bot)).toEqual([]);
      expect(bot.log.join('\n')).not.toMatch(/7946|invoice|token/);
    },
  );

  test('among the shortcuts opens the same dialog, also for a teammate', async () => {
    const memberId = 'U0BEN' as never;
    const bot = await begin('socket', {
      planCall: async () => ({ ...PLAN, memberId, title: '', ownNumber: '+44 20 7946 0101' }),
    });
    await bot.workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id: 'start_call' });
    const view = await theView(bot);
    await fillIn(bot, view, { teammate: memberOf(bot, 'ben') });
    expect(bot.of('planCall')[0]![0]).toMatchObject({ to: memberOf(bot, 'ben'), text: '' });
    await clickView(bot, await shows(bot, 'United Kingdom'), 'place_call_from_own_phone');
    await shows(bot, 'Calling your phone');
    expect(bot.of('placeCall')[0]![0]).toMatchObject({ from: 'own-phone', memberId, title: '' });
  });

  test('is not on the home of who can call nobody, and the shortcut says why', async () => {
    const sentence = 'Only some people may call.';
    const bot = await begin('socket', { callUnavailableReason: async () => sentence });
    expect(JSON.stringify(await home(bot))).not.toContain('start_call');
    await bot.workspace.ask('POST', 'shortcuts', { as: 'ana', callback_id: 'start_call' });
    expect(JSON.stringify((await theView(bot)).view)).toContain(sentence);
  });

  test('says why it can be asked for no longer, when that came about since the home was drawn', async () => {
    let asked = 0;
    const bot = await begin('socket', {
      callUnavailableReason: async () => {
        asked += 1;
        return asked === 1 ? null : 'Only some people may call.';
      },
    });
    expect(JSON.stringify((await clickHome(bot)).view)).toContain('Only some people may call.');
  });

  test('says at each field what is in the way, and calls for nothing', async () => {
    const bot = await begin('socket', {
      planCall: async () => ({ refused: 'Emergency numbers are not called.' }),
    });
    const view = await clickHome(bot);
    const number = '112';
    const ben = memberOf(bot, 'ben');
    const emergency = 'Emergency numbers are not called.';
    for (const [filled, field, said] of [
      [{}, 'number', 'Enter a phone number or pick a teammate'],
      [{ number, teammate: ben }, 'teammate', 'not both'],
      [{ number, channel: bot.workspace.quiet }, 'channel', '/invite @Parley'],
      [{ number }, 'number', emergency],
      [{ teammate: ben }, 'teammate', emergency],
    ] as const) {
      expect(await fillIn(bot, view, filled)).toEqual({
        ok: false,
        errors: { [field]: expect.stringContaining(said) },
      });
    }
    expect(bot.of('planCall')).toHaveLength(2);
    expect(bot.of('placeCall')).toEqual([]);
  });

  test.each<[string, CallPlan | { refused: string }, string]>([
    ['who would be called', PLAN, 'United Kingdom'],
    ['why not', { refused: 'Their number is a pager.' }, 'Their number is a pager.'],
  ])('that takes too long says so, and then shows %s', async (_what, answer, said) => {
    const { promise: slow, resolve } = Promise.withResolvers<typeof answer>();
    const bot = await begin('socket', { planCall: () => slow });
    const view = await clickHome(bot);
    const filled = fillIn(bot, view, { number: '020 7946 0000' });
    await bot.passDeadline();
    expect(await filled).toEqual({ ok: true, closed: false });
    await shows(bot, 'Looking up');
    resolve(answer);
    expect((await shows(bot, said)).id).toBe(view.id);
  });

  const confirmed = async (answers: Partial<Requests>) => {
    const bot = await begin('socket', { planCall, meetingLink, ...answers });
    await fillIn(bot, await clickHome(bot), { number: '020 7946 0000' });
    return { bot, asked: await shows(bot, 'United Kingdom') };
  };

  test('gives way to why it could not be done by then', async () => {
    const { bot, asked } = await confirmed({ placeCall: async () => ({ refused: 'Too many calls today.' }) });
    await clickView(bot, asked, 'place_call');
    expect(JSON.stringify((await shows(bot, 'Too many calls today.')).view)).not.toContain('place_call');
  });

  test('offers the same call again after a fault', async () => {
    let attempts = 0;
    const { bot, asked } = await confirmed({
      placeCall: async () => {
        attempts += 1;
        if (attempts > 1) return { conversationId: 'call-1' as never };
        throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'The database is away.' });
      },
    });
    await clickView(bot, asked, 'place_call');
    await clickView(bot, await shows(bot, 'The database is away.'), 'place_call');
    await shows(bot, 'Join now');
    const [first, second] = bot.of('placeCall').map(([request]) => request);
    expect(second).toEqual(first);
  });

  test('whose dialogue is closed meanwhile leads in by the channel', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const { bot, asked } = await confirmed({
      placeCall: async () => {
        await closed;
        return { conversationId: 'call-1' as never };
      },
    });
    await clickView(bot, asked, 'place_call');
    await bot.workspace.ask('POST', 'views', { as: 'ana', viewId: asked.id, values: {}, cancel: true });
    resolve();
    expect(JSON.stringify((await told(bot, 'Join now')).blocks)).toContain(URL_OF_ANA);
  });
});

describe('one’s own number', () => {
  test.each<[string, string | null, string]>([
    ['that is known', '+44 20 7946 0101', 'Your number is +44 20 7946 0101.'],
    ['that is not known', null, 'You haven’t saved a number'],
  ])('%s is told to whom it belongs', async (_what, number, said) => {
    const bot = await begin('socket', { ownNumber: async () => number });
    await command(bot, '/parley call my number');
    await told(bot, said);
  });

  test('is saved and removed by a command, and the home shows it', async () => {
    let number: string | null = null;
    const bot = await begin('socket', {
      ownNumber: async () => number,
      saveOwnNumber: async (_workspaceId, _by, text) => {
        number = text || null;
        return { formatted: number };
      },
    });
    const home = async () => JSON.stringify(await bot.workspace.ask('GET', 'home?as=ana'));
    await command(bot, '/parley call my number +44 20 7946 0101');
    await told(bot, 'Saved. Your number is +44 20 7946 0101.');
    await until(async () => (await home()).includes('+44 20 7946 0101'));
    await command(bot, '/parley call my number forget');
    await told(bot, 'Your number was removed.');
    await until(async () => !(await home()).includes('+44 20 7946 0101'));
    expect(bot.of('saveOwnNumber')).toEqual([
      [bot.workspace.state.team.id, bot.workspace.ana, '+44 20 7946 0101'],
      [bot.workspace.state.team.id, bot.workspace.ana, ''],
    ]);
    expect(bot.log.join('\n')).not.toContain('7946');
  });

  const dialogue = async (answers: Partial<Requests>) => {
    const bot = await begin('socket', answers);
    await until(async () => (await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana')).view);
    await bot.workspace.ask('POST', 'actions', { as: 'ana', home: true, action_id: 'change_own_number' });
    const view = await theView(bot);
    const submit = (value: string | null) =>
      bot.workspace.ask('POST', 'views', {
        as: 'ana',
        viewId: view.id,
        values: { number: { number: { type: 'plain_text_input', value } } },
      });
    return { bot, view, submit };
  };

  test('is changed from the home; what is not understood is said at the field', async () => {
    const { bot, view, submit } = await dialogue({
      ownNumber: async () => '+44 20 7946 0101',
      saveOwnNumber: async (_workspaceId, _by, text) =>
        text === '12' ? { refused: 'That is not a whole number.' } : { formatted: text },
    });
    expect(JSON.stringify(view.view)).toContain('"initial_value":"+44 20 7946 0101"');
    expect(await submit('12')).toMatchObject({
      ok: false,
      errors: { number: 'That is not a whole number.' },
    });
    expect(await submit('+44 20 7946 0102')).toEqual({ ok: true, closed: true });
    expect(bot.of('saveOwnNumber').map(([, , text]) => text)).toEqual(['12', '+44 20 7946 0102']);
  });

  test('that takes too long to save says so, instead of looking saved', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<{ formatted: string | null }>();
    const { bot, submit } = await dialogue({ saveOwnNumber: () => slow });
    const submitted = submit('+44 20 7946 0102');
    await bot.passDeadline();
    expect(await submitted).toEqual({ ok: true, closed: false });
    await until(async () => JSON.stringify((await theView(bot)).view).includes('Still saving'));
    resolve({ formatted: null });
  });

  test('that could not be asked for is answered in a dialogue', async () => {
    let asked = 0;
    const { view } = await dialogue({
      ownNumber: async () => {
        asked += 1;
        // The home itself asks first.
        if (asked === 1) return null;
        throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'The database is away.' });
      },
    });
    expect(JSON.stringify(view.view)).toContain('The database is away.');
  });
});

describe('call settings', () => {
  const settings = { notice: 'This call is recorded.', callers: null, recordings: 'delete' } as const;
  const submit = ({ workspace }: TestBot, { id }: OpenView, who: string, callers: string[]) =>
    workspace.ask('POST', 'views', {
      as: 'ana',
      viewId: id,
      values: {
        notice: { notice: { type: 'plain_text_input', value: '{caller} calls. It is recorded.' } },
        who_can_call: { who_can_call: { type: 'radio_buttons', selected_option: { value: who } } },
        callers: { callers: { type: 'multi_users_select', selected_users: callers } },
        recordings: { recordings: { type: 'radio_buttons', selected_option: { value: 'keep' } } },
      },
    });

  test('open by the command, and what is filled in is saved in the name of who did', async () => {
    const bot = await begin('socket', { callSettings: async () => settings });
    await command(bot, '/parley call settings');
    const view = await theView(bot);
    expect(JSON.stringify(view.view)).toContain(settings.notice);
    expect(await submit(bot, view, 'selected', [])).toMatchObject({
      ok: false,
      errors: { callers: expect.stringContaining('Select at least one person') },
    });
    expect(bot.of('saveCallSettings')).toEqual([]);
    const ben = memberOf(bot, 'ben');
    expect(await submit(bot, view, 'selected', [ben])).toEqual({ ok: true, closed: true });
    expect(bot.of('saveCallSettings')).toEqual([
      [
        bot.workspace.state.team.id,
        bot.workspace.ana,
        { notice: '{caller} calls. It is recorded.', callers: [ben], recordings: 'keep' },
      ],
    ]);
  });

  test('open from the home of who may decide, and a refusal keeps what was filled in', async () => {
    const sentence = 'Only admins decide about calls.';
    const bot = await begin('socket', {
      callSettings: async () => settings,
      saveCallSettings: async () => ({ outcome: 'refused', sentence }),
    });
    await until(async () => (await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana')).view);
    await bot.workspace.ask('POST', 'actions', { as: 'ana', home: true, action_id: 'call_settings' });
    expect(await submit(bot, await theView(bot), 'everyone', [])).toMatchObject({
      ok: false,
      errors: { notice: sentence },
    });
  });

  test('are not for everybody: the command says so, and the home has no button', async () => {
    const bot = await begin();
    await command(bot, '/parley call settings');
    await told(bot, 'Only admins decide about calls.');
    const view = await until(
      async () => (await bot.workspace.ask<{ view: object | null }>('GET', 'home?as=ana')).view,
    );
    expect(JSON.stringify(view)).toContain('change_own_number');
    expect(JSON.stringify(view)).not.toContain('call_settings');
  });
});

const CARD: CallCardMessage = {
  kind: 'call-card',
  capture: null,
  conversationId: 'call-1' as never,
  title: 'The invoice',
  startedBy: 'U0ANA' as never,
  ended: false,
  phones: [{ name: 'Ben', extension: '123', state: { name: 'ringing' } }],
  present: [],
  unavailable: null,
  remarks: [],
};
const postCard = (bot: TestBot, card: CallCardMessage = CARD) => {
  const { workspaceId, channelId } = bot.thread('0');
  return bot.bot.chat.postCard(workspaceId, channelId, card, 'card:call-1');
};
const ANSWERED_CARD: CallCardMessage = {
  ...CARD,
  phones: [{ name: 'Ben', extension: '123', state: { name: 'answered', by: 'person', sinceMs: 0 } }],
};

test('the card is a message of the channel that machines can read, and it is edited as the call goes on', async () => {
  const bot = await begin();
  const { chat } = bot.bot;
  const posted = await postCard(bot);
  const [shown] = await inChannel(bot);
  expect(shown!.metadata!.event_payload).toEqual({
    kind: 'call',
    final: false,
    state: 'live',
    conversation: 'call-1',
    key: 'card:call-1',
  });
  const thread = bot.thread(posted.messageId);
  await chat.edit(thread.workspaceId, posted, { ...CARD, ended: true });
  const [over] = await inChannel(bot);
  expect(over!.text).toContain('Ended. No one talked.');
  expect(over!.metadata!.event_payload).toMatchObject({ kind: 'call', state: 'ended' });
  await chat.post(
    thread,
    { kind: 'remark', sentence: 'The other side declined to be recorded.' },
    'remark:1',
  );
  const [, said] = await bot.workspace.messages(posted.messageId);
  expect(said).toMatchObject({ text: 'The other side declined to be recorded.' });
  expect(said!.metadata!.event_payload).toEqual({ kind: 'remark', final: false, key: 'remark:1' });
});

describe('a member', () => {
  const ask = async (scopes?: string[]) => {
    const bot = await begin();
    if (scopes !== undefined) await bot.workspace.ask('PUT', 'app', { scopes });
    const workspaceId = bot.workspace.state.team.id as never;
    return {
      phoneOf: (name: string) => bot.bot.chat.memberPhone(workspaceId, memberOf(bot, name) as never),
      isAdmin: (name: string, of = workspaceId) => bot.bot.chat.isAdmin(of, memberOf(bot, name) as never),
      log: bot.log,
    };
  };

  test('has the phone number of their profile, or none', async () => {
    const { phoneOf, log } = await ask();
    expect(await phoneOf('ben')).toBe('+44 20 7946 0102');
    expect(await phoneOf('ana')).toBeNull();
    expect(log.join('\n')).not.toContain('7946');
  });

  test('has none when Slack does not say', async () => {
    const { phoneOf } = await ask(['chat:write', 'users:read']);
    expect(await phoneOf('ben')).toBeNull();
  });

  test('decides as an admin of this workspace, and of no other', async () => {
    const { isAdmin } = await ask();
    expect(await isAdmin('ana')).toBe(true);
    expect(await isAdmin('ben')).toBe(false);
    expect(await isAdmin('ana', 'T0OTHER' as never)).toBe(false);
  });

  test('is not taken for an admin when Slack does not say', async () => {
    const { isAdmin } = await ask(['chat:write']);
    await expect(isAdmin('ana')).rejects.toBeInstanceOf(AppError);
  });
});
