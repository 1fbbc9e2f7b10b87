import { whyCallRefused } from '../../../core/calls/dialling.ts';
import { newLeg } from '../../../core/calls/leg.ts';
import { formatNumber } from '../../../core/calls/numbers.ts';
import { DEFAULT_SETTINGS } from '../../../core/calls/settings.ts';
import type { Leg, LegRole } from '../../../core/calls/types.ts';
import { parseDialableNumber } from '../../../core/calls/understand-number.ts';
import type { MeetingConversation } from '../../../core/conversation/types.ts';
import type { ChannelId, MemberId, PhoneNumber, WorkspaceId } from '../../../core/ids.ts';
import type { Tx } from '../../../core/ports.ts';
import type { CallParts, FlowParts } from '../../parts.ts';
import { isMeeting } from '../posted-meeting.ts';

export const NO_PHONES =
  'Parley is not connected to a telephone network: whoever runs it has to set the TWILIO variables.';

const DAY_MS = 24 * 3_600_000;

/** Why this member may have no telephone rung here and now, as a sentence; null when they may. */
export const whyNotDial = async (
  tx: Tx,
  { limits }: CallParts,
  asked: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    readonly telephones: number;
  },
  nowMs: number,
): Promise<string | null> => {
  const { workspaceId, channelId, by, telephones } = asked;
  const settings = (await tx.callSettings(workspaceId)) ?? DEFAULT_SETTINGS;
  const counts = await tx.callCounts({ workspaceId, channelId, memberId: by, sinceMs: nowMs - DAY_MS });
  return whyCallRefused({ counts, limits, settings, by, telephones });
};

export interface LegRequest {
  readonly role: LegRole;
  readonly number: PhoneNumber;
  readonly name: string;
  readonly memberId: MemberId | null;
}

/** A telephone that a member wants in this conversation. Its `dial-leg` job is the caller's to enqueue. */
export const legFor = (
  { newLegId }: CallParts,
  { id }: MeetingConversation,
  wanted: LegRequest,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Leg => newLeg({ ...wanted, id: newLegId(), conversationId: id, requestedBy: by }, nowMs);

/** Rings a telephone into a conversation that runs. Why not, as a sentence; null when it rings. */
export const dialInto = (
  { store, clock, calls }: FlowParts,
  conversation: MeetingConversation,
  by: MemberId,
  text: string,
): Promise<string | null> =>
  store.transact(async (tx) => {
    if (calls === null) return NO_PHONES;
    const missing = calls.phone.unavailableReason();
    if (missing !== null) return missing;
    const understood = parseDialableNumber(text, calls.plan);
    if ('refused' in understood) return understood.refused;
    const { number, formatted: shown } = understood.dialable;
    const nowMs = clock.nowMs();
    const why = await whyNotDial(tx, calls, { ...conversation.channel, by, telephones: 1 }, nowMs);
    if (why !== null) return why;
    // Whoever ends it has this lock, and hangs up what was added by then.
    const now = await tx.conversation(conversation.id, { lock: true });
    if (!isMeeting(now) || now.state.name !== 'open')
      return `This ${conversation.kind} has ended, so no telephone can be rung into it.`;
    const wanted = { role: 'added', number, name: shown, memberId: null } as const;
    const leg = legFor(calls, conversation, wanted, { by, nowMs });
    await tx.addLeg(leg);
    await tx.enqueue({ name: 'dial-leg', legId: leg.id });
    return null;
  });

/** The number for dialling in, as one writes it; null where nobody can. */
export const dialInNumber = (calls: CallParts | null): string | null =>
  calls === null || calls.phone.unavailableReason() !== null ? null : formatNumber(calls.plan.callerId);
