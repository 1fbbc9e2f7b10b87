import { newLeg } from '../../core/calls/leg.ts';
import { maskNumber } from '../../core/calls/numbers.ts';
import { isPinAttemptAllowed, pinCallerOf, WRONG_PIN_WINDOW_MS } from '../../core/calls/pin.ts';
import { SPOKEN } from '../../core/calls/spoken.ts';
import type { ConversationId, LegId, PhoneNumber } from '../../core/ids.ts';
import type { CallInstruction, IncomingCall, PhoneEvents, Tx } from '../../core/ports.ts';
import { isMeeting } from '../meetings/posted-meeting.ts';
import type { FlowParts } from '../parts.ts';

const MOST_ATTEMPTS = 3;
/** They were asked for a PIN, and told nothing yet. */
const AT_FIRST = { noticePlayed: false, attempts: 0 } as const;

/** Who rings us joins a meeting by its PIN. */
export const createDialIn = (
  { store, clock, calls }: FlowParts,
  answered: PhoneEvents['answered'],
): Pick<PhoneEvents, 'dialledIn' | 'pinEntered'> => {
  const mayTry = async (tx: Tx, { from }: IncomingCall): Promise<boolean> => {
    const guesser = pinCallerOf(from);
    const nowMs = clock.nowMs();
    const wrong = await tx.wrongPinCounts(guesser, {
      byGuesser: nowMs - WRONG_PIN_WINDOW_MS.forGuesser,
      byAll: nowMs - WRONG_PIN_WINDOW_MS.forAll,
    });
    return isPinAttemptAllowed(guesser, wrong);
  };

  /** The leg of this call, which may have come before. */
  const legOf = async (tx: Tx, id: ConversationId, { callId, from }: IncomingCall): Promise<LegId | null> => {
    const conversation = await tx.conversation(id, { lock: true });
    if (!isMeeting(conversation) || conversation.state.name !== 'open' || calls === null) return null;
    const known = (await tx.legsOf(id)).find((leg) => leg.callId === callId);
    if (known !== undefined) return known.id;
    const leg = newLeg(
      {
        id: calls.newLegId(),
        conversationId: id,
        role: 'inbound',
        number: from as PhoneNumber,
        // Whoever is in the meeting need not learn their number.
        name: maskNumber(from),
        memberId: null,
        requestedBy: null,
        callId,
      },
      clock.nowMs(),
    );
    await tx.addLeg(leg);
    await tx.enqueue({ name: 'reconcile-leg', legId: leg.id });
    return leg.id;
  };

  return {
    async dialledIn(call) {
      const may = await store.transact((tx) => mayTry(tx, call));
      return may ? { next: 'ask-pin', say: [SPOKEN.welcome], attempt: 1 } : hangUp(SPOKEN.tooManyPins);
    },

    async pinEntered(call, digits, attempt) {
      const found = await store.transact(async (tx) => {
        if (!(await mayTry(tx, call))) return 'too-many' as const;
        const id = await tx.conversationWithPin(digits);
        const legId = id === null ? null : await legOf(tx, id, call);
        if (legId === null) await tx.addWrongPin(pinCallerOf(call.from), clock.nowMs());
        return legId;
      });
      if (found === 'too-many') return hangUp(SPOKEN.tooManyPins);
      if (found !== null) return answered(found, call.callId, AT_FIRST);
      return attempt >= MOST_ATTEMPTS
        ? hangUp(SPOKEN.wrongPinAtLast)
        : { next: 'ask-pin', say: [SPOKEN.wrongPin], attempt: attempt + 1 };
    },
  };
};

const hangUp = (sentence: string): CallInstruction => ({ next: 'hang-up', say: [sentence] });
