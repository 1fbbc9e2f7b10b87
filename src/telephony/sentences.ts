/** Everything that people read about calls when the phone network, which is Twilio, is the reason. */

// Set-up.

export const NO_PUBLIC_URL = 'Calling isn’t set up yet. Your Parley admin needs to set PUBLIC_URL.';
export const NOT_ENCRYPTED =
  'Calling isn’t set up yet. Your Parley admin needs to set PUBLIC_URL to an address that begins with https://.';

export const NOT_ON_443 =
  'Calling isn’t set up yet. Your Parley admin needs to set PUBLIC_URL to an https:// address without a port: ' +
  'Twilio sends audio to port 443 only.';

// What Twilio refuses, by its own error codes: https://www.twilio.com/docs/api/errors

const NO_SUCH_NUMBER = 'That number doesn’t exist. Check the digits and the country code.';
const UNREACHABLE = 'That number can’t be reached. Check it, or try another one.';
const BLOCKED = 'Calls to that number are blocked. Try another one.';
const COUNTRY_OFF =
  'Calls to that country are turned off in Twilio. ' +
  'Your Parley admin can allow them in the Twilio console, under Voice > Settings > Geo permissions.';
const ABROAD_OFF =
  'International calls are turned off in Twilio. ' +
  'Your Parley admin can allow them in the Twilio console, under Voice > Settings > Geo permissions.';
const PREMIUM = 'That’s a premium-rate number, which Twilio doesn’t call. Try another one.';
const TRIAL =
  'Parley’s Twilio account is a trial, and calls need an upgraded one. ' +
  'Your Parley admin can upgrade it in the Twilio console.';
const VOICE_OFF =
  'Calls are turned off for Parley’s Twilio account. Your Parley admin needs to ask Twilio’s support why.';
const CALLER_ID =
  'Twilio doesn’t accept the number that Parley calls from. ' +
  'Your Parley admin needs to check TWILIO_NUMBER: it has to belong to the Twilio account.';
const CREDENTIALS =
  'Twilio doesn’t accept Parley’s credentials. ' +
  'Your Parley admin needs to check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.';
const NO_CREDIT = 'Parley’s Twilio account is suspended or has no credit left. Ask your Parley admin.';
const OUR_URL = 'Twilio doesn’t accept Parley’s address. Your Parley admin needs to check PUBLIC_URL.';
export const CALL_OVER = 'The call has ended.';

/** Each with every code that means it. `test/contracts/twilio` holds them to Twilio’s dictionary. */
const CODES: readonly (readonly [string, readonly number[]])[] = [
  [NO_SUCH_NUMBER, [13_223, 13_224, 13_226, 21_211, 21_217, 21_421]],
  [UNREACHABLE, [21_214]],
  [BLOCKED, [13_225, 21_216]],
  [PREMIUM, [21_202]],
  [COUNTRY_OFF, [13_227, 21_215]],
  [ABROAD_OFF, [21_203]],
  [TRIAL, [10_002, 21_219, 573_002, 573_005]],
  [VOICE_OFF, [10_005, 20_010]],
  [NO_CREDIT, [10_001, 20_005]],
  [CALLER_ID, [13_214, 21_210, 21_212, 21_213]],
  [CREDENTIALS, [20_003, 20_006, 20_008]],
  [OUR_URL, [21_205, 21_402, 21_609]],
  [CALL_OVER, [21_220]],
];

const BY_CODE: ReadonlyMap<number, string> = new Map(
  CODES.flatMap(([sentence, codes]) => codes.map((code) => [code, sentence] as const)),
);

/** Why Twilio refuses, by its own code; null for codes that say nothing to people. */
export const sentenceOfCode = (code: number | null): string | null =>
  code === null ? null : (BY_CODE.get(code) ?? null);

/** The same by the status of the response. */
export const sentenceOfStatus = (status: number): string | null => {
  switch (status) {
    case 401:
    case 403:
      return CREDENTIALS;
    case 402:
      return NO_CREDIT;
    default:
      return null;
  }
};

export const refusedWith = (code: number): string =>
  `Twilio refused the request (error ${code}). Ask your Parley admin to look it up.`;

// What may pass. `AppError` adds what to do.

export const ALL_BUSY = 'All lines are busy right now.';
export const NOT_RESPONDING = 'The phone service isn’t responding.';
export const STOPPED = 'Parley restarted in the middle of a call.';

// Why a call failed.

export const CALL_FAILED = 'The call didn’t go through. Check the number, or try again later.';

/** By the SIP response of the other network. @see https://www.rfc-editor.org/rfc/rfc3261#section-21 */
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
      return 'The phone is switched off or out of reach.';
    default:
      return response !== null && response >= 500 && response < 600
        ? 'The other side’s phone network has a problem. Try again later.'
        : null;
  }
};

// Recordings of calls.

export const RECORDING_GONE = 'The recording of this call no longer exists.';
export const RECORDING_ELSEWHERE =
  'The recording of this call couldn’t be downloaded, because it isn’t on a Twilio server. Tell your Parley admin.';
export const RECORDING_TOO_LARGE =
  'The recording of this call is larger than 2 GB, so it can’t be transcribed.';

/** Spoken when the flows have no answer for a phone. */
export const APOLOGY = 'Sorry, something went wrong on our side. Please try again later. Goodbye.';
