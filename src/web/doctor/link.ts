import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createTokens } from '../tokens.ts';

const tokens = createTokens({
  audience: 'parley:doctor',
  // Long enough to send it to a colleague who opens it at once; short for a link that anybody may use.
  validForS: 30 * 60,
  claims: z.object({ jti: z.string().min(1).max(64) }),
});

/** A signed, expiring token for the page that tests a connection. It opens nothing else, and names nobody. */
export const signDoctorLink = (secret: Uint8Array, nowMs: number): Promise<string> =>
  tokens.sign({ jti: randomUUID() }, secret, nowMs);

/** What tells this link from others; null for what this secret did not sign, for another purpose, or too long ago. */
export const verifyDoctorLink = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<{ readonly visitor: string } | null> => {
  const claims = await tokens.verify(token, secret, nowMs);
  return claims === null ? null : { visitor: claims.jti };
};

/** The address of the page. */
export const doctorUrl = (base: string, token: string): string => `${base}/doctor/${token}`;
