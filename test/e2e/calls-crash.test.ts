import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SPOKEN } from '../../src/core/calls/spoken.ts';
import { toneWordsInText } from '../support/tone-audio.ts';
import { until } from '../support/until.ts';
import { type CallStage, openCallStage, RECORDED_TEXT } from './support/call-stage.ts';
import { captionsIn } from './support/meeting.ts';
import { keepTalking } from './support/phones.ts';
import { answering, DELETED, openStagedCalls, type StagedCalls } from './support/staged-calls.ts';

/** The whole program, killed in the middle of calls. */
let stage: CallStage;
let calls: StagedCalls;
beforeAll(async () => {
  stage = await openCallStage();
  calls = await openStagedCalls(stage);
});
afterAll(() => stage?.close());

describe('a process that is killed', () => {
  it('in the middle of a call between two phones: both are reconnected, and the call continues', async () => {
    const { phones, workspace, people, channels } = stage;
    const { low, high } = calls.samples;
    const [ana] = people;
    const own = await calls.addPhone({ type: 'ring' });
    const callee = await calls.addPhone(answering([]));
    await workspace.command({ channel: channels[0], as: ana.id, text: `/parley call my number ${own}` });
    const card = await calls.dial(callee, 'own phone');
    await until(async () => (await phones.at(own)).call?.state === 'ringing');
    await phones.answer(own);
    await Promise.all([own, callee].map((number) => phones.connected(number)));
    await phones.say(callee, high[0]);
    await calls.captioned(card, 2);
    const [callSid] = await stage.callsTo(callee);
    const recordings = await until(async () => {
      const now = await stage.recordingsOf(callSid!);
      return now.length > 0 && now;
    });

    await stage.kill();
    const spokenTo = async (number: string) => (await phones.at(number)).call?.spoken ?? [];
    await until(async () => (await spokenTo(callee)).at(-1) === SPOKEN.broken, {
      timeoutMs: 120_000,
      what: 'the announcement of a reconnect',
    });
    await stage.start();
    await Promise.all([own, callee].map((number) => phones.connected(number)));
    for (const number of [own, callee]) {
      const [first, ...then] = await spokenTo(number);
      expect(first).toMatch(/recorded/);
      // The notice is not repeated. The request to wait is, while the wait lasts.
      expect(then.at(-1)).toBe(SPOKEN.again);
      expect(new Set(then)).toEqual(new Set([SPOKEN.broken, SPOKEN.again]));
    }
    const captionedWords = async (name: RegExp | string): Promise<number[]> =>
      (await captionsIn(workspace, card))
        .filter((line) => line.name.match(name) !== null)
        .flatMap(({ text }) => toneWordsInText(text));
    {
      // A program that has just started on a busy machine leaves gaps, so both talk until words arrive.
      await using _talk = keepTalking(phones, [own, low[1]], [callee, high[1]]);
      await Promise.all([
        calls.received(callee, [6, 7, 8, 9, 10, 11], 2),
        calls.received(own, [1_006, 1_007, 1_008, 1_009, 1_010, 1_011], 2),
      ]);
      await until(
        async () =>
          (await captionedWords(ana.name)).some((word) => word >= 6 && word < 12) &&
          (await captionedWords(/^\+44/)).some((word) => word >= 1_006),
        { timeoutMs: 120_000, what: 'captions of both' },
      );
    }
    expect(await stage.recordingsOf(callSid!)).toEqual(recordings);

    await phones.hangUp(callee);
    await phones.idle(own);
    await calls.endsWell(card, callee);
    expect(await stage.callsTo(own)).toHaveLength(1);
  });

  it('and starts again after everyone hung up: the result still arrives, and no phone is called again', async () => {
    const number = await calls.addPhone(answering([...calls.samples.low]));
    const card = await calls.dial(number);
    await calls.captioned(card, 2);
    await stage.kill();
    await stage.phones.hangUp(number);
    await stage.phones.idle(number);
    await stage.start();
    expect(await calls.resultOf(card)).toContain(RECORDED_TEXT);
    await calls.onceShows(card, /Ended · \d|Cut off after/);
    await calls.onceShows(card, DELETED);
    expect(await stage.callsTo(number)).toHaveLength(1);
  });

  it.each(['before', 'after'] as const)(
    '%s the network received a dial request: the phone is called once',
    async (when) => {
      const number = await calls.addPhone({ type: 'ring' });
      const killed = stage.killAtDial(when);
      const card = await calls.dial(number);
      await killed;
      await stage.start();
      await until(async () => (await stage.phones.at(number)).call?.state === 'ringing', {
        timeoutMs: 120_000,
        what: 'a ringing phone',
      });
      await stage.phones.answer(number);
      await stage.phones.connected(number);
      {
        await using _talk = keepTalking(stage.phones, [number, calls.samples.low[0]]);
        await calls.captioned(card, 1);
      }
      await stage.phones.hangUp(number);
      await calls.endsWell(card, number);
    },
  );
});
