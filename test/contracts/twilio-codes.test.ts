import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PhoneFault, toPhoneError } from '../../src/telephony/errors.ts';
import { sentenceOfCode } from '../../src/telephony/sentences.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const dictionary = new Map(
  (JSON.parse(read('twilio/error-codes.json')) as { codes: { code: number; message: string }[] }).codes.map(
    ({ code, message }) => [code, message] as const,
  ),
);

/** Codes that are newer than the dictionary, or outside of its ranges, with what README.md or the vendor says of them. */
const NEWER: ReadonlyMap<number, string> = new Map([
  [10_005, 'voice off'],
  [573_002, 'trial numbers'],
  [573_005, 'trial numbers'],
  // Of the stand-in alone, by the vendor's pages of the same number: they reach nobody but its log of faults.
  [11_100, 'Invalid URL format'],
  [13_310, 'Gather: Invalid finishOnKey value'],
  [13_314, 'Gather: Invalid numDigits value'],
  [13_335, 'Gather: Invalid input value'],
  [13_520, 'Say: Invalid text'],
]);

/** Reviewed: what the dictionary says of each code that has a sentence, and what people read. */
const REVIEWED: readonly (readonly [code: number, meaning: string, sentence: RegExp])[] = [
  [10_001, 'Account is not active', /account is suspended or has no credit/],
  [10_002, 'Trial accounts do not support the feature you tried to use', /is a trial.*upgrade/],
  [10_005, 'voice off', /^Calls are turned off for Parley’s Twilio account/],
  [13_214, 'Dial: Invalid callerId value', /TWILIO_NUMBER/],
  [13_223, 'Dial: Invalid phone number format', /^That number doesn’t exist/],
  [13_224, 'Dial: Twilio does not support calling this number or the number is invalid', /doesn’t exist/],
  [13_225, 'Dial: Call blocked by Twilio block list', /^Calls to that number are blocked/],
  [13_226, 'Dial: Invalid country code', /doesn’t exist.*country code/],
  [13_227, 'Geo Permission configuration is not permitting call', /^Calls to that country are turned off/],
  [20_003, 'Permission Denied', /credentials/],
  [20_005, 'Account not active', /account is suspended or has no credit/],
  [20_006, 'Access Denied', /credentials/],
  [20_008, 'Test Credentials', /credentials/],
  [20_010, 'Action disabled for account', /^Calls are turned off for Parley’s Twilio account/],
  [21_202, 'Called number is a premium number', /premium-rate number/],
  [21_203, 'International calling not enabled', /^International calls are turned off/],
  [21_205, 'Invalid URL', /PUBLIC_URL/],
  [21_210, "'From' phone number not verified", /TWILIO_NUMBER/],
  [21_211, "Invalid 'To' Phone Number", /doesn’t exist/],
  [21_212, 'Invalid From Number (caller ID)', /TWILIO_NUMBER/],
  [21_213, 'Caller phone number is required', /TWILIO_NUMBER/],
  [21_214, "'To' phone number cannot be reached", /can’t be reached/],
  [21_215, 'Geo Permission configuration is not permitting call', /^Calls to that country are turned off/],
  [21_216, 'API: Call blocked by Twilio blocklist', /blocked/],
  [21_217, 'Phone number does not appear to be valid', /doesn’t exist/],
  [21_219, "'To' phone number not verified", /is a trial.*upgrade/],
  [21_220, 'Invalid call state', /^The call has ended/],
  [21_402, 'Invalid Url', /PUBLIC_URL/],
  [21_421, 'Phone Number is invalid', /doesn’t exist/],
  [21_609, "Invalid 'StatusCallback'", /PUBLIC_URL/],
  [573_002, 'trial numbers', /is a trial.*upgrade/],
  [573_005, 'trial numbers', /is a trial.*upgrade/],
];

const meaningOf = (code: number): string | undefined => dictionary.get(code) ?? NEWER.get(code);

describe('error codes of the phone network', () => {
  it('mean what Twilio’s dictionary says of them', () => {
    for (const [code, meaning, sentence] of REVIEWED) {
      expect([code, meaningOf(code)]).toEqual([code, meaning]);
      expect([code, sentenceOfCode(code)]).toEqual([code, expect.stringMatching(sentence)]);
    }
  });

  it('have no sentence that was not reviewed', () => {
    const reviewed = new Set(REVIEWED.map(([code]) => code));
    const all = [
      ...dictionary.keys(),
      ...NEWER.keys(),
      ...Array.from({ length: 90_000 }, (_, at) => 10_000 + at),
    ];
    expect(all.filter((code) => sentenceOfCode(code) !== null && !reviewed.has(code))).toEqual([]);
  });

  it('are newer than the dictionary only where it has none', () => {
    expect([...NEWER.keys()].filter((code) => dictionary.has(code))).toEqual([]);
  });

  it.each([
    [10_004, 'Call concurrency limit exceeded'],
    [20_429, 'Too Many Requests'],
  ])('that pass are no refusal: %i', (code, meaning) => {
    expect(dictionary.get(code)).toBe(meaning);
    expect(toPhoneError(new PhoneFault(429, String(code)))).toMatchObject({
      code: 'call-failed',
      retryable: true,
    });
  });

  it('do not say that lines are busy where a setting is wrong', () => {
    expect(dictionary.get(21_405)).toBe('Cannot set VoiceFallbackUrl without setting Url');
    expect(toPhoneError(new PhoneFault(400, '21405'))).toMatchObject({
      code: 'call-refused',
      retryable: false,
    });
  });

  it('of the simulated network are Twilio’s', () => {
    expect(codesOfStandIn().filter((code) => meaningOf(code) === undefined)).toEqual([]);
  });
});

/** Every code that the simulated network answers or reports. */
const codesOfStandIn = (): readonly number[] => {
  const root = fileURLToPath(new URL('../../sandbox/phones', import.meta.url));
  const text = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${root}/${name}`, 'utf8'))
    .join('\n');
  const found = [
    ...text.matchAll(/RestError\(\s*\d{3},\s*([\d_]+)/g),
    ...text.matchAll(/TwimlFault\(\s*([\d_]+)/g),
    ...text.matchAll(/\bcode: ([\d_]+)/g),
    ...text.matchAll(/\b(?:target\(.*, |[A-Z_]+ = )(1[1-6]_?\d{3}|2[01]_?\d{3}|31_?\d{3})\b/g),
  ].map((match) => Number(match[1]!.replaceAll('_', '')));
  // The patterns must go on finding them.
  expect(found.length).toBeGreaterThan(30);
  return [...new Set(found)];
};
