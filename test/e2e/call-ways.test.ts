import { setTimeout as sleep } from 'node:timers/promises';
import twilio from 'twilio';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { PhoneBehaviour } from '../../sandbox/phones/control/contract.ts';
import type { PhoneFailure } from '../../sandbox/phones/failures.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { SPOKEN } from '../../src/core/calls/spoken.ts';
import { wordsIn } from '../support/tone-tape.ts';
import { until } from '../support/until.ts';
import { answersIn, call, cardSaying, confirm, hangUp, planFor, type Wish } from './support/call.ts';
import {
  ACCOUNT,
  AUTH_TOKEN,
  type CallStage,
  counting,
  numbersIn,
  openCallStage,
  RECORDED,
} from './support/call-stage.ts';
import { mentionsIn } from './support/colleague.ts';
import { captionsIn } from './support/meeting.ts';
import { shownText } from './support/workspace.ts';

/** The whole program on a stand-in Slack, telephone network and scripted engine: every way a call may go, without a browser. */
const AT_ONCE = 20;
let stage: CallStage;
/** Six words, and as many more: three seconds and a half each. */
let turns: readonly [string, string];
let otherTurns: readonly [string, string];
/** Rings for as long as Parley lets it, while all the other tests run. */
let nobodyAnswers: StoredMessage;
beforeAll(async () => {
  stage = await openCallStage({ CALLS_AT_ONCE: String(AT_ONCE) });
  const { telephones } = stage;
  turns = [await counting(telephones, 0, 6), await counting(telephones, 6, 6)];
  otherTurns = [await counting(telephones, 1_000, 6), await counting(telephones, 1_006, 6)];
  nobodyAnswers = await dial(await telephone({ type: 'no-answer' }));
});
afterEach(() => stage.fail());
afterAll(() => stage?.close());

let numbers = 300;
/** A telephone that nobody had yet. */
const telephone = async (behaviour: PhoneBehaviour): Promise<string> => {
  numbers += 1;
  const number = `+442079460${numbers}`;
  await stage.telephones.set(number, behaviour);
  return number;
};
const answering = (more: Partial<Extract<PhoneBehaviour, { type: 'answer' }>> = {}): PhoneBehaviour => ({
  type: 'answer',
  afterMs: 100,
  turns,
  hangsUp: false,
  ...more,
});
const wishFor = (to: string, from: Wish['from'] = 'browser') => ({
  channel: stage.channels[0],
  as: stage.people[0].id,
  to,
  about: `the matter ${to.slice(-3)}`,
  from,
});
const dial = (to: string, from?: Wish['from']): Promise<StoredMessage> =>
  call(stage.workspace, wishFor(to, from));
const saying = (card: StoredMessage, part: string | RegExp, timeoutMs?: number): Promise<StoredMessage> =>
  cardSaying(stage.workspace, card, part, timeoutMs);
const resultOf = async (card: StoredMessage): Promise<string> =>
  shownText((await stage.workspace.results(card.channel, card.ts))[0]!);
/** Until the telephone has said this word into its call. */
const says = (number: string, word: number): Promise<unknown> =>
  until(async () => numbersIn(await stage.telephones.said(number)).includes(word), {
    timeoutMs: 60_000,
    everyMs: 200,
    what: `word ${word} of ${number}`,
  });
/** Until words of it stand in the thread. */
const captioned = (card: StoredMessage, words: number): Promise<unknown> =>
  until(
    async () =>
      (await captionsIn(stage.workspace, card)).flatMap(({ text }) => wordsIn(text)).length >= words,
    { timeoutMs: 60_000, what: `${words} words in the thread` },
  );
const bytesHeard = (): number =>
  stage.engine.live.streams.reduce((sum, { audioBytes }) => sum + audioBytes, 0);

/** A machine that stumbles leaves a gap in the middle of a word, which then is none. */
const MOST_OF = 0.6;
/** Until a telephone heard most of these words, or as many as are enough. */
const hears = (number: string, words: readonly number[], enough = MOST_OF * words.length): Promise<unknown> =>
  until(
    async () => {
      const heard = numbersIn(await stage.telephones.heard(number));
      if (words.filter((word) => heard.includes(word)).length >= enough) return true;
      throw new Error(`${number} heard ${heard.join(' ')}`);
    },
    { timeoutMs: 60_000, everyMs: 500, what: `${words.join(' ')} heard by ${number}` },
  );
/** Phones say the same clip again and again, until this is disposed of. */
const keepTalking = (...phones: readonly (readonly [number: string, clip: string])[]): AsyncDisposable => {
  const stopped = new AbortController();
  const talking = phones.map(async ([number, clip]) => {
    while (!stopped.signal.aborted) {
      const { durationMs } = await stage.telephones.say(number, clip);
      await sleep(durationMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await Promise.all(talking);
    },
  };
};
const KEPT = /The recording was deleted\./;

describe('a telephone that nobody talks on', () => {
  it('is a mailbox: the card says so, Slack hangs up, and nothing else is posted', async () => {
    const number = await telephone({ type: 'voicemail', afterMs: 100 });
    const card = await dial(number);
    await saying(card, 'Voicemail');
    await stage.telephones.connected(number);
    await hangUp(stage.workspace, card, stage.people[1].id);
    await saying(card, 'Voicemail · ');
    await saying(card, KEPT);
    expect((await answersIn(stage.workspace, card)).map(({ text }) => text)).toEqual([]);
  });
});

describe('a call that is held', () => {
  it('with the caller’s own phone: it rings first, both hear each other, and both are named in the result', async () => {
    const { telephones, workspace, people, channels } = stage;
    const [ana] = people;
    const own = await telephone({ type: 'ring' });
    const far = await telephone(answering({ turns: otherTurns }));
    await workspace.command({ channel: channels[0], as: ana.id, text: `/call my number ${own}` });
    const card = await dial(far, 'own phone');
    await until(async () => (await telephones.at(own)).call?.state === 'ringing');
    await saying(card, 'Waiting for the caller’s phone');
    expect(await stage.callsTo(far)).toEqual([]);
    await telephones.answer(own);
    await Promise.all([own, far].map((number) => telephones.connected(number)));
    for (const turn of turns) await telephones.say(own, turn);

    await hears(far, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await hears(own, [1_002, 1_003, 1_004, 1_005, 1_006, 1_007, 1_008, 1_009, 1_010, 1_011]);
    expect(numbersIn(await telephones.heard(far)).filter((word) => word >= 1_000)).toEqual([]);
    expect(numbersIn(await telephones.heard(own)).filter((word) => word < 1_000)).toEqual([]);

    await telephones.hangUp(own);
    expect((await telephones.free(far)).lastSpoken.at(-1)).toBe(SPOKEN.over);
    const result = await resultOf(card);
    expect(result).toMatch(new RegExp(`${ana.name} \\([\\d:]+\\): .*M2 M3`));
    expect(result).toMatch(new RegExp(`\\+44 20 7946 0${far.slice(-3)} \\([\\d:]+\\): .*${RECORDED}`));
    expect(result).toMatch(new RegExp(`Pie chart of talk time: .*${ana.name} \\d+%`));
    expect(result).not.toMatch(/Speaker \d/);
    await saying(card, KEPT);
  });

  it('and whose other side hangs up: its result follows', async () => {
    const number = await telephone(answering({ turns: turns.slice(0, 1), hangsUp: true }));
    const card = await dial(number);
    await saying(card, 'Ended · ');
    expect(await resultOf(card)).toContain(RECORDED);
    await saying(card, KEPT);
    expect(await stage.recordingsOf((await stage.callsTo(number))[0]!)).toEqual([]);
    expect((await answersIn(stage.workspace, card)).some(({ text }) => text.includes('M2 M3'))).toBe(true);
  });
});

describe('who declines', () => {
  it('while the notice is spoken is not recorded, and not a byte reaches the engine', async () => {
    const number = await telephone(answering({ keys: '9' }));
    const [before, requests] = [bytesHeard(), stage.engine.requests.length];
    const card = await dial(number);
    await says(number, 4);
    const thread = await until(async () => {
      const answers = await answersIn(stage.workspace, card);
      return answers.length > 0 && answers;
    });
    expect(thread.map(({ text }) => text)).toEqual([expect.stringContaining('declined recording')]);
    await hangUp(stage.workspace, card, stage.people[0].id);
    await saying(card, 'Ended. Transcript and talk time');
    await saying(card, 'declined recording and transcription');
    await stage.telephones.free(number);
    expect([bytesHeard(), stage.engine.requests.length]).toEqual([before, requests]);
    expect(await stage.recordingsOf((await stage.callsTo(number))[0]!)).toEqual([]);
    expect(await answersIn(stage.workspace, card)).toHaveLength(1);
  });

  it('in the middle has the recording deleted and captions ended, and the thread says so', async () => {
    const number = await telephone(answering());
    const requests = stage.engine.requests.length;
    const card = await dial(number);
    await captioned(card, 2);
    const [callSid] = await stage.callsTo(number);
    await until(async () => (await stage.recordingsOf(callSid!)).length === 1, { what: 'a recording' });
    await stage.telephones.keys(number, '9');
    await until(async () =>
      (await answersIn(stage.workspace, card)).some(({ text }) => text.includes('declined recording')),
    );
    await until(async () => (await stage.recordingsOf(callSid!)).length === 0, { what: 'no recording' });
    await until(() => stage.engine.live.openNow === 0, { what: 'the end of the stream' });
    const atDecline = bytesHeard();
    await says(number, 10);
    expect(bytesHeard()).toBe(atDecline);
    await hangUp(stage.workspace, card, stage.people[0].id);
    await saying(card, 'Ended. Transcript and talk time');
    await saying(card, KEPT);
    const result = await resultOf(card);
    expect(wordsIn(result).some((word) => word < 6)).toBe(true);
    expect(wordsIn(result).filter((word) => word > 6)).toEqual([]);
    expect(stage.engine.requests.length).toBe(requests);
  });
});

describe('a network that fails', () => {
  /** Answers, says six words, and hangs up. */
  const short = (): Promise<string> => telephone(answering({ turns: turns.slice(0, 1), hangsUp: true }));
  const endsWell = async (card: StoredMessage, number: string): Promise<void> => {
    await saying(card, /Ended · \d/, 90_000);
    expect(await resultOf(card)).toContain(RECORDED);
    await saying(card, KEPT);
    expect(await stage.callsTo(number)).toHaveLength(1);
    expect(await stage.workspace.results(card.channel, card.ts)).toHaveLength(1);
  };

  it.each<[PhoneFailure, PhoneFailure | null]>([
    ['phone-webhooks-duplicated', 'phone-recording-404'],
    ['phone-webhooks-out-of-order', 'phone-recording-slow'],
    ['phone-webhooks-late', 'phone-call-response-lost'],
    ['phone-webhooks-lost', null],
  ])('%s, %s: card and result end right, and the telephone rang once', async (mode, another) => {
    await stage.fail(mode, ...(another === null ? [] : [another]));
    const number = await short();
    const card = await dial(number);
    if (another === 'phone-call-response-lost') {
      await until(async () => (await stage.callsTo(number)).length > 0);
      await stage.fail(mode);
    }
    await endsWell(card, number);
  });

  it.each<PhoneFailure>(['phone-api-429', 'phone-api-500'])(
    '%s: rings once as soon as that is over',
    async (mode) => {
      await stage.fail(mode);
      const number = await short();
      const asked = stage.dialsAsked();
      const card = await dial(number);
      await until(() => stage.dialsAsked() > asked, { what: 'a dial that fails' });
      await stage.fail();
      await endsWell(card, number);
    },
  );

  it('phone-stream-breaks: the telephone is connected again, and the call goes on', async () => {
    await stage.fail('phone-stream-breaks');
    const number = await telephone(answering());
    const card = await dial(number);
    await stage.telephones.connected(number);
    await until(async () => (await stage.telephones.at(number)).call?.connected === false, { everyMs: 10 });
    await stage.fail();
    const { call: again } = await stage.telephones.connected(number);
    expect(again!.spoken.at(-1)).toBe('You are connected again.');
    await says(number, 10);
    await stage.telephones.hangUp(number);
    await endsWell(card, number);
  });
});

describe('whoever means harm', () => {
  it('is answered 403 without the network’s signature, for altered words, and for another’s account', async () => {
    const number = await telephone(answering({ turns: [...turns, ...otherTurns] }));
    const card = await dial(number);
    await stage.telephones.connected(number);
    const { webhooks } = await stage.telephones.webhooks();
    const known = webhooks.findLast(({ parameters }) => parameters.To === number)!;
    const legPath = known.path.replace(/\/\w+$/, '');
    const over = { ...known.parameters, CallStatus: 'completed', CallbackSource: 'call-progress-events' };
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
    const foreign = { ...over, AccountSid: `AC${'9'.repeat(32)}` };
    expect(over).toMatchObject({ AccountSid: ACCOUNT });
    const answers = [
      await post(status, over),
      await post(status, over, sign(status, over, 'another-token')),
      await post(status, over, sign(status, known.parameters)),
      await post(status, over, sign(`${legPath}/recording`, over)),
      await post(status, foreign, sign(status, foreign)),
      await post(`${legPath}/key`, { ...over, Digits: '9' }),
      await post(`${legPath}/voice`, over),
      await post('/telephony/incoming', over),
    ];
    expect(answers).toEqual(answers.map(() => 403));
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

    // Replayed as it was, it is believed, and changes nothing.
    expect(await post(known.path, { ...known.parameters }, sign(known.path, known.parameters))).toBeLessThan(
      300,
    );
    const { call: still } = await stage.telephones.at(number);
    expect(still?.connected).toBe(true);
    expect(shownText(await saying(card, 'Connected'))).not.toContain('declined');
    await hangUp(stage.workspace, card, stage.people[0].id);
    await saying(card, KEPT);
  });

  it('writes no markup: what is said stays words, and what is shown mentions nobody', async () => {
    const { workspace, channels, people, telephones } = stage;
    const number = await telephone(answering({ turns: [] }));
    const admin = people[0];
    const notice =
      'Hello. </Say><Dial>+442079460999</Dial><Say> {caller} & <Hangup/> calls, and it is recorded. Press 9 to refuse.';
    const dialogue = await workspace.modalAfter(admin.id, () =>
      workspace.command({ channel: channels[0], as: admin.id, text: '/call settings' }),
    );
    const outcome = await workspace.submit({
      as: admin.id,
      viewId: dialogue.id,
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
    const wish = { ...wishFor(number), about: `<!channel> *now* <@${people[1].id}> & </Say>` };
    await workspace.command({
      channel: wish.channel,
      as: wish.as,
      text: `/call ${number} about ${wish.about}`,
    });
    const fresh = (isPlan: boolean): Promise<StoredMessage> =>
      until(async () =>
        (await workspace.messages(channels[0])).find(
          ({ ts, ephemeral_to }) => !known.has(ts) && (ephemeral_to !== undefined) === isPlan,
        ),
      );
    const plan = await fresh(true);
    expect(mentionsIn(plan)).toEqual([]);
    await confirm(workspace, wish, plan);
    const card = await fresh(false);
    const { call: talking } = await telephones.connected(number);
    expect(talking!.spoken).toEqual([notice.replace('{caller}', admin.name)]);
    const shown = mentionsIn(await saying(card, 'Connected'));
    expect(shown.filter((mention) => !mention.includes(admin.id))).toEqual([]);
    expect(await stage.callsTo('+442079460999')).toEqual([]);
    await hangUp(workspace, card, admin.id);
    await telephones.free(number);
    await saying(card, KEPT);
  });
});

describe('a process that is killed', () => {
  it('in the middle of a call between two telephones: both are brought back, and the call goes on', async () => {
    const { telephones, workspace, people, channels } = stage;
    const [ana] = people;
    const own = await telephone({ type: 'ring' });
    const far = await telephone(answering({ turns: [] }));
    await workspace.command({ channel: channels[0], as: ana.id, text: `/call my number ${own}` });
    const card = await dial(far, 'own phone');
    await until(async () => (await telephones.at(own)).call?.state === 'ringing');
    await telephones.answer(own);
    await Promise.all([own, far].map((number) => telephones.connected(number)));
    await telephones.say(far, otherTurns[0]);
    await captioned(card, 2);
    const [callSid] = await stage.callsTo(far);
    const recordings = await until(async () => {
      const now = await stage.recordingsOf(callSid!);
      return now.length > 0 && now;
    });

    await stage.kill();
    const spokenTo = async (number: string) => (await telephones.at(number)).call?.spoken ?? [];
    await until(async () => (await spokenTo(far)).at(-1) === SPOKEN.broken, { what: 'it is asked to wait' });
    await stage.start();
    await Promise.all([own, far].map((number) => telephones.connected(number)));
    for (const number of [own, far]) {
      const [first, ...then] = await spokenTo(number);
      expect(first).toMatch(/recorded/);
      // Nobody is told a second time that it is recorded; whoever waits for long is asked to be patient again.
      expect(then.at(-1)).toBe(SPOKEN.again);
      expect(new Set(then)).toEqual(new Set([SPOKEN.broken, SPOKEN.again]));
    }
    const said = async (name: RegExp | string): Promise<number[]> =>
      (await captionsIn(workspace, card))
        .filter((line) => line.name.match(name) !== null)
        .flatMap(({ text }) => wordsIn(text));
    {
      // A program that just started on a busy machine leaves gaps, so both talk until words got through.
      await using _talk = keepTalking([own, turns[1]], [far, otherTurns[1]]);
      await Promise.all([
        hears(far, [6, 7, 8, 9, 10, 11], 2),
        hears(own, [1_006, 1_007, 1_008, 1_009, 1_010, 1_011], 2),
      ]);
      await until(
        async () =>
          (await said(ana.name)).some((word) => word >= 6 && word < 12) &&
          (await said(/^\+44/)).some((word) => word >= 1_006),
        { timeoutMs: 60_000, what: 'captions of both' },
      );
    }
    expect(await stage.recordingsOf(callSid!)).toEqual(recordings);

    await telephones.hangUp(far);
    await telephones.free(own);
    expect(await resultOf(card)).toContain(RECORDED);
    await saying(card, KEPT);
    expect(await workspace.results(card.channel, card.ts)).toHaveLength(1);
    expect(await Promise.all([own, far].map((number) => stage.callsTo(number)))).toMatchObject([
      { length: 1 },
      { length: 1 },
    ]);
  });

  it('and is back after everybody hung up: the result still arrives, and nothing rings again', async () => {
    const number = await telephone(answering());
    const card = await dial(number);
    await captioned(card, 2);
    await stage.kill();
    await stage.telephones.hangUp(number);
    await stage.telephones.free(number);
    await stage.start();
    expect(await resultOf(card)).toContain(RECORDED);
    await saying(card, /Ended · \d|Cut off after/);
    await saying(card, KEPT);
    expect(await stage.callsTo(number)).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)('%s the network heard of a call: it rings once', async (when) => {
    const number = await telephone({ type: 'ring' });
    const killed = stage.killAtDial(when);
    const card = await dial(number);
    await killed;
    await stage.start();
    await until(async () => (await stage.telephones.at(number)).call?.state === 'ringing', {
      timeoutMs: 120_000,
      what: 'it rings',
    });
    await stage.telephones.answer(number);
    await stage.telephones.connected(number);
    await stage.telephones.say(number, turns[0]);
    await captioned(card, 1);
    await stage.telephones.hangUp(number);
    await saying(card, 'Ended · ', 120_000);
    expect(await resultOf(card)).toContain(RECORDED);
    expect(await stage.callsTo(number)).toHaveLength(1);
  });
});

describe('the limits', () => {
  it('let a telephone ring for as long as mailboxes wait, and no longer', async () => {
    await saying(nobodyAnswers, 'No answer', 90_000);
    await saying(nobodyAnswers, 'Ended. No one talked.');
    expect(await answersIn(stage.workspace, nobodyAnswers)).toEqual([]);
  });

  it('are not passed by a hundred who confirm at the same moment', async () => {
    const wishes: (readonly [Wish, StoredMessage])[] = [];
    // All at once would be more than a command has time for.
    while (wishes.length < 100) {
      const numbers = await Promise.all(Array.from({ length: 10 }, () => telephone({ type: 'ring' })));
      const planned = numbers
        .map((number) => wishFor(number))
        .map(async (wish) => {
          return [wish, await planFor(stage.workspace, wish)] as const;
        });
      wishes.push(...(await Promise.all(planned)));
    }
    await Promise.all(wishes.map(([wish, plan]) => confirm(stage.workspace, wish, plan)));
    const ringing = async (): Promise<string[]> =>
      (await stage.telephones.state()).phones
        .filter(({ call: its }) => its !== null)
        .map(({ number }) => number);
    const refused = async (): Promise<number> =>
      (await stage.workspace.messages(stage.channels[0])).filter(
        ({ ephemeral_to, text }) => ephemeral_to !== undefined && /lines are in use/.test(text),
      ).length;
    await until(async () => (await ringing()).length === AT_ONCE && (await refused()) === 100 - AT_ONCE, {
      timeoutMs: 90_000,
      what: `${AT_ONCE} that ring, and all others told why not`,
    });
    const rung = await Promise.all(wishes.map(([{ to }]) => stage.callsTo(to)));
    expect(rung.flat()).toHaveLength(AT_ONCE);
    for (const number of await ringing()) await stage.telephones.hangUp(number);
  });
});
