import { describe, expect, it } from 'vitest';
import type { PhoneNumber } from '../../src/core/ids.ts';
import { checkPhones, type PhoneSettings } from '../../src/doctor/checks/phones.ts';
import { findingText } from '../../src/doctor/report.ts';
import { refused } from '../../src/telephony/errors.ts';

const INCOMING = 'https://parley.example/telephony/incoming';
const WELL = {
  account: 'active',
  trial: false,
  number: { voice: true, incoming: { method: 'POST', url: INCOMING } },
} as const;
type Known = Awaited<ReturnType<PhoneSettings['checkAccount']>>;

const check = async (known: Partial<Known>, more: Partial<PhoneSettings> = {}) => {
  const found = await checkPhones({
    checkAccount: async () => ({ ...WELL, ...known }),
    plan: {
      callerId: '+442079460100' as PhoneNumber,
      countries: ['GB', 'DE'],
      defaultCountry: 'GB',
    },
    publicUrl: 'https://parley.example',
    nodeUrl: null,
    encrypted: true,
    incomingPath: '/telephony/incoming',
    ...more,
  });
  return { states: found.map(({ state }) => state), text: found.map(findingText).join('\n') };
};

describe('the doctor checks phones', () => {
  it('and finds nothing to say but what is well', async () => {
    const { states, text } = await check({});
    expect(new Set(states)).toEqual(new Set(['ok']));
    expect(text).toMatch(/accepts the credentials/);
    expect(text).toMatch(/\+44 20 7946 0100 belongs to the account, and has voice/);
    expect(text).toMatch(/callers of \+44 20 7946 0100 are asked for a PIN/);
    expect(text).toMatch(/calls are allowed to: .*United Kingdom and Germany\. .*: .*United Kingdom$/);
  });

  it.each([
    [{ account: 'suspended' }, /FAILED +Phones: the account is suspended.*\n.*credit/],
    [{ account: 'closed' }, /FAILED +Phones: the account is closed/],
    [
      { trial: true },
      /FAILED +Phones: the account is a trial: .*so Parley can make none\n.*Upgrade the account/,
    ],
    [{ number: null }, /FAILED .*\+44 20 7946 0100 does not belong to the account\n.*TWILIO_NUMBER/],
    [{ number: { ...WELL.number, voice: false } }, /FAILED .*\+44 20 7946 0100 has no voice\n/],
    [
      { number: { voice: true, incoming: { method: 'POST', url: 'https://demo.example/' } } },
      /note .*no one can dial in: .* leads to another address.*\n.*https:\/\/parley\.example\/telephony\/incoming, HTTP POST/,
    ],
    [
      { number: { voice: true, incoming: { method: 'GET', url: INCOMING } } },
      /note .*no one can dial in: .* leads to this Parley, but by GET\n/,
    ],
    [{ number: { voice: true, incoming: null } }, /note .*no one can dial in: .* leads to no webhook\n/],
  ] satisfies [Partial<Known>, RegExp][])('and says what to do where it finds %o', async (known, text) => {
    expect((await check(known)).text).toMatch(text);
  });

  it('and says where the network does not reach Parley', async () => {
    const failed = (publicUrl: string | null, encrypted = true) => check({}, { publicUrl, encrypted });
    expect((await failed(null)).text).toMatch(/FAILED .*no calls are possible: PUBLIC_URL is not set\n/);
    expect((await failed('http://parley.example')).text).toMatch(
      /FAILED .*http:\/\/parley\.example\) is not https\n/,
    );
    expect((await failed('https://localhost:3000')).text).toMatch(/FAILED .*Twilio cannot reach\n/);
    expect((await failed('https://parley.example:8443')).text).toMatch(
      /FAILED .*no calls are possible: PUBLIC_URL .*:8443\) has a port, .* port 443 only\n/,
    );
    const { text } = await check({}, { nodeUrl: 'https://one.parley.example:8443' });
    expect(text).toMatch(/FAILED .*no calls are possible: NODE_URL .*port 443 only\n.*this instance/);
    // The simulated network on this machine reaches it as it is.
    const { states } = await check(
      {
        number: {
          voice: true,
          incoming: { method: 'POST', url: 'http://127.0.0.1:3000/telephony/incoming' },
        },
      },
      { publicUrl: 'http://127.0.0.1:3000', encrypted: false },
    );
    expect(new Set(states)).toEqual(new Set(['ok']));
  });

  it('and tells what the network refuses in its own words, and the settings all the same', async () => {
    const { states, text } = await check({}, { checkAccount: () => Promise.reject(refused('It says no.')) });
    expect(states).toEqual(['failed', 'ok']);
    expect(text).toMatch(/FAILED +Phones: It says no\n.*TWILIO_AUTH_TOKEN/);
  });
});
