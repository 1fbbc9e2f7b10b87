import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhonesState } from '../../phones/control/contract.ts';
import { panel } from './sentences.ts';

/** `+44 20 7946 0101`, as people read it. */
export const formatNumber = (number: string): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;

/** E.164 of what was typed; null when it is not a number with its country code. */
export function parseNumber(typed: string): string | null {
  const number = parsePhoneNumberFromString(typed.trim().replace(/^00/, '+'));
  return number?.isPossible() ? number.number : null;
}

/** Parley, the phone's owner, or the number itself. */
export function nameOfNumber(network: PhonesState, number: string): string {
  if (number === network.parley) return 'Parley';
  return network.phones.find((phone) => phone.number === number)?.owner ?? formatNumber(number);
}

/** "Ana’s phone", or its number. */
export const phoneLabel = (phone: { readonly owner: string | null; readonly number: string }): string =>
  phone.owner === null ? panel.phoneNumber(formatNumber(phone.number)) : panel.phoneOf(phone.owner);

/** `1:05`, `1:00:05`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}
