import { DECLINE_KEY } from '../../../core/calls/settings.ts';
import type { Leg } from '../../../core/calls/types.ts';
import type { MeetingState } from '../../../core/conversation/types.ts';
import { toAppError } from '../../../core/error.ts';
import type { LegId } from '../../../core/ids.ts';
import type {
  LegAudioInput,
  LegAudioOutput,
  Log,
  PendingPhone,
  PhoneParticipant,
  Room,
  Store,
  Tx,
} from '../../../core/ports.ts';
import type { FlowParts } from '../../parts.ts';
import { retryUntilAborted } from '../../util/retry.ts';
import { declinedRemark } from '../card.ts';
import type { PostedMeeting } from '../posted-meeting.ts';
import { applyLegEvent, isOver } from './legs.ts';
import { createReconnector } from './reconnect.ts';

/** The telephones of a meeting that this process carries. */
export interface PhoneBridge {
  readonly legs: readonly Leg[];
  /** Whether one may still come in. */
  expected(): boolean;
  /** Something about them was stored. */
  changed(): void;
  /** One was just told to connect. */
  comes(id: LegId): void;
  /** Gives one its place; its sound flows from now on. Null when there is none: then it is turned away. */
  connect(leg: Leg, line: LegAudioOutput, onKey: (key: string) => void): Promise<LegAudioInput | null>;
  /** Hangs one up, or takes it off the page when it did not come. */
  hangUp(id: LegId): Promise<void>;
  /** Nothing is told from here on. */
  close(): void;
}

const MOST_TRIES_MS = 20_000;
/** So long a telephone whose place was taken away is not ended barely. */
const FAREWELL_WITHIN_MS = 10_000;

export const createPhoneBridge = (
  parts: Pick<FlowParts, 'store' | 'clock' | 'calls'> & { readonly store: Store; readonly log: Log },
  options: {
    readonly conversation: PostedMeeting;
    readonly legs: readonly Leg[];
    readonly room: () => Room;
    /** Whose sound flowed before, here or in an earlier process. */
    readonly wasIn: (id: LegId) => boolean;
    /** The meeting's clock. */
    readonly nowMs: () => number;
    readonly monotonicMs: () => number;
    readonly persist: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
    readonly onChange: (state: MeetingState | null) => void;
  },
): PhoneBridge => {
  const { store, clock, log, calls } = parts;
  const { room, nowMs, persist, wasIn, monotonicMs } = options;
  const { id, kind } = options.conversation;
  const inRoom = new Map<LegId, PhoneParticipant>();
  const dismissed = new Set<LegId>();
  let { legs } = options;
  let closed = false;
  let recordingAsked = false;
  const back = createReconnector({ calls, log, monotonicMs, wasIn });
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  const show = (): void => {
    room().setPendingPhones(legs.flatMap((leg) => outside(leg)));
    for (const { id: legId, declined } of legs) if (declined) inRoom.get(legId)?.decline();
    const refusal = legs.find(({ declined }) => declined);
    // In a meeting whoever declines is not transcribed; a call is between few, and recorded as a whole.
    if (kind === 'call' && refusal !== undefined) room().stopCaptions(declinedRemark(refusal));
  };
  const outside = ({ id: legId, name, state, role }: Leg): PendingPhone[] => {
    if (inRoom.has(legId) || dismissed.has(legId) || role === 'inbound') return [];
    if (state.name !== 'ended') return [{ legId, name, state: 'ringing' }];
    return state.how === 'hung-up' || state.how === 'cancelled' ? [] : [{ legId, name, state: state.how }];
  };

  const look = async (): Promise<void> => {
    const now = await store.transact(async (tx) => ({
      legs: await tx.legsOf(id),
      conversation: await tx.conversation(id),
    }));
    if (closed) return;
    legs = now.legs;
    show();
    back.look(legs.filter(isMissing));
    options.onChange(now.conversation?.kind === 'recording' ? null : (now.conversation?.state ?? null));
  };
  const isMissing = ({ id: legId, state, hangUpRequested }: Leg): boolean =>
    state.name === 'answered' && !hangUpRequested && !inRoom.has(legId);
  const changed = (): void => {
    if (looking !== null) {
      lookAgain = true;
      return;
    }
    looking = look()
      .catch((error: unknown) =>
        log.warn({ err: error, conversation: id }, 'telephones could not be looked at'),
      )
      .finally(() => {
        looking = null;
        if (lookAgain) {
          lookAgain = false;
          changed();
        }
      });
  };

  const ask = async (event: 'hang-up-requested', legId: LegId): Promise<void> => {
    await persist((tx) => applyLegEvent(tx, legId, { type: event }, clock.nowMs()));
    changed();
  };

  /**
   * There is no place for one. It asks at once what now, and is told why before it is hung up (`Calls.answered`); where
   * the network does not take that, it asks as every telephone does whose sound broke off.
   */
  const turnAway = async ({ id: legId, callId }: Leg, reason: string): Promise<void> => {
    const event = { type: 'ended', how: 'room-full', reason } as const;
    await persist((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
    changed();
    log.info({ leg: legId }, 'there is no place for a telephone');
    if (calls === null || callId === null) return;
    await calls.phone
      .redirectCall(legId, callId)
      .catch((error: unknown) => log.warn({ err: error, leg: legId }, 'a telephone learns later why'));
  };

  /** Of a call, what its telephone hears and says, once both flow. Without it the result is made of the captions. */
  const record = async ({ id: legId, role, callId, recording }: Leg, cameBack: boolean): Promise<void> => {
    // Its sound may come back before the network answered; two recordings would be one too many.
    const wanted = kind === 'call' && role === 'callee' && recording === null && !recordingAsked;
    if (!wanted || callId === null || calls === null || legs.some(({ declined }) => declined)) return;
    const signal = AbortSignal.timeout(MOST_TRIES_MS);
    recordingAsked = true;
    try {
      const known = cameBack
        ? await retryUntilAborted(() => calls.phone.findRecording(callId), { log, signal })
        : null;
      const recordingId =
        known ?? (await retryUntilAborted(() => calls.phone.startRecording(legId, callId), { log, signal }));
      const beganAtMs = known === null ? nowMs() : null;
      await persist((tx) =>
        applyLegEvent(tx, legId, { type: 'recording-began', recordingId, beganAtMs }, clock.nowMs()),
      );
    } catch (error) {
      recordingAsked = false;
      log.error({ err: error, conversation: id }, 'a call is not recorded');
    }
  };

  show();
  return {
    get legs() {
      return legs;
    },
    expected: () => legs.some((leg) => !isOver(leg) && !leg.hangUpRequested && !inRoom.has(leg.id)),
    changed,
    comes: (legId) => back.comes(legId),

    async connect(leg, line, onKey) {
      const { id: legId, name, declined } = leg;
      const cameBack = wasIn(legId);
      let removing: NodeJS.Timeout | undefined;
      const place = await room()
        .addPhone(
          { legId, name, consented: !declined },
          {
            play: line.play,
            removed() {
              // Where the process stops, the telephone waits for the next one.
              if (closed) return line.removed();
              void ask('hang-up-requested', legId).catch(() => undefined);
              // The network ends its sound as soon as it hears why. Were it ended before, it would hear that the line
              // is being restored.
              removing = setTimeout(line.removed, FAREWELL_WITHIN_MS).unref();
            },
          },
        )
        .catch(async (error: unknown) => {
          const fault = toAppError(error);
          if (closed || fault.retryable) throw error;
          await turnAway(leg, fault.userMessage);
          return null;
        });
      if (place === null) return null;
      inRoom.set(legId, place);
      back.came(legId);
      changed();
      void record(leg, cameBack);
      return {
        audio: (mulaw, atMs) => place.receive(mulaw, atMs),
        key(key) {
          // At once, and then stored: they may speak on, and the database may be away for a while.
          if (key === DECLINE_KEY) {
            place.decline();
            if (kind === 'call') room().stopCaptions(declinedRemark(leg));
          }
          onKey(key);
        },
        closed(how) {
          clearTimeout(removing);
          place.leave();
          if (inRoom.get(legId) !== place) return;
          inRoom.delete(legId);
          // Whether it was hung up is told by the network, or found out by whoever tends it.
          back.went(legId, how);
          if (how === 'broken' && !closed) changed();
        },
      };
    },

    async hangUp(legId) {
      const leg = legs.find((each) => each.id === legId);
      if (leg === undefined) return;
      if (isOver(leg)) {
        dismissed.add(legId);
        show();
      } else await ask('hang-up-requested', legId);
    },

    close() {
      closed = true;
    },
  };
};
