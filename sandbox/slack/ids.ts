import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** An id in Slack's format: one or two letters for the kind and ten characters. */
export const newId = (prefix: string): string =>
  prefix + Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

export const newSecret = (bytes = 16): string => randomBytes(bytes).toString('hex');

/** A short random id, as Slack gives blocks and elements without one. */
export const shortId = (): string => randomBytes(4).toString('base64url').slice(0, 5);

export const newHash = (): string => `${Math.floor(Date.now() / 1000)}.${shortId()}${shortId()}`;

/**
 * Message ids: seconds and six digits, rising strictly even within one microsecond and across restarts.
 * `lastTs` is the newest one in the store.
 */
export const createTsClock = (lastTs: string | null): (() => string) => {
  let last = lastTs === null ? 0 : toMicros(lastTs);
  return () => {
    last = Math.max(Date.now() * 1000, last + 1);
    return fromMicros(last);
  };
};

const toMicros = (ts: string): number => Math.round(Number.parseFloat(ts) * 1_000_000);

const fromMicros = (micros: number): string =>
  `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`;
