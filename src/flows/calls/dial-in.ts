import { newLeg } from '../../core/calls/leg.ts';
import { maskNumber } from '../../core/calls/numbers.ts';
import {
  isPinAttemptAllowed,
  pinCallerOf,
  SERIALIZE_PINS_FROM,
  WRONG_PIN_WINDOW_MS,
} from '../../core/calls/pin.ts';
import { SPOKEN } from '../../core/calls/spoken.ts';
import type { ConversationId, LegId, PhoneNumber } from '../../core/ids.ts';
import type { CallInstruction, IncomingCall, PhoneEvents, Store, Tx, WallClock } from '../../core/ports.ts';
import type { CallOptions } from '../meetings/phones/dial-out.ts';
import { isMeeting } from '../util/conversations.ts';

const MAX_ATTEMPTS = 3;
/** A caller who entered a PIN has heard no notice yet. */
const NO_PROGRESS = { noticePlayed: false, attempts: 0, connects: 0 } as const;

/** Callers of our own number join a meeting by its PIN. */
export const createDialIn = (ports: {
  readonly store: Store;
  readonly clock: WallClock;
  readonly calls: Pick<CallOptions, 'newLegId'> | null;
  readonly answered: PhoneEvents['answered'];
}): Pick<PhoneEvents, 'dialledIn' | 'pinEntered'> => {
  const { store, clock, calls, answered } = ports;

  const isAttemptAllowed = async (tx: Tx, { from }: IncomingCall): Promise<boolean> => {
    const caller = pinCallerOf(from);
    const nowMs = clock.nowMs();
    const sinceMs = {
      byCaller: nowMs - WRONG_PIN_WINDOW_MS.forCaller,
      byAll: nowMs - WRONG_PIN_WINDOW_MS.forAll,
    };
    const wrong = await tx.wrongPinCounts(caller, sinceMs, SERIALIZE_PINS_FROM);
    return isPinAttemptAllowed(caller, wrong);
  };

  /** Adds the call as a leg of the meeting, or finds the one that it is already. Null when the meeting is not open. */
  const addLeg = async (
    tx: Tx,
    id: ConversationId,
    { callId, from }: IncomingCall,
  ): Promise<LegId | null> => {
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
        // The others in the meeting do not see their number.
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
      const isAllowed = await store.transact((tx) => isAttemptAllowed(tx, call));
      return isAllowed
        ? { next: 'ask-pin', say: [SPOKEN.welcome], attempt: 1 }
        : hangUpWith(SPOKEN.tooManyPins);
    },

    async pinEntered(call, digits, attempt) {
      const result = await store.transact(async (tx) => {
        if (!(await isAttemptAllowed(tx, call))) return 'too-many' as const;
        const id = await tx.conversationWithPin(digits);
        const legId = id === null ? null : await addLeg(tx, id, call);
        if (legId === null) await tx.addWrongPin(pinCallerOf(call.from), clock.nowMs());
        return legId;
      });
      if (result === 'too-many') return hangUpWith(SPOKEN.tooManyPins);
      if (result !== null) return answered(result, call.callId, NO_PROGRESS);
      return attempt >= MAX_ATTEMPTS
        ? hangUpWith(SPOKEN.wrongPinAtLast)
        : { next: 'ask-pin', say: [SPOKEN.wrongPin], attempt: attempt + 1 };
    },
  };
};

const hangUpWith = (sentence: string): CallInstruction => ({ next: 'hang-up', say: [sentence] });
