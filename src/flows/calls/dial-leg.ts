import type { Leg } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import { AppError } from '../../core/error.ts';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import type { DialRequest, JobHandler } from '../../core/ports.ts';
import { NO_PHONES } from '../meetings/phones/dial-out.ts';
import { applyLegEvent } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import type { CallParts, FlowParts } from '../parts.ts';

type DialLeg = Extract<Job, { name: 'dial-leg' }>;

/** Longer than most mailboxes wait. */
const RING_FOR_MS = 45_000;
/** Longer than the longest call by so much that whoever tends it has ended it before, with a sentence. */
const OVERTIME_MS = 60_000;
/** When the network is asked for the first time how it goes, if it was silent. */
const FIRST_LOOK_AFTER_MS = 15_000;

/** Has a telephone rung, once: after a crash in the middle, the network is searched for the call before it is asked anew. */
export const dialLegHandler = (parts: FlowParts, live: MeetingRegistry): JobHandler<DialLeg> => ({
  async run({ legId }) {
    const { store, clock, calls } = parts;
    const before = await store.transact((tx) => tx.leg(legId));
    if (before === null || (before.state.name !== 'queued' && before.state.name !== 'dialling')) return;
    if (before.callId !== null) return;
    if (calls === null) return fail(parts, live, legId, NO_PHONES);
    const again = before.state.name === 'dialling';
    const leg = await record(parts, live, legId, { type: 'dial-started' });
    // Hung up in the meantime.
    if (leg === null || leg.state.name === 'ended') return;

    const order = orderFor(leg, calls.limits.maxDurationMs);
    const found = again ? await calls.phone.find(order, leg.createdAtMs) : null;
    if (found === null && leg.hangUpRequested) {
      await record(parts, live, legId, { type: 'ended', how: 'cancelled', reason: null });
      return;
    }
    const callId = found ?? (await dial(parts, calls, order));
    await store.transact(async (tx) => {
      await applyLegEvent(tx, legId, { type: 'dialled', callId }, clock.nowMs());
      await tx.enqueue({ name: 'reconcile-leg', legId }, { startAfterMs: FIRST_LOOK_AFTER_MS });
    });
    live.legsChanged(leg.conversationId);
  },

  gaveUp: ({ legId }, error) => fail(parts, live, legId, error.userMessage),
});

/** Nobody is rung who could not be connected: after a start, media take a moment to be there. */
const dial = async (
  { meetings }: FlowParts,
  { phone }: CallParts,
  order: DialRequest,
): Promise<ProviderCallId> => {
  const missing = meetings.rooms.unavailableReason();
  if (missing !== null) throw new AppError({ code: 'media-failed', retryable: true, userMessage: missing });
  return phone.dial(order);
};

const orderFor = ({ id, number, role }: Leg, maxDurationMs: number): DialRequest => ({
  legId: id,
  to: number,
  ringTimeoutMs: RING_FOR_MS,
  maxDurationMs: maxDurationMs + OVERTIME_MS,
  // The caller knows whether they answer their own.
  detectMachine: role !== 'caller',
});

const record = async (
  { store, clock }: FlowParts,
  live: MeetingRegistry,
  legId: LegId,
  event: Parameters<typeof applyLegEvent>[2],
): Promise<Leg | null> => {
  const leg = await store.transact((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
  if (leg !== null) live.legsChanged(leg.conversationId);
  return leg;
};

const fail = async (parts: FlowParts, live: MeetingRegistry, legId: LegId, reason: string): Promise<void> => {
  await record(parts, live, legId, { type: 'ended', how: 'failed', reason });
};
