import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import { createTokens } from '../../web/tokens.ts';
import { callSid, legId } from '../sids.ts';

const tokens = createTokens({
  audience: 'parley:telephone',
  // The longest notice is spoken before the sound connects, and the network takes a while to ask.
  validForS: 10 * 60,
  claims: z.object({ l: legId, c: callSid, jti: z.string().min(1), exp: z.number() }),
});

/** What the sound of a telephone brings along, to be let in once. */
export interface StreamPass {
  readonly legId: LegId;
  readonly callId: ProviderCallId;
}

/** A signed token for one leg and its call. With its name well below the 500 characters of a parameter. */
export const signStreamPass = (
  { legId, callId }: StreamPass,
  secret: Uint8Array,
  nowMs: number,
): Promise<string> => tokens.sign({ l: legId, c: callId, jti: randomUUID() }, secret, nowMs);

/** Null for anything that this secret did not sign, or for another purpose, or that expired. `id` is the token's own. */
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
