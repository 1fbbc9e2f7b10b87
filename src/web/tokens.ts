import { jwtVerify, SignJWT } from 'jose';
import type { z } from 'zod';

/** Tokens of one purpose: signed with Parley's secret, valid for a while, and for nothing else. */
export interface Tokens<Claims> {
  sign(claims: Omit<Claims, 'exp'>, secret: Uint8Array, nowMs: number): Promise<string>;
  /**
   * Null for a token that this secret did not sign, of another purpose, or expired for longer than `graceS`, which is
   * none by default.
   */
  verify(token: string, secret: Uint8Array, nowMs: number, graceS?: number): Promise<Claims | null>;
}

/** JWT, HS256. `claims` parses a token's claims; with `exp` in it, that is given too (in seconds). */
export const createTokens = <Claims extends Record<string, unknown>>(purpose: {
  readonly audience: string;
  readonly validForS: number;
  readonly claims: z.ZodType<Claims>;
}): Tokens<Claims> => ({
  sign: (claims, secret, nowMs) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose.audience)
      .setExpirationTime(Math.floor(nowMs / 1000) + purpose.validForS)
      .sign(secret),
  async verify(token, secret, nowMs, graceS = 0) {
    try {
      const { payload } = await jwtVerify(token, secret, {
        algorithms: ['HS256'],
        audience: purpose.audience,
        requiredClaims: ['exp'],
        currentDate: new Date(nowMs),
        clockTolerance: graceS,
      });
      return purpose.claims.parse(payload);
    } catch {
      return null;
    }
  },
});
