import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PhoneFailure } from '../../sandbox/phones/failures.ts';
import { until } from '../support/until.ts';
import { type CallStage, openCallStage } from './support/call-stage.ts';
import { answering, openStagedCalls, type StagedCalls } from './support/staged-calls.ts';

/** The whole program while the phone network fails. */
let stage: CallStage;
let calls: StagedCalls;
beforeAll(async () => {
  stage = await openCallStage();
  calls = await openStagedCalls(stage);
});
afterEach(() => stage.fail());
afterAll(() => stage?.close());

/** A phone that answers and says the words 500 and 501. */
const shortCallee = (): Promise<string> => calls.addPhone(answering([calls.samples.short]));

describe('a phone network that fails', () => {
  it.each<[PhoneFailure, ...string[]]>([
    ['phone-webhooks-duplicated', 'phone-recording-404', 'phone-stream-loses-frames'],
    ['phone-webhooks-out-of-order', 'phone-recording-slow', 'phone-recording-channels-swapped'],
    ['phone-webhooks-late', 'phone-call-response-lost'],
    // More than one request tries: it is deleted later, and the card says so then.
    ['phone-webhooks-lost', 'phone-recording-delete-fails:4'],
  ])('%s, %s: the phone is called once, and card and result are right', async (mode, ...others) => {
    await stage.fail(mode, ...others);
    const number = await shortCallee();
    const card = await calls.dial(number);
    if (others.includes('phone-call-response-lost')) {
      await until(async () => (await stage.callsTo(number)).length > 0, { what: 'a call' });
      await stage.fail(mode);
    }
    await calls.hangsUpAfter(number, 501);
    await calls.endsWell(card, number);
  });

  it.each<PhoneFailure>(['phone-api-429', 'phone-api-500'])(
    '%s: the phone is called once the API works again',
    async (mode) => {
      await stage.fail(mode);
      const number = await shortCallee();
      const requested = stage.dialRequests();
      const card = await calls.dial(number);
      await until(() => stage.dialRequests() > requested, { what: 'a dial request that fails' });
      await stage.fail();
      await calls.hangsUpAfter(number, 501);
      await calls.endsWell(card, number);
    },
  );

  it.each<PhoneFailure>(['phone-stream-breaks', 'phone-stream-ends'])(
    '%s: the phone is reconnected, and the call continues',
    async (mode) => {
      await stage.fail(mode);
      const number = await calls.addPhone(answering(calls.samples.low));
      const card = await calls.dial(number);
      await stage.phones.connected(number);
      await until(async () => (await stage.phones.at(number)).call?.connected === false, {
        timeoutMs: 120_000,
        everyMs: 10,
        what: 'the end of its audio',
      });
      await stage.fail();
      const { call } = await stage.phones.connected(number);
      expect(call!.spoken.at(-1)).toBe('You are connected again.');
      await calls.sent(number, 10);
      await stage.phones.hangUp(number);
      await calls.endsWell(card, number);
    },
  );
});
