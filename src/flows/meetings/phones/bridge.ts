import { DECLINE_KEY } from '../../../core/calls/spoken.ts';
import type { Leg } from '../../../core/calls/types.ts';
import type { Conversation } from '../../../core/conversation/types.ts';
import { toAppError } from '../../../core/error.ts';
import type { LegId } from '../../../core/ids.ts';
import { type CallState, type Recording, recordingOf } from '../../../core/meeting/capture.ts';
import type {
  CancelTimer,
  Clock,
  LegAudioInput,
  LegAudioOutput,
  Log,
  PendingPhone,
  PhoneParticipant,
  Room,
  Store,
  Tx,
} from '../../../core/ports.ts';
import { CALLS } from '../../sentences.ts';
import { coalesce } from '../../util/coalesce.ts';
import type { PostedMeeting } from '../../util/conversations.ts';
import { createCallRecorder } from './call-recording.ts';
import type { CallOptions } from './dial-out.ts';
import { applyLegEvent, isOver } from './legs.ts';
import { createReconnector } from './reconnect.ts';

/** The phones of a meeting that this process hosts. Disposed, it changes nothing any more. */
export interface PhoneBridge extends Disposable {
  readonly legs: readonly Leg[];
  readonly recording: Recording;
  /** Whether a phone may still join. */
  isAnyExpected(): boolean;
  /** Something about its phones was stored. */
  changed(): void;
  /** A phone was just told to connect. */
  connecting(id: LegId): void;
  /** Admits a phone, whose audio flows from now on. Null when there is no room for it: then it is turned away. */
  connect(leg: Leg, output: LegAudioOutput, onKey: (key: string) => void): Promise<LegAudioInput | null>;
  /** Hangs a phone up, or takes it off the page when it did not join. */
  hangUp(id: LegId): Promise<void>;
}

/** After this the audio of a phone that was removed ends, though its closing announcement may not be over. */
const ANNOUNCEMENT_TIMEOUT_MS = 10_000;

export const createPhoneBridge = (
  ports: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly calls: Pick<CallOptions, 'phone'> | null;
  },
  options: {
    readonly conversation: PostedMeeting;
    readonly legs: readonly Leg[];
    readonly room: Room;
    /** Whether its audio flowed before, here or in an earlier process. */
    readonly wasIn: (id: LegId) => boolean;
    /** The meeting's clock. */
    readonly nowMs: () => number;
    readonly persist: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
    /** Something about its phones, or their recording, changed. */
    readonly onChange: () => void;
    /** The conversation as it is stored now. */
    readonly onLoaded: (conversation: Conversation | null) => void;
  },
): PhoneBridge => {
  const { store, clock, log, calls } = ports;
  const { room, persist, wasIn } = options;
  const { id, kind } = options.conversation;
  const connected = new Map<LegId, PhoneParticipant>();
  const dismissed = new Set<LegId>();
  let { legs } = options;
  let isClosed = false;
  const reconnector =
    calls === null ? null : createReconnector({ ...calls, clock, log }, { wasIn, checkDue: () => changed() });
  let attempt: 'asked' | 'failed' | null = null;
  /** In a call, who declined here; it may not be stored yet. */
  let declinedBy: string | null = null;
  const record =
    calls === null
      ? null
      : createCallRecorder(
          { ...calls, clock, log },
          {
            ...options,
            attempted(made) {
              attempt = made;
              show();
              options.onChange();
            },
          },
        );

  /** Of the meeting's clock on the wall clock. Measured once: the two drift apart. */
  const zeroMs = clock.nowMs() - options.nowMs();
  const recording = (): Recording =>
    recordingOf(kind, legs, { attempt, ...(declinedBy === null ? {} : { declinedBy }) });
  const callState = (): CallState => {
    const answeredAtMs = legs.find(({ role }) => role === 'callee')?.answeredAtMs ?? null;
    return {
      recording: recording(),
      answeredAtMs: answeredAtMs === null ? null : answeredAtMs - zeroMs,
    };
  };

  const show = (): void => {
    room.setPendingPhones(legs.flatMap(pendingPhone));
    for (const { id: legId, declined } of legs) if (declined) connected.get(legId)?.decline();
    const refusal = legs.find(({ declined }) => declined);
    // In a meeting who declines is not transcribed; a call is between few, and recorded as a whole.
    if (kind === 'call' && refusal !== undefined) room.stopCaptions(CALLS.declined(refusal.name));
    if (kind === 'call') room.setCall(callState());
  };
  const pendingPhone = ({ id: legId, name, state, role }: Leg): PendingPhone[] => {
    if (connected.has(legId) || dismissed.has(legId) || role === 'inbound') return [];
    if (state.name !== 'ended') return [{ legId, name, state: 'ringing' }];
    return state.how === 'hung-up' || state.how === 'cancelled' ? [] : [{ legId, name, state: state.how }];
  };
  const isMissing = ({ id: legId, state, hangUpRequested }: Leg): boolean =>
    state.name === 'answered' && !hangUpRequested && !connected.has(legId);

  const load = async (): Promise<void> => {
    const stored = await store.transact(async (tx) => ({
      legs: await tx.legsOf(id),
      conversation: await tx.conversation(id),
    }));
    if (isClosed) return;
    legs = stored.legs;
    show();
    reconnector?.check(legs.filter(isMissing));
    options.onChange();
    options.onLoaded(stored.conversation);
  };
  const changed = coalesce(() =>
    load().catch((error: unknown) =>
      log.warn({ err: error, conversation: id }, 'the phones of a meeting could not be loaded'),
    ),
  );

  const requestHangUp = async (legId: LegId): Promise<void> => {
    await persist((tx) => applyLegEvent(tx, legId, { type: 'hang-up-requested' }, clock.nowMs()));
    changed();
  };

  /** The phone asks at once how to go on, and hears `reason` before it is hung up (`PhoneEvents.answered`). */
  const turnAway = async ({ id: legId, callId }: Leg, reason: string): Promise<void> => {
    const event = { type: 'ended', how: 'room-full', reason } as const;
    await persist((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
    changed();
    log.info({ leg: legId }, 'a phone was turned away: the room is full');
    if (calls === null || callId === null) return;
    await calls.phone
      .redirectCall(legId, callId)
      // It asks later, as every phone does whose audio ends.
      .catch((error: unknown) => log.warn({ err: error, leg: legId }, 'a phone could not be redirected'));
  };

  const admit = async (
    leg: Leg,
    output: LegAudioOutput,
  ): Promise<{ readonly participant: PhoneParticipant; readonly cancelEnd: CancelTimer } | null> => {
    const { id: legId, name, declined } = leg;
    let cancelEnd: CancelTimer = () => {};
    const removed = (): void => {
      // Where the process stops, the phone waits for the next one.
      if (isClosed) {
        output.removed();
        return;
      }
      void requestHangUp(legId).catch(() => undefined);
      // The network ends the audio as soon as the phone hears why it was removed. Ended before, the phone would hear
      // that it is being reconnected.
      cancelEnd = clock.after(ANNOUNCEMENT_TIMEOUT_MS, output.removed);
    };
    try {
      const participant = await room.addPhone(
        { legId, name, consented: !declined },
        { play: output.play, removed },
      );
      return { participant, cancelEnd: () => cancelEnd() };
    } catch (error) {
      const fault = toAppError(error);
      if (isClosed || fault.retryable) throw error;
      await turnAway(leg, fault.userMessage);
      return null;
    }
  };

  show();
  return {
    get legs() {
      return legs;
    },
    get recording() {
      return recording();
    },
    isAnyExpected: () => legs.some((leg) => !isOver(leg) && !leg.hangUpRequested && !connected.has(leg.id)),
    changed,
    connecting: (legId) => reconnector?.connecting(legId),

    async connect(leg, output, onKey) {
      const { id: legId } = leg;
      const admitted = await admit(leg, output);
      if (admitted === null) return null;
      const { participant, cancelEnd } = admitted;
      connected.set(legId, participant);
      reconnector?.connected(legId);
      changed();
      if (kind === 'call' && !legs.some(({ declined }) => declined)) void record?.(leg).then(changed);
      return {
        audio: (mulaw, atMs) => participant.receive(mulaw, atMs),
        key(key) {
          // At once, before it is stored: they may speak on, and the database may be away for a while.
          if (key === DECLINE_KEY) {
            participant.decline();
            if (kind === 'call') {
              declinedBy ??= leg.name;
              room.stopCaptions(CALLS.declined(leg.name));
              show();
              options.onChange();
            }
          }
          onKey(key);
        },
        closed(how) {
          cancelEnd();
          participant.leave();
          if (connected.get(legId) !== participant) return;
          connected.delete(legId);
          // Whether it was hung up the network reports, or `reconcile-leg` finds out.
          reconnector?.disconnected(legId, how);
          if (how === 'broken' && !isClosed) changed();
        },
      };
    },

    async hangUp(legId) {
      const leg = legs.find((each) => each.id === legId);
      if (leg === undefined) return;
      if (isOver(leg)) {
        dismissed.add(legId);
        show();
      } else await requestHangUp(legId);
    },

    [Symbol.dispose]() {
      isClosed = true;
    },
  };
};
