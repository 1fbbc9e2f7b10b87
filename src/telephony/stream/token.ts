import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import { callSid, legId } from '../sids.ts';

/** The longest notice is spoken before the sound connects, and the network takes a while to ask. */
const VALID_FOR_S = 10 * 60;

const audience = 'parley:telephone';
const claims = z.object({ l: legId, c: callSid, jti: z.string().min(1), exp: z.number() });

/** What the sound of a telephone brings along, to be let in once. */
export interface StreamPass {
  readonly legId: LegId;
  readonly callId: ProviderCallId;
}

/** A signed token for one leg and its call (JWT, HS256). With its name well below the 500 characters of a parameter. */
export const signStreamPass = (pass: StreamPass, secret: Uint8Array, nowMs: number): Promise<string> =>
  new SignJWT({ l: pass.legId, c: pass.callId })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(nowMs / 1000) + VALID_FOR_S)
    .sign(secret);

/** Null for anything that this secret did not sign, or for another purpose, or that expired. `id` is the token's own. */
export const verifyStreamPass = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<(StreamPass & { readonly id: string; readonly expiresAtMs: number }) | null> => {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(nowMs),
    });
    const { l, c, jti, exp } = claims.parse(payload);
    return { legId: l as LegId, callId: c as ProviderCallId, id: jti, expiresAtMs: exp * 1000 };
  } catch {
    return null;
  }
};

/** Remembers tokens until they expire, so that none is good twice in this process. */
export const createUsedTokens = (): ((id: string, expiresAtMs: number, nowMs: number) => boolean) => {
  const used = new Map<string, number>();
  return (id, expiresAtMs, nowMs) => {
    for (const [old, untilMs] of used) if (untilMs <= nowMs) used.delete(old);
    if (used.has(id)) return false;
    used.set(id, expiresAtMs);
    return true;
  };
};
