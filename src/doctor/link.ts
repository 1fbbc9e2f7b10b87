import { randomUUID } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** Long enough to send it to a colleague who opens it at once; short for a link that anybody may use. */
const VALID_FOR_S = 30 * 60;

const audience = 'parley:doctor';
const claims = z.object({ jti: z.string().min(1).max(64) });

/**
 * A signed, expiring token for the page that tests a connection (JWT, HS256). It opens nothing else, and names
 * nobody.
 */
export const signDoctorLink = (secret: Uint8Array, nowMs: number): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(nowMs / 1000) + VALID_FOR_S)
    .sign(secret);

/** What tells this link from others; null for what this secret did not sign, for another purpose, or too long ago. */
export const verifyDoctorLink = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<{ readonly visitor: string } | null> => {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(nowMs),
    });
    return { visitor: claims.parse(payload).jti };
  } catch {
    return null;
  }
};

/** The address of the page. */
export const doctorUrl = (base: string, token: string): string => `${base}/doctor/${token}`;
