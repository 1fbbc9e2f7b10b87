import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A page says which browser it is in by a key that its browser keeps. @see src/pages/meeting/signalling/browser-key.ts */
const HEADER = 'parley-browser';
/** Scripts cannot set headers of a socket, but may offer protocols: `parley`, which is taken, and this one. */
const PROTOCOL = /(?:^|,)\s*browser\.([^\s,]+)/;
const KEY = /^[0-9a-f]{64}$/;

/**
 * What is kept of the key, so that nobody who reads the database can come as this browser. Null without a key, or
 * with one that no page of ours makes.
 */
export const browserOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null => {
  const key = headers[HEADER] ?? PROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1];
  return typeof key === 'string' && KEY.test(key) ? createHash('sha256').update(key).digest('hex') : null;
};
