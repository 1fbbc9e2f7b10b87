import { expect, it } from 'vitest';
import { turnServer } from '../../src/media/turn.ts';

it('makes credentials that a relay with the same secret can check, and that expire', async () => {
  const urls = ['turns:turn.example.com:443?transport=tcp'];
  const server = turnServer({ urls, secret: 'shared', personId: 'p1', nowMs: 1_000_500, validForMs: 60_000 });
  expect(server).toMatchObject({ urls, username: '1061:p1' });
  // As the relay does it, with another implementation of the same HMAC.
  const usage = { name: 'HMAC', hash: 'SHA-1' };
  const key = await crypto.subtle.importKey('raw', Buffer.from('shared'), usage, false, ['verify']);
  const verify = (username: string) =>
    crypto.subtle.verify('HMAC', key, Buffer.from(server.credential ?? '', 'base64'), Buffer.from(username));
  expect(await verify('1061:p1')).toBe(true);
  expect(await verify('9999:p1')).toBe(false);
});
