import type { IncomingMessage } from 'node:http';

/** What the engine says about a connection that it refuses or closes. */

export const requestIdOf = (response: IncomingMessage): string | null => {
  const id = response.headers['dg-request-id'];
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id : null;
};

const MAX_REASON = 160;

/**
 * For the log: what happened, and the engine's own words about it (`dg-error`, the reason of a close), which never repeat
 * what someone said. Quoted parts may repeat a parameter, and are left out.
 */
export const reasonOf = (what: string, vendorWords: string | string[] | undefined): string => {
  const words = String(vendorWords ?? '')
    .replaceAll(/"[^"]*"|'[^']*'|`[^`]*`/g, '…')
    .replaceAll(/[^\x20-\x7e…]+/g, ' ')
    .trim()
    .slice(0, MAX_REASON);
  return words === '' ? what : `${what}: ${words}`;
};

/** Busy, slow, or the engine's own fault; any other status would be the same again. */
export const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Seconds only: an HTTP date depends on both clocks. */
export const parseRetryAfterMs = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,5}$/.test(header.trim()) ? Number(header) * 1000 : null;
