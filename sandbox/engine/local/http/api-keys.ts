import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Whether a request carries one of the keys: `Authorization: Token KEY` (or Bearer), or for WebSockets in
 * browsers the subprotocols `token, KEY`. Takes the same time for every wrong key.
 */
export const createKeyCheck = (keys: readonly string[]): ((request: IncomingMessage) => boolean) => {
  const known = keys.map(digest);
  return (request) => {
    const [, fromHeader] = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
    const [, fromProtocol] = /^token, *(.+)$/i.exec(request.headers['sec-websocket-protocol'] ?? '') ?? [];
    const given = digest(fromHeader ?? fromProtocol ?? '');
    return known.some((key) => timingSafeEqual(key, given));
  };
};
