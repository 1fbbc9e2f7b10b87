import { decideLeg } from '../../../core/calls/leg.ts';
import { isPhonePersonId } from '../../../core/calls/person.ts';
import type { Leg, LegEvent } from '../../../core/calls/types.ts';
import type { ConversationId, LegId, MemberId } from '../../../core/ids.ts';
import type { Tx } from '../../../core/ports.ts';
import { applyMeetingEvent } from '../../util/conversations.ts';

/**
 * Applies an event to a leg, and saves it with what follows for its conversation. Null when there is no such leg; the
 * leg as it was when the event changes nothing.
 */
export const applyLegEvent = async (
  tx: Tx,
  id: LegId,
  event: LegEvent,
  atMs: number,
): Promise<Leg | null> => {
  const known = await tx.leg(id);
  if (known === null) return null;
  // The conversation before its legs, as everywhere: `endMeeting` locks them in this order.
  await tx.conversation(known.conversationId, { lock: true });
  const before = await tx.leg(id, { lock: true });
  if (before === null) return null;
  const after = decideLeg(before, event, atMs);
  if (after === before) return before;
  await tx.saveLeg(after);
  await applyConsequences(tx, before, after, atMs);
  return after;
};

const applyConsequences = async (tx: Tx, before: Leg, after: Leg, atMs: number): Promise<void> => {
  const { id, role, conversationId } = after;
  const became = (name: Leg['state']['name']): boolean =>
    after.state.name === name && before.state.name !== name;

  if (role === 'caller' && became('answered')) await dialCallee(tx, conversationId);
  if (became('ended')) {
    // A call is over without its callee; so is one whose caller's own phone was not answered.
    const isUnanswered = after.answeredAtMs === null;
    if (role === 'callee' || (role === 'caller' && isUnanswered)) {
      await endMeeting(tx, conversationId, { by: null, atMs });
    }
  }
  if (role === 'caller' && became('ended')) await endIfAbandoned(tx, conversationId, atMs);
  // A recording may become known after all that would have settled it.
  const hasLateRecording =
    after.recording !== null && before.recording === null && (await isRecordingUnwanted(tx, after));
  const isDue =
    hasLateRecording ||
    became('ended') ||
    (after.hangUpRequested && !before.hangUpRequested) ||
    (after.declined && !before.declined);
  if (isDue) await tx.enqueue({ name: 'reconcile-leg', legId: id });
};

const isRecordingUnwanted = async (tx: Tx, leg: Leg): Promise<boolean> =>
  isOver(leg) || (await tx.legsOf(leg.conversationId)).some(({ declined }) => declined);

const dialCallee = async (tx: Tx, id: ConversationId): Promise<void> => {
  const callee = (await tx.legsOf(id)).find(({ role }) => role === 'callee');
  if (callee?.state.name === 'queued') await tx.enqueue({ name: 'dial-leg', legId: callee.id });
};

/** A caller who hangs up while the callee's phone rings cancels the call, unless someone joined by browser. */
const endIfAbandoned = async (tx: Tx, id: ConversationId, atMs: number): Promise<void> => {
  const callee = (await tx.legsOf(id)).find(({ role }) => role === 'callee');
  if (callee === undefined || callee.answeredAtMs !== null) return;
  const { parties } = await tx.meeting(id);
  const areAllPhones = parties.every(({ personId }) => isPhonePersonId(personId));
  if (areAllPhones) await endMeeting(tx, id, { by: null, atMs });
};

/**
 * Ends a meeting or a call: its phones are hung up and its PIN is free. The instance that hosts it stores the last
 * words when it next renews its lease; where none hosts it, there are none.
 */
export const endMeeting = async (
  tx: Tx,
  id: ConversationId,
  { by, atMs }: { readonly by: MemberId | null; readonly atMs: number },
): Promise<void> => {
  const conversation = await applyMeetingEvent(tx, id, { type: 'end-requested', by }, atMs);
  if (conversation?.state.name !== 'ending') return;
  for (const leg of await tx.legsOf(id)) {
    if (!isOver(leg)) await applyLegEvent(tx, leg.id, { type: 'hang-up-requested' }, atMs);
  }
  await tx.dropPin(id);
  const lease = await tx.lease(id);
  if (lease === null || lease.expiredForMs >= 0) {
    await applyMeetingEvent(tx, id, { type: 'finals-stored' }, atMs);
  }
};

/** The leg that is dialled first. */
export const firstToDial = (legs: readonly Leg[]): Leg | undefined =>
  legs.find(({ role }) => role === 'caller') ?? legs.find(({ role }) => role === 'callee');

export const isOver = ({ state }: Leg): boolean => state.name === 'ended';
