import { z } from 'zod';
import type { ConversationId } from '../../core/ids.ts';
import type { VoiceId } from '../../core/transcription.ts';
import { createTokens } from '../tokens.ts';

/** A voice clip of one recording. */
export interface Sample {
  readonly conversationId: ConversationId;
  readonly voice: VoiceId;
  readonly startMs: number;
  readonly endMs: number;
}

const tokens = createTokens({
  audience: 'parley:sample',
  // Long enough to name the speakers of a long meeting, with a break; short for a link that leaks.
  validForS: 60 * 60,
  claims: z.object({ c: z.string(), v: z.string(), s: z.number().int(), e: z.number().int() }),
});

/** A signed, expiring token for a voice clip. */
export const signSample = (
  { conversationId, voice, startMs, endMs }: Sample,
  secret: Uint8Array,
  nowMs: number,
): Promise<string> => tokens.sign({ c: conversationId, v: voice, s: startMs, e: endMs }, secret, nowMs);

/** Null for a token that this secret did not sign, of another purpose, or expired. */
export const verifySample = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<Sample | null> => {
  const claims = await tokens.verify(token, secret, nowMs);
  if (claims === null) return null;
  const { c, v, s, e } = claims;
  return { conversationId: c as ConversationId, voice: v as VoiceId, startMs: s, endMs: e };
};
