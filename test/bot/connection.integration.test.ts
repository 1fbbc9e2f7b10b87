import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { toSlackRefusal } from '../../src/bot/api/errors.ts';
import { systemClock } from '../../src/clock.ts';
import { until } from '../support/until.ts';
import { openBot, recordRequests, type TestBot } from './support/bot.ts';

let open: TestBot[] = [];
afterEach(async () => {
  await Promise.all(open.map((bot) => bot.close()));
  open = [];
});
const begin = async (...args: Parameters<typeof openBot>) => {
  const bot = await openBot(...args);
  open.push(bot);
  return bot;
};
const postFile = async ({ workspace }: TestBot) => {
  const file = await workspace.upload('weekly.mp3', new Uint8Array([1]));
  return workspace.say('', { files: [file.id] });
};

describe('over Socket Mode', () => {
  test.each(['refresh', 'drop'])('the connection comes back after a %s, and events go on', async (how) => {
    const bot = await begin('socket');
    const { requests, of } = recordRequests();
    expect(bot.bot.connected()).toBe(false);
    await bot.start(requests);
    expect(bot.bot.connected()).toBe(true);
    await bot.workspace.ask('POST', 'socket', { how });
    // The gap may be too short to be seen, so the connections are counted.
    await until(() => bot.log.filter((line) => line.startsWith('connected to Slack')).length === 2);
    expect(bot.bot.connected()).toBe(true);
    await postFile(bot);
    await until(() => of('filesPosted').length > 0);
  });

  test('a Slack that is away at the start is waited for', async () => {
    const bot = await begin('socket');
    const { requests, of } = recordRequests();
    await bot.workspace.fail('api-500');
    await bot.start(requests);
    expect(bot.bot.connected()).toBe(false);
    await bot.workspace.fail();
    await until(() => bot.bot.connected());
    await postFile(bot);
    await until(() => of('filesPosted').length === 1);
  });

  test('a Slack that goes away while reconnecting is waited for', async () => {
    const bot = await begin('socket');
    await bot.start();
    await bot.workspace.fail('api-500:3');
    await bot.workspace.ask('POST', 'socket', { how: 'drop' });
    await until(() => bot.log.filter((line) => line.startsWith('connected to Slack')).length === 2);
    expect(bot.log.filter((line) => line.startsWith('no connection to Slack'))).toHaveLength(3);
    expect(bot.bot.connected()).toBe(true);
  });

  test('a refused app token is said at the start', async () => {
    const bot = await begin('socket', {}, { mode: { type: 'socket', appToken: 'xapp-wrong' } });
    await expect(bot.start()).rejects.toMatchObject({ code: 'chat-failed', retryable: false });
  });

  test('closing waits for a running listener, whose event then counts as delivered', async () => {
    const bot = await begin('socket');
    const { promise: working, resolve } = Promise.withResolvers<void>();
    let began = false;
    await bot.start(
      recordRequests({
        filesPosted: async () => {
          began = true;
          await working;
          return { outcome: 'accepted' };
        },
      }).requests,
    );
    await postFile(bot);
    await until(() => began);
    let closed = false;
    const closing = bot.bot.close().then(() => {
      closed = true;
    });
    expect(closed).toBe(false);
    resolve();
    await closing;
    await bot.bot.close();
    expect(bot.bot.connected()).toBe(false);
    expect(closed).toBe(true);
    expect(bot.log.join('\n')).not.toContain('not acknowledged');
  });

  test('an event that died with one process reaches the next', async () => {
    // Time for the next one to be there when the event is sent again: after 3 s, and after 15 s more.
    const first = await begin('socket', { app: { retryScale: 0.05, eventAckTimeoutMs: 300 } });
    let began = false;
    await first.start(
      recordRequests({
        filesPosted: () => {
          began = true;
          return new Promise(() => {});
        },
      }).requests,
    );
    const message = await postFile(first);
    await until(() => began);
    // As a killed process does: its connection breaks while the listener has not answered.
    await first.workspace.ask('POST', 'socket', { how: 'drop' });
    const second = recordRequests();
    const { createBot } = await import('../../src/bot/index.ts');
    const { APP_TOKEN, BOT_TOKEN } = await import('../sandbox/slack/workspace.ts');
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const next = await createBot({
      web: { get: () => Promise.reject(new Error('nothing is downloaded')) },
      config: {
        botToken: BOT_TOKEN,
        mode: { type: 'socket', appToken: APP_TOKEN },
        apiUrl: first.workspace.apiUrl,
      },
      commands: { main: '/parley', short: [] },
      log: silent,
      clock: systemClock,
    });
    await next.start(second.requests);
    await until(() => second.of('filesPosted').length > 0 || null).finally(() => next.close());
    expect(second.of('filesPosted')[0]![0].postedIn).toBe(message.ts);
  });
});

describe('over HTTP', () => {
  const send = (bot: TestBot, url: string, body: string, signature?: string) => {
    const at = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', 'a-signing-secret').update(`v0:${at}:${body}`).digest('hex');
    expect(bot.bot.requestListener).not.toBeNull();
    return fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': signature ?? `v0=${mac}`,
      },
    });
  };
  const urlOf = async (bot: TestBot): Promise<string> =>
    (await bot.workspace.ask<{ requestUrl: string }>('GET', 'app')).requestUrl;

  test('requests are taken with Slack’s signature and refused without', async () => {
    const bot = await begin('http');
    const { requests, asked } = recordRequests();
    await bot.start(requests);
    expect(bot.bot.connected()).toBe(true);
    const body = JSON.stringify({ type: 'url_verification', challenge: 'abc' });
    const url = await urlOf(bot);
    expect(await (await send(bot, url, body)).json()).toEqual({ challenge: 'abc' });
    expect((await send(bot, url, body, 'v0=00')).status).toBe(401);
    expect((await fetch(url.replace('/slack/events', '/elsewhere'), { method: 'POST' })).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  test('requests before the start are put off', async () => {
    const bot = await begin('http');
    const answered = Promise.withResolvers<number>();
    bot.bot.requestListener!(
      { url: '/slack/events', method: 'POST' } as never,
      { writeHead: (status: number) => ({ end: () => answered.resolve(status) }) } as never,
    );
    expect(await answered.promise).toBe(503);
    expect(bot.bot.connected()).toBe(false);
  });

  const identityRequests = async ({ workspace }: TestBot): Promise<number> => {
    const { calls } = await workspace.ask<{ calls: { method: string }[] }>('GET', 'calls');
    return calls.filter(({ method }) => method === 'auth.test').length;
  };
  const startedWithoutSlack = async () => {
    const bot = await begin('http');
    await bot.workspace.fail('api-500');
    await bot.start();
    expect(bot.bot.connected()).toBe(false);
    return bot;
  };

  test('a Slack that is away at the start is asked for the bot’s identity until it responds', async () => {
    const bot = await startedWithoutSlack();
    await bot.workspace.fail();
    await until(() => bot.bot.connected());
  });

  test('a bot that is closed no longer requests its identity', async () => {
    const bot = await startedWithoutSlack();
    const other = await startedWithoutSlack();
    await bot.bot.close();
    const [before, othersBefore] = [await identityRequests(bot), await identityRequests(other)];
    // The other one shows that there was time for it.
    await until(async () => (await identityRequests(other)) > othersBefore + 20);
    // One call that was under way is tried three times.
    expect(await identityRequests(bot)).toBeLessThanOrEqual(before + 3);
  });

  test('a refused bot token is said at the start', async () => {
    const bot = await begin('http', {}, { botToken: 'xoxb-wrong' });
    await expect(bot.start()).rejects.toMatchObject({ slackCode: 'invalid_auth' });
  });

  test('an event is answered only once it is stored', async () => {
    const bot = await begin('http');
    const { promise: storing, resolve } = Promise.withResolvers<void>();
    const { requests, of } = recordRequests({
      filesPosted: async () => {
        await storing;
        return { outcome: 'accepted' };
      },
    });
    await bot.start(requests);
    const team = bot.workspace.state.team.id;
    const event = {
      type: 'message',
      subtype: 'file_share',
      channel: bot.workspace.general,
      user: bot.workspace.ana,
      ts: '1.000001',
      files: [{ id: 'F1', name: 'a.mp3' }],
    };
    const body = JSON.stringify({ type: 'event_callback', team_id: team, event_id: 'Ev1', event });
    let status: number | null = null;
    const sent = send(bot, await urlOf(bot), body).then((response) => {
      status = response.status;
    });
    await until(() => of('filesPosted').length === 1);
    expect(status).toBeNull();
    resolve();
    await sent;
    expect(status).toBe(200);
  });
});

test('what nobody foresaw in an answer is passing trouble with Slack', () => {
  expect(toSlackRefusal('auth.test', new Error('odd'))).toMatchObject({
    code: 'chat-failed',
    retryable: true,
  });
});
