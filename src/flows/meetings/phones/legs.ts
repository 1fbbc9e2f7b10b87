import { decideLeg } from '../../../core/calls/leg.ts';
import { isPhonePersonId } from '../../../core/calls/person.ts';
import type { Leg, LegEvent } from '../../../core/calls/types.ts';
import type { ConversationId, LegId, MemberId } from '../../../core/ids.ts';
import type { Tx } from '../../../core/ports.ts';
import { applyMeetingEvent } from '../../state.ts';

/**
 * Lets core decide what an event means for a leg, and saves it with what follows for the call. Null when there is no
 * such leg; the leg as it was when the event changes nothing.
 */
export const applyLegEvent = async (
  tx: Tx,
  id: LegId,
  event: LegEvent,
  atMs: number,
): Promise<Leg | null> => {
  const known = await tx.leg(id);
  if (known === null) return null;
  // The conversation before its legs, always: whoever ends it locks them in this order.
  await tx.conversation(known.conversationId, { lock: true });
  const before = await tx.leg(id, { lock: true });
  if (before === null) return null;
  const after = decideLeg(before, event, atMs);
  if (after === before) return before;
  await tx.saveLeg(after);
  await follow(tx, before, after, atMs);
  return after;
};

const follow = async (tx: Tx, before: Leg, after: Leg, atMs: number): Promise<void> => {
  const { id, role, conversationId } = after;
  const has = (name: Leg['state']['name']): boolean =>
    after.state.name === name && before.state.name !== name;

  if (role === 'caller' && has('answered')) await dialFar(tx, conversationId);
  if (has('ended')) {
    // Without its telephone a call is over; a caller whose own does not answer calls nobody.
    const unanswered = after.answeredAtMs === null;
    if (role === 'callee' || (role === 'caller' && unanswered)) {
      await endMeeting(tx, conversationId, { by: null, atMs });
    }
  }
  if (role === 'caller' && has('ended')) await endIfNobodyIsLeft(tx, conversationId, atMs);
  // It may come after all that would have settled it: told late, or begun as somebody declined.
  const recorded = after.recording !== null && before.recording === null && (await isUnwanted(tx, after));
  const wanted =
    recorded || (after.hangUpRequested && !before.hangUpRequested) || (after.declined && !before.declined);
  if (wanted || has('ended')) await tx.enqueue({ name: 'reconcile-leg', legId: id });
};

/** Nobody is left who would take care of a recording, or nobody wants it. */
const isUnwanted = async (tx: Tx, leg: Leg): Promise<boolean> =>
  isOver(leg) || (await tx.legsOf(leg.conversationId)).some(({ declined }) => declined);

const dialFar = async (tx: Tx, conversationId: Leg['conversationId']): Promise<void> => {
  const far = (await tx.legsOf(conversationId)).find(({ role }) => role === 'callee');
  if (far?.state.name === 'queued') await tx.enqueue({ name: 'dial-leg', legId: far.id });
};

/** Who hung up while the other side still rings has called it off, unless somebody came by browser. */
const endIfNobodyIsLeft = async (tx: Tx, id: ConversationId, atMs: number): Promise<void> => {
  const far = (await tx.legsOf(id)).find(({ role }) => role === 'callee');
  if (far === undefined || far.answeredAtMs !== null) return;
  const { parties } = await tx.meeting(id);
  if (parties.every(({ personId }) => isPhonePersonId(personId)))
    await endMeeting(tx, id, { by: null, atMs });
};

/**
 * Ends a meeting or a call: telephones are hung up and its PIN is free. The copy that carries it sees to the last words
 * when it next renews its lease; where none does, there are none.
 */
export const endMeeting = async (
  tx: Tx,
  id: ConversationId,
  { by, atMs }: { readonly by: MemberId | null; readonly atMs: number },
): Promise<void> => {
  const conversation = await applyMeetingEvent(tx, id, { type: 'end-requested', by }, atMs);
  if (conversation?.state.name !== 'ending') return;
  for (const leg of await tx.legsOf(id)) {
    if (leg.state.name !== 'ended') await applyLegEvent(tx, leg.id, { type: 'hang-up-requested' }, atMs);
  }
  await tx.dropPin(id);
  const lease = await tx.lease(id);
  if (lease === null || lease.expiredForMs >= 0) {
    await applyMeetingEvent(tx, id, { type: 'finals-stored' }, atMs);
  }
};

/** Whose telephone is rung first. */
export const firstToRing = (legs: readonly Leg[]): Leg | undefined =>
  legs.find(({ role }) => role === 'caller') ?? legs.find(({ role }) => role === 'callee');

export const isOver = ({ state }: Leg): boolean => state.name === 'ended';
