import type { Leg, LegEvent } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import { AppError, toAppError } from '../../core/error.ts';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import type { Clock, DialRequest, JobHandler, Phone, Rooms, Store } from '../../core/ports.ts';
import type { CallOptions } from '../meetings/phones/dial-out.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { CALLS } from '../sentences.ts';

type DialLeg = Extract<Job, { name: 'dial-leg' }>;

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly calls: Pick<CallOptions, 'phone' | 'limits'> | null;
  readonly meetings: Pick<MeetingRegistry, 'legsChanged'>;
}

/** Longer than most mailboxes wait. */
const RING_TIMEOUT_MS = 45_000;
/** So much longer than the longest call that `reconcile-leg` ends it before, with a closing announcement. */
const OVERTIME_MS = 60_000;
/** A call that has just been placed may not be listed yet. */
const LISTED_AFTER_MS = 2_000;
/** When the network is asked for the first time, if it reported nothing. */
const FIRST_CHECK_AFTER_MS = 15_000;
/** No one waits longer for a phone to ring, and one that rings later surprises both sides. */
const PLACED_WITHIN_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 3_000;

/**
 * Dials a leg, once: after a crash or a lost response, the network is searched for the call before it dials again. What
 * may pass is tried again until `PLACED_WITHIN_MS`; then the leg ends with the reason.
 */
export const dialLegHandler = (ports: Ports): JobHandler<DialLeg> => {
  /** Why the last attempt failed. */
  const reasons = new Map<LegId, string>();
  return {
    run: (job, { signal }) => dialLeg(ports, job, { reasons, signal }),
    async gaveUp({ legId }, error) {
      reasons.delete(legId);
      await fail(ports, legId, error.userMessage);
    },
  };
};

const dialLeg = async (
  ports: Ports,
  job: DialLeg,
  { reasons, signal }: { readonly reasons: Map<LegId, string>; readonly signal: AbortSignal },
): Promise<void> => {
  const { legId } = job;
  const { store, clock, calls, meetings } = ports;
  const before = await store.transact((tx) => tx.leg(legId));
  if (before === null || (before.state.name !== 'queued' && before.state.name !== 'dialling')) return;
  if (before.callId !== null) return;
  if (calls === null) return fail(ports, legId, CALLS.noPhones);
  const asked = before.state.name === 'queued' ? 'never' : reasons.has(legId) ? 'before' : 'by-another';
  const leg = await apply(ports, legId, { type: 'dial-started' });
  // Hung up in the meantime.
  if (leg === null || isOver(leg)) return;

  const isLate = clock.nowMs() >= (await dueAtMs(store, leg)) + PLACED_WITHIN_MS;
  let callId: ProviderCallId | null;
  try {
    callId = await place(ports, calls, leg, { asked, isLate, signal });
  } catch (error) {
    const fault = toAppError(error);
    if (!fault.retryable) throw fault;
    if (!isLate) {
      reasons.set(legId, fault.userMessage);
      return store.transact((tx) => tx.enqueue(job, { startAfterMs: TRY_AGAIN_AFTER_MS }));
    }
    callId = null;
  }
  const reason = reasons.get(legId) ?? CALLS.notPlaced;
  reasons.delete(legId);
  if (callId === null) {
    const cancelled = { type: 'ended', how: 'cancelled', reason: null } as const;
    const isCancelled = (await store.transact((tx) => tx.leg(legId)))?.hangUpRequested;
    await apply(ports, legId, isCancelled ? cancelled : { type: 'ended', how: 'failed', reason });
    return;
  }
  const dialled = { type: 'dialled', callId } as const;
  await store.transact(async (tx) => {
    await applyLegEvent(tx, legId, dialled, clock.nowMs());
    await tx.enqueue({ name: 'reconcile-leg', legId }, { startAfterMs: FIRST_CHECK_AFTER_MS });
  });
  meetings.legsChanged(leg.conversationId);
};

/** Since when someone waits for this phone to ring: the request, or the answer of the caller's own phone. */
const dueAtMs = (store: Store, { role, conversationId, createdAtMs }: Leg): Promise<number> =>
  store.transact(async (tx) => {
    if (role !== 'callee') return createdAtMs;
    const caller = (await tx.legsOf(conversationId)).find((other) => other.role === 'caller');
    return caller?.answeredAtMs ?? createdAtMs;
  });

/** The call of an earlier attempt, or a new one; null when it is not to be dialled any more. */
const place = async (
  { rooms, store, clock }: Ports,
  { phone, limits }: NonNullable<Ports['calls']>,
  leg: Leg,
  how: {
    /** Whether the network was asked to dial before, by this process, which waited since, or by one that died. */
    readonly asked: 'never' | 'before' | 'by-another';
    readonly isLate: boolean;
    readonly signal: AbortSignal;
  },
): Promise<ProviderCallId | null> => {
  const request = dialRequest(leg, limits.maxDurationMs);
  const find = () => phone.find(request, leg.createdAtMs);
  if (how.asked !== 'never') {
    const listed = await find();
    if (listed !== null || how.isLate) return listed;
  }
  if (how.asked === 'by-another') {
    await clock.sleep(LISTED_AFTER_MS, how.signal);
    // The network may have reported it meanwhile.
    const found = (await store.transact((tx) => tx.leg(leg.id)))?.callId ?? (await find());
    if (found !== null) return found;
  }
  const now = await store.transact((tx) => tx.leg(leg.id));
  if (now === null || now.hangUpRequested || isOver(now) || how.isLate) return null;
  return dial(rooms, phone, request);
};

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
