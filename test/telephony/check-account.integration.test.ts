import { afterEach, describe, expect, it } from 'vitest';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../sandbox/phones/server.ts';
import type { AppError } from '../../src/core/error.ts';
import type { PhoneNumber } from '../../src/core/ids.ts';
import { checkTelephony } from '../../src/telephony/check-account.ts';
import { silentLog } from '../media/support.ts';
import { ACCOUNT, AUTH_TOKEN, impatientClock } from './support.ts';

const NUMBER = PARLEY_NUMBER as PhoneNumber;
const options = {
  accountSid: ACCOUNT,
  authToken: AUTH_TOKEN,
  number: NUMBER,
  apiUrl: null,
  clock: impatientClock,
  log: silentLog,
};
const sentenceOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => expect.fail('nothing was thrown'),
    (error: AppError) => error.userMessage,
  );

describe('the account of the phone network on this machine', () => {
  const open = async (incomingUrl: string | null) => {
    const phones = await startPhones({
      accountSid: ACCOUNT,
      authToken: AUTH_TOKEN,
      parleyNumber: NUMBER,
      incomingUrl: () => incomingUrl,
      log: silentLog,
    });
    closers.push(() => phones.close());
    return { ...options, apiUrl: phones.url };
  };
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  it('is active, and its number has a webhook', async () => {
    const incoming = 'https://parley.example/telephony/incoming';
    expect(await checkTelephony(await open(incoming))).toEqual({
      account: 'active',
      trial: false,
      number: { voice: true, incoming: { method: 'POST', url: incoming } },
    });
    expect(await checkTelephony(await open(null))).toMatchObject({ number: { incoming: null } });
  });

  it('does not own another number with some of the same digits', async () => {
    const others = await open(null);
    for (const number of ['+442079460101', '+44207946010']) {
      const { number: found } = await checkTelephony({ ...others, number: number as PhoneNumber });
      expect(found).toBeNull();
    }
  });

  it('refuses credentials that are not its own', async () => {
    const theirs = await open(null);
    const stranger = { ...theirs, authToken: 'another token' };
    expect(await sentenceOf(checkTelephony(stranger))).toMatch(/doesn’t accept Parley’s credentials/);
    const foreign = { ...theirs, accountSid: `AC${'9'.repeat(32)}` };
    expect(await sentenceOf(checkTelephony(foreign))).toMatch(/doesn’t accept Parley’s credentials/);
  });
});
