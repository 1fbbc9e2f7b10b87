import { afterEach, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import type { Commands } from '../../src/bot/commands.ts';
import type { Requests } from '../../src/core/ports.ts';
import { shownText } from '../e2e/support/workspace.ts';
import { until } from '../support/until.ts';
import { openBot, recordRequests, type TestBot } from './support/bot.ts';

let open: TestBot | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const offered = (command: string) => ({ command, description: '', usageHint: '', shouldEscape: true });

/** A workspace whose app has all commands, told what `commands` says of them. */
const begin = async (commands: Commands, answers: Partial<Requests> = {}) => {
  const recorded = recordRequests(answers);
  const all = [commands.main, '/call', '/meet', '/transcribe'].map(offered);
  open = await openBot('socket', { app: { commands: all } }, {}, commands);
  await open.start(recorded.requests);
  return { ...open, ...recorded };
};

const type = ({ workspace }: TestBot, text: string) =>
  workspace.ask('POST', 'commands', { channel: 'general', as: 'ana', text });

/** What the command's author alone was told. */
const told = ({ workspace }: TestBot): Promise<string> =>
  until(async () => {
    const { messages } = await workspace.ask<{ messages: StoredMessage[] }>(
      'GET',
      'messages?channel=general',
    );
    const own = messages.findLast(({ ephemeral_to }) => ephemeral_to === workspace.ana);
    return own === undefined ? null : shownText(own);
  });

const LONG: Commands = { main: '/parley', short: [] };
const SHORT: Commands = { main: '/parley', short: ['call', 'meet'] };

describe('/parley', () => {
  test.each(['/parley', '/parley help', '/parley HELP '])(
    'as %s explains everything by itself',
    async (typed) => {
      const bot = await begin(SHORT);
      await type(bot, typed);
      const help = await told(bot);
      for (const line of ['call number', 'meet topic', 'transcribe link', 'settings']) {
        expect(help).toContain(`/parley ${line}`);
      }
    },
  );

  test('with a word it does not know says so, and what it knows', async () => {
    const bot = await begin(LONG);
    await type(bot, '/parley constructor <!channel>');
    const help = await told(bot);
    expect(help).toContain('“/parley constructor” isn’t something Parley can do.');
    expect(help).toContain('/parley call number');
    expect(bot.asked).toEqual([]);
  });

  test('calls, meets and transcribes, whatever the case of its first word', async () => {
    const bot = await begin(LONG);
    await type(bot, '/parley Meet the  R&D budget with @ben');
    await type(bot, '/parley  transcribe https://example.com/a.mp3?x=1&y=2');
    await type(bot, '/parley CALL +44 20 7946 0000 about the invoice');
    expect(bot.of('openMeeting')[0]![0].title).toBe('the R&D budget with @ben');
    expect(bot.of('transcribeLink')[0]![0].url).toBe('https://example.com/a.mp3?x=1&y=2');
    const [planned] = await until(() => bot.of('planCall')[0]);
    expect(planned).toMatchObject({ to: null, text: '+44 20 7946 0000 about the invoice' });
  });

  test('settings opens the call settings', async () => {
    const callSettings = async () => ({ notice: 'Recorded.', callers: [], recordings: 'keep' as const });
    const bot = await begin(LONG, { callSettings } as Partial<Requests>);
    await type(bot, '/parley settings');
    const { views } = await bot.workspace.ask<{ views: object[] }>('GET', 'views?as=ana');
    expect(JSON.stringify(views)).toContain('Recorded.');
  });

  test('under another name answers by that name', async () => {
    const bot = await begin({ main: '/parley-test', short: [] });
    await type(bot, '/parley-test transcribe nonsense');
    expect(await told(bot)).toContain('Type /parley-test transcribe and a full link');
  });
});

test('a short command answers by its own name', async () => {
  const bot = await begin(LONG);
  await type(bot, '/transcribe nonsense');
  expect(await told(bot)).toContain('Type /transcribe and a full link');
});

test.each([
  ['a workspace with one command', LONG, ['/parley call @', '/parley meet topic', '/parley transcribe link']],
  ['a workspace with short ones', SHORT, ['/call @', '/meet topic', '/parley transcribe link']],
])('the home of %s names what its members can type', async (_which, commands, named) => {
  const { workspace } = await begin(commands);
  await workspace.ask('GET', 'home?as=ana');
  const home = await until(async () => {
    const { view } = await workspace.ask<{ view: object | null }>('GET', 'home?as=ana');
    return view === null ? null : JSON.stringify(view);
  });
  for (const command of named) expect(home).toContain(`"${command}`);
});
