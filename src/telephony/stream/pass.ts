import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import { createTokens } from '../../web/tokens.ts';
import { callSid, legId } from '../schemas.ts';

const tokens = createTokens({
  audience: 'parley:phone',
  // The longest notice is played before the audio connects.
  validForS: 10 * 60,
  claims: z.object({ l: legId, c: callSid, jti: z.string().min(1), exp: z.number() }),
});

/** Which leg's audio connects, by the token that it brings. */
export interface StreamPass {
  readonly legId: LegId;
  readonly callId: ProviderCallId;
}

/** A signed token, well below the 500 characters of a stream parameter. */
export const signStreamPass = (
  { legId, callId }: StreamPass,
  secret: Uint8Array,
  nowMs: number,
): Promise<string> => tokens.sign({ l: legId, c: callId, jti: randomUUID() }, secret, nowMs);

/** Null for a token that is not signed with this secret, has another purpose, or expired. `id` is the token's own. */
export const verifyStreamPass = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<(StreamPass & { readonly id: string; readonly expiresAtMs: number }) | null> => {
  const claims = await tokens.verify(token, secret, nowMs);
  if (claims === null) return null;
  const { l, c, jti, exp } = claims;
  return { legId: l as LegId, callId: c as ProviderCallId, id: jti, expiresAtMs: exp * 1000 };
};

/** True for the first use of a token in this process. Tokens are remembered until they expire. */
export const createSingleUse = (): ((id: string, expiresAtMs: number, nowMs: number) => boolean) => {
  const used = new Map<string, number>();
  return (id, expiresAtMs, nowMs) => {
    for (const [old, untilMs] of used) if (untilMs <= nowMs) used.delete(old);
    if (used.has(id)) return false;
    used.set(id, expiresAtMs);
    return true;
  };
};
