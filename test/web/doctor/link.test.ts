import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import type { ConversationId, MemberId, WorkspaceId } from '../../../src/core/ids.ts';
import { signDoctorLink, verifyDoctorLink } from '../../../src/web/doctor/link.ts';
import { signPass, verifyPass } from '../../../src/web/meetings/link.ts';

const secret = new TextEncoder().encode('a secret that is long enough for this');
const other = new TextEncoder().encode('another secret, as long as the first');
const NOW = Date.UTC(2026, 10, 22);

it('is good for half an hour, and every link is another visitor', async () => {
  const [first, second] = [await signDoctorLink(secret, NOW), await signDoctorLink(secret, NOW)];
  const visitor = (await verifyDoctorLink(first, secret, NOW + 29 * 60_000))?.visitor;
  expect(visitor).toMatch(/.{8}/);
  expect((await verifyDoctorLink(second, secret, NOW))?.visitor).not.toBe(visitor);
  expect(await verifyDoctorLink(first, secret, NOW + 31 * 60_000)).toBeNull();
});

it('is refused when another secret signed it, or no one did, or it is altered', async () => {
  const token = await signDoctorLink(secret, NOW);
  const none = `${btoa('{"alg":"none"}')}.${token.split('.')[1]}.`;
  expect(await verifyDoctorLink(token, other, NOW)).toBeNull();
  expect(await verifyDoctorLink(none.replaceAll('=', ''), secret, NOW)).toBeNull();
  expect(await verifyDoctorLink(`${token.slice(0, -4)}AAAA`, secret, NOW)).toBeNull();
  const endless = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience('parley:doctor')
    .setJti('x')
    .sign(secret);
  expect(await verifyDoctorLink(endless, secret, NOW)).toBeNull();
});

it('opens no meeting, and no link into a meeting opens it', async () => {
  const pass = {
    conversationId: 'm1' as ConversationId,
    workspaceId: 'T1' as WorkspaceId,
    personId: 'U1' as MemberId,
  };
  expect(await verifyDoctorLink(await signPass(pass, secret, NOW), secret, NOW)).toBeNull();
  expect(await verifyPass(await signDoctorLink(secret, NOW), secret, NOW)).toBeNull();
});
