import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { VoiceId } from '../core/heard.ts';
import type { ConversationId } from '../core/ids.ts';

/** A stretch of one recording that somebody may listen to. */
export interface Sample {
  readonly conversationId: ConversationId;
  readonly voice: VoiceId;
  readonly startMs: number;
  readonly endMs: number;
}

/** Long enough to name the speakers of a long meeting with a pause for coffee; short for a link that leaks. */
const VALID_FOR_S = 60 * 60;

const audience = 'parley:sample';
const claims = z.object({ c: z.string(), v: z.string(), s: z.number().int(), e: z.number().int() });

/** A signed, expiring token for a sample (JWT, HS256). */
export const signSample = (sample: Sample, secret: Uint8Array, nowMs: number): Promise<string> =>
  new SignJWT({ c: sample.conversationId, v: sample.voice, s: sample.startMs, e: sample.endMs })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime(Math.floor(nowMs / 1000) + VALID_FOR_S)
    .sign(secret);

/** Null for anything that this secret did not sign, for another purpose, or too long ago. */
export const verifySample = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<Sample | null> => {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp'],
      currentDate: new Date(nowMs),
    });
    const { c, v, s, e } = claims.parse(payload);
    return { conversationId: c as ConversationId, voice: v, startMs: s, endMs: e };
  } catch {
    return null;
  }
};
