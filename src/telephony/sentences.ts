/**
 * What people read when the telephone network says no, by its own numbers.
 * @see https://www.twilio.com/docs/api/errors
 */
const NO_SUCH_NUMBER =
  'The telephone network says that there is no such number. Please check it, with its country code.';
const UNREACHABLE = 'This number cannot be reached. Please check it, or try another one.';
const BLOCKED = 'The telephone network does not let Parley ring this number. Please try another one.';
const COUNTRY_OFF =
  'Calls to this country are not switched on in Parley’s Twilio account. ' +
  'Whoever runs Parley can allow it in the Twilio console, under Voice > Settings > Geo permissions.';
const TRIAL =
  'Parley’s Twilio account is a trial, which rings verified numbers only. ' +
  'Whoever runs Parley can verify this number in the Twilio console, or upgrade the account.';
const CALLER_ID =
  'The telephone network does not accept the number that Parley calls from. ' +
  'Please ask whoever runs Parley to check TWILIO_NUMBER: it has to be a number of the Twilio account.';
const CREDENTIALS =
  'The telephone network does not accept Parley’s credentials. ' +
  'Please ask whoever runs Parley to check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.';
const ACCOUNT_CLOSED =
  'Parley’s Twilio account is suspended or has no credit left. Please ask whoever runs Parley to look after it.';
const OUR_ADDRESS =
  'The telephone network does not accept Parley’s own address. Please ask whoever runs Parley to check PUBLIC_URL.';

const CALL_OVER = 'The call is not on any more.';

const BY_CODE: ReadonlyMap<number, string> = new Map([
  ...[13_223, 13_224, 13_226, 21_201, 21_211, 21_217, 21_421].map((code) => [code, NO_SUCH_NUMBER] as const),
  [21_214, UNREACHABLE],
  [21_220, CALL_OVER],
  ...[13_225, 21_216].map((code) => [code, BLOCKED] as const),
  ...[13_227, 21_215, 32_205].map((code) => [code, COUNTRY_OFF] as const),
  [21_219, TRIAL],
  ...[13_214, 21_202, 21_210, 21_212, 21_213].map((code) => [code, CALLER_ID] as const),
  ...[20_003, 20_006].map((code) => [code, CREDENTIALS] as const),
  ...[10_001, 10_002, 20_005, 20_402].map((code) => [code, ACCOUNT_CLOSED] as const),
  ...[21_205, 21_609, 21_626].map((code) => [code, OUR_ADDRESS] as const),
]);

/** Why the network will not do it, by its own code for that; null for codes that say nothing to people. */
export const sentenceOfCode = (code: number | null): string | null =>
  code === null ? null : (BY_CODE.get(code) ?? null);

/** The same by the status of its answer. */
export const sentenceOfStatus = (status: number): string | null => {
  switch (status) {
    case 401:
    case 403:
      return CREDENTIALS;
    case 402:
      return ACCOUNT_CLOSED;
    default:
      return null;
  }
};

/** Why a call failed, by what the far network answered. @see https://www.rfc-editor.org/rfc/rfc3261#section-21 */
export const sentenceOfSip = (response: number | null): string | null => {
  switch (response) {
    case 404:
    case 410:
    case 484:
    case 604:
      return NO_SUCH_NUMBER;
    case 403:
    case 603:
    case 607:
    case 608:
      return BLOCKED;
    case 480:
      return 'The telephone is switched off or out of reach.';
    default:
      return response !== null && response >= 500 && response < 600
        ? 'The telephone network of the other side is in trouble. Please try again later.'
        : null;
  }
};
