import { describe, expect, it } from 'vitest';
import {
  INITIAL_PANEL,
  type PanelAction,
  type PanelState,
  reducePanel,
  ringingPhones,
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
const network = (phones: readonly Phone[], nowMs = 5000): PanelAction => ({
  type: 'network',
  network: { parley: PARLEY, phones, recordings: [] } satisfies PhonesState,
  nowMs,
});
const stateAfter = (...actions: PanelAction[]): PanelState => actions.reduce(reducePanel, INITIAL_PANEL);
const activate = (number: string): PanelAction => ({ type: 'activate', number });

describe('ringing phones', () => {
  it('are those that are to be answered here, until they are', () => {
    const state = stateAfter(
      network([
        phone(ANA, { call: call() }),
        phone(BEN, { call: call(), behaviour: { type: 'no-answer' } }),
        phone('+442079460103', { call: call({ state: 'in-call' }) }),
        phone('+442079460104', { call: call({ state: 'calling' }) }),
      ]),
    );
    expect(ringingPhones(state).map(({ number }) => number)).toEqual([ANA]);
    expect(ringingPhones(INITIAL_PANEL)).toEqual([]);
  });
});

describe('the active phone', () => {
  it('starts with a microphone that is pending', () => {
    const state = stateAfter(network([phone(ANA, { call: call() })]), activate(ANA));
    expect(state.active).toEqual({ number: ANA, inCall: true, muted: false, microphone: 'pending' });
  });

  it('stays active until its call has begun, and stops being active when that ends', () => {
    const dialling = stateAfter(network([phone(ANA)]), activate(ANA), network([phone(ANA)]));
    expect(dialling.active).toMatchObject({ number: ANA, inCall: false });
    const talking = reducePanel(dialling, network([phone(ANA, { call: call({ state: 'calling' }) })]));
    expect(talking.active).toMatchObject({ number: ANA, inCall: true });
    expect(reducePanel(talking, network([phone(ANA)])).active).toBeNull();
  });

  it('is replaced by another one, which starts unmuted', () => {
    const both = [phone(ANA, { call: call() }), phone(BEN, { call: call() })];
    const state = stateAfter(network(both), activate(ANA), { type: 'mute', muted: true }, activate(BEN));
    expect(state.active).toMatchObject({ number: BEN, muted: false });
    // A late failure of the first one does not deactivate the second.
    expect(reducePanel(state, { type: 'deactivate', number: ANA }).active).toMatchObject({ number: BEN });
    expect(reducePanel(state, { type: 'deactivate', number: BEN }).active).toBeNull();
  });

  it('does not change when it is activated twice', () => {
    const state = stateAfter(network([phone(ANA, { call: call() })]), activate(ANA), {
      type: 'mute',
      muted: true,
    });
    expect(reducePanel(state, activate(ANA))).toBe(state);
  });

  it('has the state of its microphone, which is ignored without an active phone', () => {
    const denied: PanelAction = { type: 'microphone', microphone: 'denied' };
    expect(stateAfter(network([phone(ANA)]), activate(ANA), denied).active).toMatchObject({
      microphone: 'denied',
    });
    expect(stateAfter(network([phone(ANA)]), denied).active).toBeNull();
  });

  it('is gone with the network', () => {
    expect(
      stateAfter(network([phone(ANA, { call: call() })]), activate(ANA), { type: 'no-network' }),
    ).toEqual(INITIAL_PANEL);
  });
});

describe('an ended call', () => {
  it('is shown with its duration until the next one', () => {
    const talking = stateAfter(network([phone(ANA, { call: call({ state: 'in-call' }) })]));
    const ended = reducePanel(talking, network([phone(ANA)], 62_000));
    expect(ended.ended[ANA]).toEqual({ with: PARLEY, talkedMs: 61_000 });
    expect(reducePanel(ended, network([phone(ANA)], 99_000)).ended[ANA]).toMatchObject({ talkedMs: 61_000 });
    expect(reducePanel(ended, network([phone(ANA, { call: call() })])).ended).toEqual({});
  });

  it('was not answered if it only rang', () => {
    const rang = stateAfter(network([phone(ANA, { call: call() })]), network([phone(ANA)]));
    expect(rang.ended[ANA]).toEqual({ with: PARLEY, talkedMs: null });
  });
});
