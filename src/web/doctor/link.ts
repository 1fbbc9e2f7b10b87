import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createTokens } from '../tokens.ts';

const tokens = createTokens({
  audience: 'parley:doctor',
  // Long enough to send it to someone who opens it at once; short for a link that anyone may use.
  validForS: 30 * 60,
  claims: z.object({ jti: z.string().min(1).max(64) }),
});

/** A signed, expiring token for the connection test. It opens nothing else, and names no one. */
export const signDoctorLink = (secret: Uint8Array, nowMs: number): Promise<string> =>
  tokens.sign({ jti: randomUUID() }, secret, nowMs);

/** `visitor` is unique to the link. Null for a token that this secret did not sign, of another purpose, or expired. */
export const verifyDoctorLink = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<{ readonly visitor: string } | null> => {
  const claims = await tokens.verify(token, secret, nowMs);
  return claims === null ? null : { visitor: claims.jti };
};

/** The address of the connection test. */
export const doctorUrl = (base: string, token: string): string => `${base}/doctor/${token}`;
