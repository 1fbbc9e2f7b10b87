import { describe, expect, it } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { PhoneNumber, ProviderCallId } from '../../../src/core/ids.ts';
import { openMeeting } from '../support/meeting.ts';
import { createStage } from '../support/stage.ts';

/** A meeting with a PIN, and callers who enter PINs. */
const openDialIn = async () => {
  const stage = createStage();
  const one = stage.instance('one');
  await one.work();
  const id = await openMeeting(stage, one);
  const right = (await stage.transact((tx) => tx.pinOf(id)))!;
  const callOf = (from: string) => ({ callId: `CA-${from}` as ProviderCallId, from });
  const { phoneEvents } = one;
  return {
    ...stage,
    right,
    wrong: right === '111111111' ? '222222222' : '111111111',
    dials: async (from: string) => (await phoneEvents.dialledIn(callOf(from))).say,
    enters: async (from: string, digits: string, attempt = 1) =>
      phoneEvents.pinEntered(callOf(from), digits, attempt),
  };
};
const NUMBER = '+442079460001';
const OTHER = '+442079460002';

describe('a caller with the PIN of a meeting', () => {
  it('joins it', async () => {
    const { dials, enters, right } = await openDialIn();
    expect(await dials(NUMBER)).toEqual([SPOKEN.welcome]);
    expect(await enters(NUMBER, right)).toMatchObject({ next: 'connect' });
  });

  it('is asked again for a wrong one, and hung up after the third', async () => {
    const { enters, wrong } = await openDialIn();
    expect(await enters(NUMBER, wrong, 1)).toEqual({ next: 'ask-pin', say: [SPOKEN.wrongPin], attempt: 2 });
    expect(await enters(NUMBER, wrong, 2)).toEqual({ next: 'ask-pin', say: [SPOKEN.wrongPin], attempt: 3 });
    expect(await enters(NUMBER, wrong, 3)).toEqual({ next: 'hang-up', say: [SPOKEN.wrongPinAtLast] });
  });
});

describe('wrong PINs', () => {
  it('lock out the number that enters them, and no other', async () => {
    const { dials, enters, right, wrong } = await openDialIn();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await enters(NUMBER, wrong)).say).toEqual([SPOKEN.wrongPin]);
    }
    for (const digits of [wrong, right]) {
      expect((await enters(NUMBER, digits)).say).toEqual([SPOKEN.tooManyPins]);
    }
    expect(await dials(NUMBER)).toEqual([SPOKEN.tooManyPins]);
    expect(await dials(OTHER)).toEqual([SPOKEN.welcome]);
    expect(await enters(OTHER, right)).toMatchObject({ next: 'connect' });
  });

  it('of callers who withhold their number count together, whatever the network calls them', async () => {
    const { dials, enters, wrong } = await openDialIn();
    const names = ['anonymous', '+266696687', '', 'Restricted', 'unknown'];
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect((await enters(names[attempt % names.length]!, wrong)).say).toEqual([SPOKEN.wrongPin]);
    }
    for (const name of names) expect(await dials(name)).toEqual([SPOKEN.tooManyPins]);
    expect(await dials(OTHER)).toEqual([SPOKEN.welcome]);
  });

  it('of very many numbers lock out everyone, for an hour', async () => {
    const { dials, transact, clock } = await openDialIn();
    await transact(async (tx) => {
      for (let count = 0; count < 600; count += 1) await tx.addWrongPin(NUMBER as PhoneNumber, clock.nowMs());
    });
    expect(await dials(OTHER)).toEqual([SPOKEN.tooManyPins]);
    await clock.advance(3_601_000);
    expect(await dials(OTHER)).toEqual([SPOKEN.welcome]);
  });
});
