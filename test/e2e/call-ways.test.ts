import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../sandbox/control.ts';
import type { PhoneBehaviour } from '../../sandbox/phones/control.ts';
import { until } from '../support/until.ts';
import { answersIn, call, cardSaying, hangUp } from './support/call.ts';
import { type CallStage, counting, numbersIn, openCallStage, RECORDED } from './support/call-stage.ts';
import { wordsIn } from './support/tone-tape.ts';
import { isFinal, shownText } from './support/workspace.ts';

/** The whole program on a stand-in Slack, telephone network and scripted engine: how a call may go, without a browser. */
let stage: CallStage;
beforeAll(async () => {
  stage = await openCallStage({ CALLS_AT_ONCE: '100' });
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
const dial = (to: string, from: 'browser' | 'own phone' = 'browser'): Promise<StoredMessage> =>
  call(stage.workspace, {
    channel: stage.channels[0],
    as: stage.people[0].id,
    to,
    about: `call ${to.slice(-3)} ${from}`,
    from,
  });
const saying = (card: StoredMessage, part: string | RegExp, timeoutMs?: number): Promise<StoredMessage> =>
  cardSaying(stage.workspace, card, part, timeoutMs);
const resultOf = async (card: StoredMessage): Promise<string> =>
  shownText((await stage.workspace.results(card.channel, card.ts))[0]!);

describe('a telephone that nobody talks on', () => {
  it.skip.each<[PhoneBehaviour, string]>([
    [{ does: 'be-busy' }, 'was busy'],
    [{ does: 'refuse' }, 'was busy'],
    [{ does: 'be-unreachable' }, 'could not be called'],
    [{ does: 'ring-out' }, 'was not answered'],
  ])('%j: the card says so, and nothing else is posted', async (behaviour, said) => {
    const card = await dial(await telephone(behaviour));
    expect(shownText(card)).not.toContain('caller’s own phone');
    await saying(card, said);
    await saying(card, 'This call has ended without a conversation.');
    expect(await answersIn(stage.workspace, card)).toEqual([]);
  });
});

/** A machine that stumbles leaves a gap in the middle of a word, which then is none. */
const MOST_OF = 0.6;

describe('a call that is held', () => {
  it('with the caller’s own phone: it rings first, both hear each other, and both are named in the result', async () => {
    const { telephones, workspace, people, channels } = stage;
    const [ana] = people;
    const own = await telephone({
      does: 'answer',
      afterMs: 300,
      turns: [await counting(telephones, 0, 6), await counting(telephones, 6, 6)],
      hangsUp: false,
    });
    const far = await telephone({
      does: 'answer',
      afterMs: 300,
      turns: [await counting(telephones, 1_000, 6), await counting(telephones, 1_006, 6)],
      hangsUp: false,
    });
    await workspace.command({ channel: channels[0], as: ana.id, text: `/call my number ${own}` });
    const card = await dial(far, 'own phone');
    await saying(card, 'once the caller’s own phone is answered');
    const [firstOwn] = await until(async () => {
      const rung = await stage.ringsOf(own);
      return rung.size > 0 && [...rung];
    });
    await telephones.connected(far);
    const { webhooks } = await telephones.webhooks();
    const order = webhooks.filter(
      ({ parameters }) =>
        [own, far].includes(parameters.To ?? '') &&
        ['ringing', 'in-progress'].includes(parameters.CallStatus ?? '') &&
        parameters.CallbackSource === 'call-progress-events',
    );
    expect(order.map(({ parameters }) => [parameters.To, parameters.CallStatus])).toEqual([
      [own, 'ringing'],
      [own, 'in-progress'],
      [far, 'ringing'],
      [far, 'in-progress'],
    ]);
    expect(firstOwn).toBeDefined();

    // Words, not samples: what a codec and a mix leave whole.
    const hears = (number: string, words: readonly number[]): Promise<unknown> =>
      until(
        async () => {
          const heard = numbersIn(await telephones.heard(number));
          if (words.filter((word) => heard.includes(word)).length >= MOST_OF * words.length) return true;
          throw new Error(`${number} heard ${heard.join(' ')}`);
        },
        { timeoutMs: 60_000, everyMs: 500, what: `${words.join(' ')} heard by ${number}` },
      );
    await hears(far, [2, 3, 4, 5, 8, 9, 10, 11]);
    await hears(own, [1_002, 1_003, 1_004, 1_005, 1_008, 1_009, 1_010, 1_011]);
    for (const [number, first] of [
      [far, 1_000],
      [own, 0],
    ] as const) {
      const heard = numbersIn(await telephones.heard(number));
      expect(heard.filter((word) => word >= first && word < first + 12)).toEqual([]);
    }

    await telephones.hangUp(own);
    await telephones.free(far);
    const result = await resultOf(card);
    expect(result).toMatch(/Ana[^:]*\): .*M1\b/);
    expect(result).toContain(RECORDED);
    expect(result).toMatch(/Pie chart of talk time: .*%/);
    expect(result).not.toMatch(/Speaker \d/);
    await saying(card, 'The recording was deleted at the telephone provider.');
    console.log(result, wordsIn(result), isFinal(card));
    console.log(
      stage
        .log()
        .split('\n')
        .filter((l) => /sound of/.test(l))
        .join('\n'),
      numbersIn(await telephones.heard(far)),
      numbersIn(await telephones.heard(own)),
      numbersIn(await telephones.said(own)),
      stage.engine.live.streams.map((s) => [s.markers, s.damaged]),
    );
  });
});
