import { describe, expect, it } from 'vitest';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import type { ProviderCallId } from '../../../src/core/ids.ts';
import { createPhoneEvents } from '../../../src/flows/calls/phone-events.ts';
import { telephoneStage } from '../support/phones.ts';

/** Who guesses PINs, with the real database. */
const { house, begun, transact } = telephoneStage();
const RIGHT = '123456789';
const WRONG = '987654321';

const opened = () => {
  const { ports } = house({ missing: () => 'Media are starting.', monotonicMs: later() });
  const calls = createPhoneEvents(ports);
  const callOf = (from: string) => ({ callId: `CA-${from}` as ProviderCallId, from });
  return {
    rings: async (from: string) => (await calls.dialledIn(callOf(from))).say,
    enters: async (from: string, digits: string) => (await calls.pinEntered(callOf(from), digits, 1)).say,
  };
};
/** Nobody waits here for media. */
const later = () => {
  let nowMs = 0;
  return () => {
    nowMs += 10_000;
    return nowMs;
  };
};

describe('wrong PINs', () => {
  it('shut out the number that gives them, and nobody else', async () => {
    const { id } = await begun('meeting');
    await transact((tx) => tx.givePin(id, [RIGHT]));
    const { rings, enters } = opened();
    const [caller, other] = ['+442079460001', '+442079460002'];
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await enters(caller, WRONG)).toEqual([SPOKEN.wrongPin]);
    }
    for (const digits of [WRONG, RIGHT]) {
      expect(await enters(caller, digits)).toEqual([SPOKEN.tooManyPins]);
    }
    expect(await rings(caller)).toEqual([SPOKEN.tooManyPins]);
    expect(await rings(other)).toEqual([SPOKEN.welcome]);
    expect(await enters(other, RIGHT)).toEqual([SPOKEN.notReady]);
  });

  it('of those who hide their number count together, however the network calls them', async () => {
    const { rings, enters } = opened();
    const names = ['anonymous', '+266696687', '', 'Restricted', 'unknown'];
    for (let guess = 0; guess < 50; guess += 1) {
      expect(await enters(names[guess % names.length]!, WRONG)).toEqual([SPOKEN.wrongPin]);
    }
    for (const name of names) expect(await rings(name)).toEqual([SPOKEN.tooManyPins]);
    expect(await rings('+442079460002')).toEqual([SPOKEN.welcome]);
  });

  it('of very many numbers shut everybody out, for an hour', async () => {
    const { rings } = opened();
    const hourAgo = Date.now() - 3_600_000;
    await transact(async (tx) => {
      for (let guess = 0; guess < 600; guess += 1) await tx.addWrongPin('+442079460003' as never, hourAgo);
    });
    expect(await rings('+442079460004')).toEqual([SPOKEN.welcome]);
    await transact(async (tx) => {
      for (let guess = 0; guess < 600; guess += 1) await tx.addWrongPin('+442079460003' as never, Date.now());
    });
    expect(await rings('+442079460004')).toEqual([SPOKEN.tooManyPins]);
  });
});
