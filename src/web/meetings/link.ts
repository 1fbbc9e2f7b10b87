import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ConversationId, MemberId, WorkspaceId } from '../../core/ids.ts';
import type { MeetingLink, MeetingPass } from '../../core/ports.ts';
import { createTokens } from '../tokens.ts';

/** How long an expired link still says who its page is, which may then resume with a token. Longer than any meeting. */
const RESUMABLE_FOR_S = 24 * 60 * 60;

const id = z.string().min(1);

const tokens = createTokens({
  audience: 'parley:meeting',
  // Long enough to check camera and microphone; short for a link that leaks.
  validForS: 10 * 60,
  claims: z.object({ c: id, w: id, sub: id, jti: id }),
});

/** A signed, expiring token for one person, one meeting and one workspace; a new one each time. */
export const signPass = (
  { conversationId, workspaceId, personId }: MeetingPass,
  secret: Uint8Array,
  nowMs: number,
): Promise<string> =>
  tokens.sign({ c: conversationId, w: workspaceId, sub: personId, jti: randomUUID() }, secret, nowMs);

/** Null for a token that this secret did not sign, of another purpose, or expired for more than a day. */
export const verifyPass = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<Omit<MeetingLink, 'browser'> | null> => {
  const valid = await tokens.verify(token, secret, nowMs);
  const claims = valid ?? (await tokens.verify(token, secret, nowMs, RESUMABLE_FOR_S));
  if (claims === null) return null;
  const { c, w, sub, jti } = claims;
  return {
    id: jti,
    pass: { conversationId: c as ConversationId, workspaceId: w as WorkspaceId, personId: sub as MemberId },
    expired: valid === null,
  };
};
