import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A page sends a key that its browser keeps. */
const HEADER = 'parley-browser';
/** Scripts cannot set the headers of a WebSocket, but can offer subprotocols: `parley`, which is accepted, and this one. */
const PROTOCOL = /(?:^|,)\s*browser\.([^\s,]+)/;
const KEY = /^[0-9a-f]{64}$/;

/**
 * A hash of the key, so that no one who reads the database can pose as this browser. Null without a key, or with one
 * that no page of ours creates.
 */
export const browserOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null => {
  const key = headers[HEADER] ?? PROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1];
  return typeof key === 'string' && KEY.test(key) ? createHash('sha256').update(key).digest('hex') : null;
};
