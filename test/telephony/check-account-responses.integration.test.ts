import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import type { AppError } from '../../src/core/error.ts';
import type { PhoneNumber } from '../../src/core/ids.ts';
import { checkTelephony } from '../../src/telephony/check-account.ts';
import { silentLog } from '../media/support.ts';
import { ACCOUNT, AUTH_TOKEN, impatientClock } from './support.ts';

const NUMBER = PARLEY_NUMBER as PhoneNumber;
const ROOT = `/2010-04-01/Accounts/${ACCOUNT}`;
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

describe('the account of the vendor', () => {
  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([]);
    nock.cleanAll();
    nock.enableNetConnect();
  });
  const api = () => nock('https://api.twilio.com').matchHeader('authorization', /^Basic /);
  const account = (more: object = {}) =>
    api()
      .get(`${ROOT}.json`)
      .reply(200, { sid: ACCOUNT, status: 'active', type: 'Full', ...more });
  const numbers = (...more: object[]) =>
    api()
      .get(`${ROOT}/IncomingPhoneNumbers.json`)
      .query((query) => query.PhoneNumber === NUMBER)
      .reply(200, {
        incoming_phone_numbers: more.map((each) => ({
          phone_number: NUMBER,
          capabilities: { voice: true, sms: true, mms: false, fax: false },
          voice_url: 'https://demo.twilio.com/welcome/voice/',
          voice_method: 'GET',
          voice_application_sid: '',
          trunk_sid: null,
          ...each,
        })),
        next_page_uri: null,
      });

  it('may be a trial, or suspended', async () => {
    account({ type: 'Trial', status: 'suspended' });
    numbers({});
    expect(await checkTelephony(options)).toEqual({
      account: 'suspended',
      trial: true,
      number: { voice: true, incoming: { method: 'GET', url: 'https://demo.twilio.com/welcome/voice/' } },
    });
  });

  it.each([
    ['an application', { voice_application_sid: `AP${'1'.repeat(32)}` }],
    ['a trunk', { trunk_sid: `TK${'1'.repeat(32)}` }],
    ['nothing', { voice_url: '' }],
  ])('has a number that leads to %s instead of a URL', async (_what, more) => {
    account();
    numbers(more);
    expect((await checkTelephony(options)).number?.incoming).toBeNull();
  });

  it('has a number without voice, or not this number', async () => {
    account();
    numbers({ capabilities: { voice: false, sms: true, mms: true, fax: false } });
    expect((await checkTelephony(options)).number?.voice).toBe(false);
    account();
    numbers();
    expect((await checkTelephony(options)).number).toBeNull();
  });

  it('is fetched again while the network has a problem, with a sentence when that lasts', async () => {
    api().get(`${ROOT}.json`).reply(503, {});
    account();
    numbers({});
    expect(await checkTelephony(options)).toMatchObject({ account: 'active' });
    api().get(`${ROOT}.json`).times(3).reply(503, {});
    expect(await sentenceOf(checkTelephony(options))).toMatch(/isn’t responding/);
    account({ status: 'who knows' });
    expect(await sentenceOf(checkTelephony(options))).toMatch(/isn’t responding/);
  });
});
