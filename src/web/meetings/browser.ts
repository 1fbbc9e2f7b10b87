import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A page sends a key that its browser keeps, after the version of the protocol that the page speaks. */
const HEADER = 'parley-browser';
/** Scripts cannot set the headers of a WebSocket, but can offer subprotocols: `parley`, which is accepted, and this one. */
const SUBPROTOCOL = /(?:^|,)\s*browser\.([^\s,]+)/;
/** Goes up, here and in the page, when a page that is open during an update could not follow the server's messages. */
const CURRENT_VERSION = /^v2-([0-9a-f]{64})$/;

/**
 * A hash of the key, so that no one who reads the database can pose as this browser. Null without a key, and for a page
 * of another version, which is then asked to reload.
 */
export const browserOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | null => {
  const value = headers[HEADER] ?? SUBPROTOCOL.exec(headers['sec-websocket-protocol'] ?? '')?.[1];
  const key = typeof value === 'string' ? CURRENT_VERSION.exec(value)?.[1] : undefined;
  return key === undefined ? null : createHash('sha256').update(key).digest('hex');
};
