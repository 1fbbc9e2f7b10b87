import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ConversationId } from '../../../src/core/ids.ts';
import { signSample, verifySample } from '../../../src/web/recordings/sample-token.ts';

const secret = new TextEncoder().encode('a secret of at least thirty-two characters');
const other = new TextEncoder().encode('another secret of at least thirty-two chars');
const sample = { conversationId: 'c1' as ConversationId, voice: '0:1', startMs: 1_000, endMs: 6_000 };
const nowMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;

describe('a link to a sample', () => {
  it('leads to the sample it was made for', async () => {
    expect(await verifySample(await signSample(sample, secret, nowMs), secret, nowMs + 1)).toEqual(sample);
  });

  it('ends after an hour', async () => {
    const token = await signSample(sample, secret, nowMs);
    expect(await verifySample(token, secret, nowMs + hourMs - 2_000)).not.toBeNull();
    expect(await verifySample(token, secret, nowMs + hourMs + 2_000)).toBeNull();
  });

  it('is refused when someone else signed it', async () => {
    expect(await verifySample(await signSample(sample, other, nowMs), secret, nowMs)).toBeNull();
  });

  it('is refused when it was altered', async () => {
    const [header = '', , signature = ''] = (await signSample(sample, secret, nowMs)).split('.');
    const claims = Buffer.from(
      JSON.stringify({ c: 'c2', v: '0:1', s: 0, e: 1, aud: 'parley:sample', exp: 9e9 }),
    );
    expect(
      await verifySample([header, claims.toString('base64url'), signature].join('.'), secret, nowMs),
    ).toBeNull();
  });

  it('is refused without a signature', async () => {
    const unsigned = new UnsecuredJWT({ c: 'c1', v: '0:1', s: 0, e: 1 })
      .setAudience('parley:sample')
      .setExpirationTime(nowMs / 1000 + 60)
      .encode();
    expect(await verifySample(unsigned, secret, nowMs)).toBeNull();
  });

  it.each([
    [
      'made for something else',
      (token: SignJWT) => token.setAudience('parley:meeting').setExpirationTime(nowMs / 1000 + 60),
    ],
    ['that never ends', (token: SignJWT) => token.setAudience('parley:sample')],
  ])('is refused when it is one %s', async (_what, finish) => {
    const token = finish(new SignJWT({ c: 'c1', v: '0:1', s: 0, e: 1 }).setProtectedHeader({ alg: 'HS256' }));
    expect(await verifySample(await token.sign(secret), secret, nowMs)).toBeNull();
  });

  it.each(['', 'x', 'a.b.c', '../../etc/passwd'])('is refused when it is %j', async (token) => {
    expect(await verifySample(token, secret, nowMs)).toBeNull();
  });
});
