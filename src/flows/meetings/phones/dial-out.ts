import { whyCallRefused } from '../../../core/calls/call-limits.ts';
import { parseDialableNumber } from '../../../core/calls/dialable-number.ts';
import { newLeg } from '../../../core/calls/leg.ts';
import { formatNumber } from '../../../core/calls/numbers.ts';
import { DEFAULT_SETTINGS } from '../../../core/calls/settings.ts';
import type { CallLimits, DialPlan, Leg } from '../../../core/calls/types.ts';
import type { MeetingConversation } from '../../../core/conversation/types.ts';
import type { ChannelId, LegId, MemberId, WorkspaceId } from '../../../core/ids.ts';
import type { Phone, Store, Tx, WallClock } from '../../../core/ports.ts';
import { CALLS } from '../../sentences.ts';
import { isMeeting } from '../../util/conversations.ts';

/** What calls take; null in its place where no phone provider is configured. */
export interface CallOptions {
  readonly phone: Phone;
  readonly plan: DialPlan;
  readonly limits: CallLimits;
  readonly newLegId: () => LegId;
  /** 0 to 1, unpredictable. */
  readonly random: () => number;
}

const DAY_MS = 24 * 3_600_000;

/** Why this member can't call that many phones here and now, as a sentence; null when they can. */
export const whyNotDial = async (
  tx: Tx,
  { limits }: Pick<CallOptions, 'limits'>,
  request: {
    readonly workspaceId: WorkspaceId;
    readonly channelId: ChannelId;
    readonly by: MemberId;
    readonly legs: number;
  },
  nowMs: number,
): Promise<string | null> => {
  const { workspaceId, channelId, by, legs } = request;
  const settings = (await tx.callSettings(workspaceId)) ?? DEFAULT_SETTINGS;
  const counts = await tx.callCounts({ workspaceId, channelId, memberId: by, sinceMs: nowMs - DAY_MS });
  return whyCallRefused({ counts, limits, settings, by, legs });
};

/** A leg that a member requests in this conversation. Its `dial-leg` job is the caller's to enqueue. */
export const legFor = (
  { newLegId }: Pick<CallOptions, 'newLegId'>,
  { id }: MeetingConversation,
  requested: Pick<Leg, 'role' | 'number' | 'extension' | 'name' | 'memberId'>,
  { by, nowMs }: { readonly by: MemberId; readonly nowMs: number },
): Leg => newLeg({ ...requested, id: newLegId(), conversationId: id, requestedBy: by }, nowMs);

/** Calls a phone into a conversation that is open. Why not, as a sentence; null when it is called. */
export const dialInto = (
  {
    store,
    clock,
    calls,
  }: { readonly store: Store; readonly clock: WallClock; readonly calls: CallOptions | null },
  conversation: MeetingConversation,
  by: MemberId,
  text: string,
): Promise<string | null> =>
  store.transact(async (tx) => {
    if (calls === null) return CALLS.noPhones;
    const unavailable = calls.phone.unavailableReason();
    if (unavailable !== null) return unavailable;
    const parsed = parseDialableNumber(text, calls.plan);
    if ('refused' in parsed) return parsed.refused;
    const { number, extension, formatted } = parsed.dialable;
    const nowMs = clock.nowMs();
    const refusal = await whyNotDial(tx, calls, { ...conversation.channel, by, legs: 1 }, nowMs);
    if (refusal !== null) return refusal;
    // Locked, as it is when it ends: all legs that are there by then are hung up.
    const now = await tx.conversation(conversation.id, { lock: true });
    if (!isMeeting(now) || now.state.name !== 'open') return CALLS.noPhoneIntoEnded(conversation.kind);
    const requested = { role: 'added', number, extension, name: formatted, memberId: null } as const;
    const leg = legFor(calls, conversation, requested, { by, nowMs });
    await tx.addLeg(leg);
    await tx.enqueue({ name: 'dial-leg', legId: leg.id });
    return null;
  });

/** The number for dialling in, formatted; null where dialling in is not possible. */
export const dialInNumber = (calls: Pick<CallOptions, 'phone' | 'plan'> | null): string | null =>
  calls === null || calls.phone.unavailableReason() !== null ? null : formatNumber(calls.plan.callerId);
