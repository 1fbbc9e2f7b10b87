import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ConversationId, MemberId, WorkspaceId } from '../../../src/core/ids.ts';
import { signPass, verifyPass } from '../../../src/web/meetings/link.ts';
import { signSample } from '../../../src/web/recordings/sample-token.ts';

const secret = new TextEncoder().encode('a secret of thirty-two characters');
const pass = {
  conversationId: 'm1' as ConversationId,
  workspaceId: 'T1' as WorkspaceId,
  personId: 'U1' as MemberId,
};
const NOW = 1_800_000_000_000;
const MINUTE = 60_000;

describe('a link into a meeting', () => {
  it('says who it is for, where, and for ten minutes', async () => {
    const token = await signPass(pass, secret, NOW);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    expect(await verifyPass(token, secret, NOW + 9.9 * MINUTE)).toEqual({ id, pass, expired: false });
    expect(await verifyPass(token, secret, NOW + 10.1 * MINUTE)).toEqual({ id, pass, expired: true });
    expect(await verifyPass(token, secret, NOW + 25 * 60 * MINUTE)).toBeNull();
  });

  it('is another one each time', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => (await verifyPass(await signPass(pass, secret, NOW), secret, NOW))?.id),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('is nothing when altered, signed by someone else, by no one, or for something else', async () => {
    const token = await signPass(pass, secret, NOW);
    const [header, payload, signature] = token.split('.');
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(payload!, 'base64url').toString()), sub: 'U2' }),
    ).toString('base64url');
    const claims = { c: 'm1', w: 'T1', jti: 'a-link' };
    const unsigned = new UnsecuredJWT(claims)
      .setSubject('U1')
      .setAudience('parley:meeting')
      .setExpirationTime(NOW / 1_000 + 60)
      .encode();
    const forever = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('U1')
      .setAudience('parley:meeting')
      .sign(secret);
    const sample = await signSample(
      { conversationId: pass.conversationId, voice: '0:0', startMs: 0, endMs: 1 },
      secret,
      NOW,
    );
    const bad = [
      `${header}.${forged}.${signature}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      unsigned,
      forever,
      sample,
      await signPass(pass, new TextEncoder().encode('another secret of thirty-two chars'), NOW),
      await signPass({ ...pass, workspaceId: '' as WorkspaceId }, secret, NOW),
      '',
      'x'.repeat(10_000),
    ];
    for (const token of bad) expect(await verifyPass(token, secret, NOW)).toBeNull();
  });
});
