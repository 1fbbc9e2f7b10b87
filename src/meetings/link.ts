import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { ConversationId, MemberId, WorkspaceId } from '../core/ids.ts';
import type { MeetingPass } from '../core/ports.ts';

/** Long enough to look at oneself and find the microphone; short for a link that leaks. */
const VALID_FOR_S = 10 * 60;
/**
 * What an expired link is still believed: who its page is, when it comes back with the token of its place. Longer
 * than any meeting.
 */
const KNOWN_FOR_S = 24 * 60 * 60;

const audience = 'parley:meeting';
const claims = z.object({ c: z.string().min(1), w: z.string().min(1), sub: z.string().min(1) });

/** A signed, expiring token for one person, one meeting and one workspace (JWT, HS256). */
export const signPass = (pass: MeetingPass, secret: Uint8Array, nowMs: number): Promise<string> =>
  new SignJWT({ c: pass.conversationId, w: pass.workspaceId })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setSubject(pass.personId)
    .setExpirationTime(Math.floor(nowMs / 1000) + VALID_FOR_S)
    .sign(secret);

/** Null for anything that this secret did not sign, or for another purpose, or more than a day ago. */
export const verifyPass = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<{ readonly pass: MeetingPass; readonly expired: boolean } | null> => {
  try {
    return { pass: await verify(token, secret, nowMs, 0), expired: false };
  } catch (error) {
    if (!(error instanceof errors.JWTExpired)) return null;
  }
  try {
    return { pass: await verify(token, secret, nowMs, KNOWN_FOR_S), expired: true };
  } catch {
    return null;
  }
};

const verify = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
  clockTolerance: number,
): Promise<MeetingPass> => {
  const { payload } = await jwtVerify(token, secret, {
    algorithms: ['HS256'],
    audience,
    requiredClaims: ['exp', 'sub'],
    currentDate: new Date(nowMs),
    clockTolerance,
  });
  const { c, w, sub } = claims.parse(payload);
  return { conversationId: c as ConversationId, workspaceId: w as WorkspaceId, personId: sub as MemberId };
};
