import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ConversationId, MemberId, WorkspaceId } from '../../core/ids.ts';
import type { MeetingLink, MeetingPass } from '../../core/ports.ts';
import { createTokens } from '../tokens.ts';

/**
 * What an expired link is still believed: who its page is, when it comes back with the token of its place. Longer
 * than any meeting.
 */
const KNOWN_FOR_S = 24 * 60 * 60;

const SAID = z.string().min(1);

const tokens = createTokens({
  audience: 'parley:meeting',
  // Long enough to look at oneself and find the microphone; short for a link that leaks.
  validForS: 10 * 60,
  claims: z.object({ c: SAID, w: SAID, sub: SAID, jti: SAID }),
});

/** A signed, expiring token for one person, one meeting and one workspace; another one each time. */
export const signPass = (
  { conversationId, workspaceId, personId }: MeetingPass,
  secret: Uint8Array,
  nowMs: number,
): Promise<string> =>
  tokens.sign({ c: conversationId, w: workspaceId, sub: personId, jti: randomUUID() }, secret, nowMs);

/** Null for anything that this secret did not sign, or for another purpose, or more than a day ago. */
export const verifyPass = async (
  token: string,
  secret: Uint8Array,
  nowMs: number,
): Promise<Omit<MeetingLink, 'browser'> | null> => {
  const valid = await tokens.verify(token, secret, nowMs);
  const known = valid ?? (await tokens.verify(token, secret, nowMs, KNOWN_FOR_S));
  if (known === null) return null;
  const { c, w, sub, jti } = known;
  return {
    id: jti,
    pass: { conversationId: c as ConversationId, workspaceId: w as WorkspaceId, personId: sub as MemberId },
    expired: valid === null,
  };
};
