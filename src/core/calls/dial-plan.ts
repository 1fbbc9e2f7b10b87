import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';
import type { DialPlan } from './types.ts';

/** The default is the country of Parley's own number, and no other. */
export const dialPlan = (configured: {
  readonly callerId: PhoneNumber;
  readonly countries: readonly string[] | null;
  readonly defaultCountry: string | null;
}): DialPlan => {
  const { callerId } = configured;
  const home = parsePhoneNumberFromString(callerId)?.country;
  const countries = configured.countries ?? [configured.defaultCountry ?? home ?? 'US'];
  const [first] = countries;
  return {
    callerId,
    countries,
    defaultCountry:
      configured.defaultCountry ?? (home !== undefined && countries.includes(home) ? home : first!),
  };
};
