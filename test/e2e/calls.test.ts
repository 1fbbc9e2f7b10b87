import twilio from 'twilio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { SPOKEN } from '../../src/core/calls/spoken.ts';
import { toneWordsInText } from '../support/tone-audio.ts';
import { until } from '../support/until.ts';
import { confirm, hangUp, planFor, repliesIn } from './support/call.ts';
import { ACCOUNT, AUTH_TOKEN, type CallStage, openCallStage, RECORDED_TEXT } from './support/call-stage.ts';
import { mentionsIn } from './support/member.ts';
import { toneWordsAt8kHz } from './support/phones.ts';
import { answering, DELETED, openStagedCalls, type StagedCalls } from './support/staged-calls.ts';
import { shownText } from './support/workspace.ts';

/** Calls through the whole program, with a simulated Slack and phone network and a scripted engine, without browsers. */
const CALLS_AT_ONCE = 4;
let stage: CallStage;
let calls: StagedCalls;
beforeAll(async () => {
  stage = await openCallStage({ CALLS_AT_ONCE: String(CALLS_AT_ONCE) });
  calls = await openStagedCalls(stage);
});
afterAll(() => stage?.close());

const bytesSentToEngine = (): number =>
  stage.engine.live.streams.reduce((sum, { audioBytes }) => sum + audioBytes, 0);

describe('a call from the caller’s own phone', () => {
  it('calls that phone first; both phones receive each other, and both speakers are named in the result', async () => {
    const { phones, workspace, people, channels } = stage;
    const { low, high } = calls.samples;
    const [ana] = people;
    const own = await calls.addPhone({ type: 'ring' });
    const callee = await calls.addPhone(answering(high));
    await workspace.command({ channel: channels[0], as: ana.id, text: `/parley call my number ${own}` });
    const card = await calls.dial(callee, 'own phone');
    await until(async () => (await phones.at(own)).call?.state === 'ringing');
    await calls.onceShows(card, 'Waiting for the caller’s phone');
    expect(await stage.callsTo(callee)).toEqual([]);
    await phones.answer(own);
    await Promise.all([own, callee].map((number) => phones.connected(number)));
    for (const sample of low) await phones.say(own, sample);

    await calls.received(callee, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await calls.received(own, [1_002, 1_003, 1_004, 1_005, 1_006, 1_007, 1_008, 1_009, 1_010, 1_011]);
    expect(toneWordsAt8kHz(await phones.received(callee)).filter((word) => word >= 1_000)).toEqual([]);
    expect(toneWordsAt8kHz(await phones.received(own)).filter((word) => word < 1_000)).toEqual([]);

    await phones.hangUp(own);
    expect((await phones.idle(callee)).lastSpoken.at(-1)).toBe(SPOKEN.over);
    const result = await calls.resultOf(card);
    expect(result).toMatch(new RegExp(`${ana.name} \\([\\d:]+\\): .*M2 M3`));
    expect(result).toMatch(
      new RegExp(`\\+44 20 7946 0${callee.slice(-3)} \\([\\d:]+\\): .*${RECORDED_TEXT}`),
    );
    expect(result).toMatch(new RegExp(`Pie chart of talk time: .*${ana.name} \\d+%`));
    expect(result).not.toMatch(/Speaker \d/);
    await calls.onceShows(card, DELETED);
  });
});

describe('who declines in the middle of a call', () => {
  it('has the recording deleted and captions ended; the thread says so, and nothing more reaches the engine', async () => {
    const { phones, workspace, engine, people } = stage;
    const number = await calls.addPhone(answering(calls.samples.low));
    const requests = engine.requests.length;
    const card = await calls.dial(number);
    await calls.captioned(card, 2);
    const [callSid] = await stage.callsTo(number);
    await until(async () => (await stage.recordingsOf(callSid!)).length === 1, { what: 'a recording' });
    await phones.keys(number, '9');
    await until(async () =>
      (await repliesIn(workspace, card)).some(({ text }) => text.includes('declined recording')),
    );
    await until(async () => (await stage.recordingsOf(callSid!)).length === 0, { what: 'no recording' });
    await until(() => engine.live.openNow === 0, { what: 'the end of the stream' });
    const atDecline = bytesSentToEngine();
    await calls.sent(number, 10);
    expect(bytesSentToEngine()).toBe(atDecline);
    await hangUp(workspace, card, people[0].id);
    await calls.onceShows(card, 'Ended. Transcript and talk time');
    await calls.onceShows(card, DELETED);
    const result = await calls.resultOf(card);
    expect(toneWordsInText(result).some((word) => word < 6)).toBe(true);
    expect(toneWordsInText(result).filter((word) => word > 6)).toEqual([]);
    expect(engine.requests.length).toBe(requests);
  });
});

describe('requests that the phone network did not make', () => {
  it('are refused with 403: unsigned, altered, signed for another path, or of another account', async () => {
    const number = await calls.addPhone(answering([...calls.samples.low, ...calls.samples.high]));
    const card = await calls.dial(number);
    await stage.phones.connected(number);
    const { webhooks } = await stage.phones.webhooks();
    const known = webhooks.findLast(({ parameters }) => parameters.To === number)!;
    const legPath = known.path.replace(/\/\w+$/, '');
    const ended = { ...known.parameters, CallStatus: 'completed', CallbackSource: 'call-progress-events' };
    const sign = (path: string, form: object, token = AUTH_TOKEN): string =>
      twilio.getExpectedTwilioSignature(token, `${stage.url}${path}`, form);
    const post = async (path: string, form: Record<string, string>, signature?: string): Promise<number> => {
      const response = await fetch(`${stage.url}${path}`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: signature === undefined ? {} : { 'x-twilio-signature': signature },
      });
      return response.status;
    };
    const status = `${legPath}/status`;
    const foreign = { ...ended, AccountSid: `AC${'9'.repeat(32)}` };
    expect(ended).toMatchObject({ AccountSid: ACCOUNT });
    const statuses = [
      await post(status, ended),
      await post(status, ended, sign(status, ended, 'another-token')),
      await post(status, ended, sign(status, known.parameters)),
      await post(status, ended, sign(`${legPath}/recording`, ended)),
      await post(status, foreign, sign(status, foreign)),
      await post(`${legPath}/key`, { ...ended, Digits: '9' }),
      await post(`${legPath}/voice`, ended),
      await post('/telephony/incoming', ended),
    ];
    expect(statuses).toEqual(statuses.map(() => 403));
    const upgrade = (signature: string): Promise<number | undefined> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/telephony/stream`, {
          headers: { 'x-twilio-signature': signature },
        });
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => undefined);
        socket.on('open', () => resolve(101));
      });
    expect(await upgrade('')).toBe(403);
    expect(await upgrade(sign('/telephony/stream', {}))).toBe(403);

    // Replayed unchanged, it is accepted and changes nothing.
    expect(await post(known.path, { ...known.parameters }, sign(known.path, known.parameters))).toBeLessThan(
      300,
    );
    const { call: still } = await stage.phones.at(number);
    expect(still?.connected).toBe(true);
    expect(shownText(await calls.onceShows(card, 'Connected'))).not.toContain('declined');
    await hangUp(stage.workspace, card, stage.people[0].id);
    await calls.onceShows(card, DELETED);
  });
});

describe('markup in a notice and a topic', () => {
  it('is spoken as words, and mentions no one in Slack', async () => {
    const { workspace, channels, people, phones } = stage;
    const number = await calls.addPhone(answering([]));
    const admin = people[0];
    const notice =
      'Hello. </Say><Dial>+442079460999</Dial><Say> {caller} & <Hangup/> calls, and it is recorded. Press 9 to decline.';
    const dialog = await workspace.modalAfter(admin.id, () =>
      workspace.command({ channel: channels[0], as: admin.id, text: '/parley call settings' }),
    );
    const outcome = await workspace.submit({
      as: admin.id,
      viewId: dialog.id,
      values: {
        notice: { notice: { type: 'plain_text_input', value: notice } },
        who_can_call: {
          who_can_call: {
            type: 'radio_buttons',
            selected_option: {
              text: { type: 'plain_text', text: 'Everyone in the workspace' },
              value: 'everyone',
            },
          },
        },
        callers: { callers: { type: 'multi_users_select', selected_users: [] } },
        recordings: {
          recordings: {
            type: 'radio_buttons',
            selected_option: {
              text: { type: 'plain_text', text: 'Delete the recording' },
              value: 'delete',
            },
          },
        },
      },
    });
    expect(outcome).toMatchObject({ ok: true });
    const known = new Set((await workspace.messages(channels[0])).map(({ ts }) => ts));
    const request = { ...calls.requestTo(number), topic: `<!channel> *now* <@${people[1].id}> & </Say>` };
    await workspace.command({
      channel: request.channel,
      as: request.as,
      text: `/parley call ${number} about ${request.topic}`,
    });
    const messageOf = (isPlan: boolean): Promise<StoredMessage> =>
      until(async () =>
        (await workspace.messages(channels[0])).find(
          ({ ts, ephemeral_to }) => !known.has(ts) && (ephemeral_to !== undefined) === isPlan,
        ),
      );
    const plan = await messageOf(true);
    expect(mentionsIn(plan)).toEqual([]);
    await confirm(workspace, request, plan);
    const card = await messageOf(false);
    const { call: talking } = await phones.connected(number);
    expect(talking!.spoken).toEqual([notice.replace('{caller}', admin.name)]);
    const shown = mentionsIn(await calls.onceShows(card, 'Connected'));
    expect(shown.filter((mention) => !mention.includes(admin.id))).toEqual([]);
    expect(await stage.callsTo('+442079460999')).toEqual([]);
    await hangUp(workspace, card, admin.id);
    await phones.idle(number);
    await calls.onceShows(card, DELETED);
  });
});

describe('the limit of calls at the same time', () => {
  it('holds when many confirm at the same moment, and the others read why', async () => {
    const { phones, workspace, channels } = stage;
    const numbers = await Promise.all(Array.from({ length: 12 }, () => calls.addPhone({ type: 'ring' })));
    const requests = numbers.map((number) => calls.requestTo(number));
    const plans = await Promise.all(requests.map((request) => planFor(workspace, request)));
    await Promise.all(requests.map((request, at) => confirm(workspace, request, plans[at]!)));
    const ringing = async (): Promise<string[]> =>
      (await phones.state()).phones.filter(({ call }) => call !== null).map(({ number }) => number);
    const refusals = async (): Promise<number> =>
      (await workspace.messages(channels[0])).filter(
        ({ ephemeral_to, text }) => ephemeral_to !== undefined && text.includes('lines are in use'),
      ).length;
    await until(
      async () =>
        (await ringing()).length === CALLS_AT_ONCE && (await refusals()) === numbers.length - CALLS_AT_ONCE,
      { timeoutMs: 90_000, what: `${CALLS_AT_ONCE} ringing phones, and a reason for all others` },
    );
    // Lists of the network lag behind what rings.
    const placed = await until(async () => {
      const listed = (await Promise.all(numbers.map((number) => stage.callsTo(number)))).flat();
      return listed.length >= CALLS_AT_ONCE && listed;
    });
    expect(placed).toHaveLength(CALLS_AT_ONCE);
    for (const number of await ringing()) await phones.hangUp(number);
  });
});
