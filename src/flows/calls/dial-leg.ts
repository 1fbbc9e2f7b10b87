import type { Leg, LegEvent } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import { AppError } from '../../core/error.ts';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import type { DialRequest, JobHandler, Phone, Rooms, Store, WallClock } from '../../core/ports.ts';
import type { CallOptions } from '../meetings/phones/dial-out.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { CALLS } from '../sentences.ts';

type DialLeg = Extract<Job, { name: 'dial-leg' }>;

interface Ports {
  readonly store: Store;
  readonly clock: WallClock;
  readonly rooms: Rooms;
  readonly calls: Pick<CallOptions, 'phone' | 'limits'> | null;
  readonly meetings: Pick<MeetingRegistry, 'legsChanged'>;
}

/** Longer than most mailboxes wait. */
const RING_TIMEOUT_MS = 45_000;
/** So much longer than the longest call that `reconcile-leg` ends it before, with a closing announcement. */
const OVERTIME_MS = 60_000;
/** When the network is asked for the first time, if it reported nothing. */
const FIRST_CHECK_AFTER_MS = 15_000;

/** Dials a leg, once: after a crash in between, the network is searched for the call before it dials again. */
export const dialLegHandler = (ports: Ports): JobHandler<DialLeg> => ({
  async run({ legId }) {
    const { store, clock, rooms, calls, meetings } = ports;
    const before = await store.transact((tx) => tx.leg(legId));
    if (before === null || (before.state.name !== 'queued' && before.state.name !== 'dialling')) return;
    if (before.callId !== null) return;
    if (calls === null) return fail(ports, legId, CALLS.noPhones);
    const wasStarted = before.state.name === 'dialling';
    const leg = await apply(ports, legId, { type: 'dial-started' });
    // Hung up in the meantime.
    if (leg === null || isOver(leg)) return;

    const request = dialRequest(leg, calls.limits.maxDurationMs);
    const found = wasStarted ? await calls.phone.find(request, leg.createdAtMs) : null;
    if (found === null && leg.hangUpRequested) {
      await apply(ports, legId, { type: 'ended', how: 'cancelled', reason: null });
      return;
    }
    const callId = found ?? (await dial(rooms, calls.phone, request));
    await store.transact(async (tx) => {
      await applyLegEvent(tx, legId, { type: 'dialled', callId }, clock.nowMs());
      await tx.enqueue({ name: 'reconcile-leg', legId }, { startAfterMs: FIRST_CHECK_AFTER_MS });
    });
    meetings.legsChanged(leg.conversationId);
  },

  gaveUp: ({ legId }, error) => fail(ports, legId, error.userMessage),
});

/** Only when the phone could be connected: after a start, media take a moment to be available. */
const dial = async (rooms: Rooms, phone: Phone, request: DialRequest): Promise<ProviderCallId> => {
  const unavailable = rooms.unavailableReason();
  if (unavailable !== null) {
    throw new AppError({ code: 'media-failed', retryable: true, userMessage: unavailable });
  }
  return phone.dial(request);
};

const dialRequest = ({ id, number, role }: Leg, maxDurationMs: number): DialRequest => ({
  legId: id,
  to: number,
  ringTimeoutMs: RING_TIMEOUT_MS,
  maxDurationMs: maxDurationMs + OVERTIME_MS,
  // Callers know whether they answer their own phone.
  detectMachine: role !== 'caller',
});

const apply = async (
  { store, clock, meetings }: Ports,
  legId: LegId,
  event: LegEvent,
): Promise<Leg | null> => {
  const leg = await store.transact((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
  if (leg !== null) meetings.legsChanged(leg.conversationId);
  return leg;
};

const fail = async (ports: Ports, legId: LegId, reason: string): Promise<void> => {
  await apply(ports, legId, { type: 'ended', how: 'failed', reason });
};
