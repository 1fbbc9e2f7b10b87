import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { PhoneNumber } from '../ids.ts';
import type { DialPlan } from './types.ts';

/** What was not decided is as Parley's own number has it: its country alone. */
export const dialPlan = (decided: {
  readonly callerId: PhoneNumber;
  readonly countries: readonly string[] | null;
  readonly defaultCountry: string | null;
}): DialPlan => {
  const { callerId } = decided;
  const home = parsePhoneNumberFromString(callerId)?.country;
  const countries = decided.countries ?? [decided.defaultCountry ?? home ?? 'US'];
  const [first] = countries;
  return {
    callerId,
    countries,
    defaultCountry:
      decided.defaultCountry ?? (home !== undefined && countries.includes(home) ? home : first!),
  };
};
