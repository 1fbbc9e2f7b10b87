import { describe, expect, it } from 'vitest';
import {
  NO_PHONES,
  type PhonesAction,
  type PhonesView,
  reducePhones,
  ringingHere,
} from '../../../../sandbox/page/phones/state.ts';
import type { Phone, PhoneCall, PhonesState } from '../../../../sandbox/phones/control/contract.ts';

const ANA = '+442079460101';
const BEN = '+442079460102';
const PARLEY = '+442079460100';

const call = (more: Partial<PhoneCall> = {}): PhoneCall => ({
  state: 'ringing',
  with: PARLEY,
  spoken: [],
  wantsKeys: false,
  connected: false,
  sinceMs: 1000,
  ...more,
});
const phone = (number: string, more: Partial<Phone> = {}): Phone => ({
  number,
  owner: null,
  behaviour: { type: 'ring' },
  call: null,
  lastSpoken: [],
  ...more,
});
const shows = (phones: readonly Phone[], nowMs = 5000): PhonesAction => ({
  type: 'shown',
  known: { parley: PARLEY, phones, recordings: [] } satisfies PhonesState,
  nowMs,
});
const viewOf = (...actions: PhonesAction[]): PhonesView => actions.reduce(reducePhones, NO_PHONES);
const picksUp = (number: string): PhonesAction => ({ type: 'pick-up', number });

describe('telephones that ring', () => {
  it('ring here only when somebody is to answer them here, and only until that', () => {
    const view = viewOf(
      shows([
        phone(ANA, { call: call() }),
        phone(BEN, { call: call(), behaviour: { type: 'no-answer' } }),
        phone('+442079460103', { call: call({ state: 'in-call' }) }),
        phone('+442079460104', { call: call({ state: 'calling' }) }),
      ]),
    );
    expect(ringingHere(view).map(({ number }) => number)).toEqual([ANA]);
    expect(ringingHere(NO_PHONES)).toEqual([]);
  });
});

describe('the telephone in hand', () => {
  it('is picked up with a microphone that is still asked for', () => {
    const view = viewOf(shows([phone(ANA, { call: call() })]), picksUp(ANA));
    expect(view.inHand).toEqual({ number: ANA, inCall: true, muted: false, microphone: 'asked' });
  });

  it('stays in hand until its call has begun, and is put down when that is over', () => {
    const dialling = viewOf(shows([phone(ANA)]), picksUp(ANA), shows([phone(ANA)]));
    expect(dialling.inHand).toMatchObject({ number: ANA, inCall: false });
    const talking = reducePhones(dialling, shows([phone(ANA, { call: call({ state: 'calling' }) })]));
    expect(talking.inHand).toMatchObject({ number: ANA, inCall: true });
    expect(reducePhones(talking, shows([phone(ANA)])).inHand).toBeNull();
  });

  it('gives way to another one that is picked up, which begins unmuted', () => {
    const both = [phone(ANA, { call: call() }), phone(BEN, { call: call() })];
    const view = viewOf(shows(both), picksUp(ANA), { type: 'mute', muted: true }, picksUp(BEN));
    expect(view.inHand).toMatchObject({ number: BEN, muted: false });
    // The first one's failure to be answered, told late, does not take the second one away.
    expect(reducePhones(view, { type: 'put-down', number: ANA }).inHand).toMatchObject({ number: BEN });
    expect(reducePhones(view, { type: 'put-down', number: BEN }).inHand).toBeNull();
  });

  it('stays as it is when it is picked up twice', () => {
    const view = viewOf(shows([phone(ANA, { call: call() })]), picksUp(ANA), { type: 'mute', muted: true });
    expect(reducePhones(view, picksUp(ANA))).toBe(view);
  });

  it('knows of its microphone, and nothing knows of it when nothing is in hand', () => {
    const found: PhonesAction = { type: 'microphone', microphone: 'refused' };
    expect(viewOf(shows([phone(ANA)]), picksUp(ANA), found).inHand).toMatchObject({ microphone: 'refused' });
    expect(viewOf(shows([phone(ANA)]), found).inHand).toBeNull();
  });

  it('is gone with all telephones', () => {
    expect(viewOf(shows([phone(ANA, { call: call() })]), picksUp(ANA), { type: 'absent' })).toEqual(
      NO_PHONES,
    );
  });
});

describe('a call that ended', () => {
  it('is told with how long somebody talked, until the next one', () => {
    const talking = viewOf(shows([phone(ANA, { call: call({ state: 'in-call' }) })]));
    const ended = reducePhones(talking, shows([phone(ANA)], 62_000));
    expect(ended.ended[ANA]).toEqual({ with: PARLEY, talkedMs: 61_000 });
    expect(reducePhones(ended, shows([phone(ANA)], 99_000)).ended[ANA]).toMatchObject({ talkedMs: 61_000 });
    expect(reducePhones(ended, shows([phone(ANA, { call: call() })])).ended).toEqual({});
  });

  it('was not answered when it only rang', () => {
    const rang = viewOf(shows([phone(ANA, { call: call() })]), shows([phone(ANA)]));
    expect(rang.ended[ANA]).toEqual({ with: PARLEY, talkedMs: null });
  });
});
