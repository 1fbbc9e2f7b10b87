import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { CallSettings, Leg, LegEvent, LegRecording } from '../../core/calls/types.ts';
import type { MeetingState } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { CallRecording, Clock, Log, Phone, Store, Tx } from '../../core/ports.ts';
import { mayBeRecorded } from '../meetings/conclude.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import type { PostedMeeting } from '../util/conversations.ts';

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly phone: Phone;
}

const IS_SETTLED: Record<LegRecording['state'], boolean> = {
  running: false,
  ready: false,
  absent: true,
  kept: true,
  deleted: true,
};

/** Whether the recording of a conversation is not needed any more, whatever became of its result. */
const IS_TRANSCRIPTION_OVER: Record<MeetingState['name'], boolean> = {
  opening: false,
  open: false,
  ending: false,
  ended: false,
  transcribed: true,
  published: true,
  undelivered: true,
  failed: true,
};

/** The network may list a recording so late after its call. One that is missing longer does not exist. */
const LISTED_AFTER_MS = 60_000;

/** Whether a recording of the conversation is neither kept nor deleted yet. */
export const hasUnsettledRecording = async (tx: Tx, id: ConversationId): Promise<boolean> =>
  (await tx.legsOf(id)).some(({ recording }) => recording !== null && !IS_SETTLED[recording.state]);

/**
 * Keeps or deletes at the network what was recorded of a conversation, as its workspace decided: once it is
 * transcribed, or at once where someone declined. That includes recordings which a process that died began and never
 * stored. False when something is left to do: what runs is stopped, and the network deletes it only once it is complete.
 * Idempotent. Throws nothing.
 */
export const settleRecordingsOf = async (ports: Ports, conversation: PostedMeeting): Promise<boolean> => {
  const { store, log } = ports;
  const { id, channel, state } = conversation;
  try {
    const { legs, settings } = await store.transact(async (tx) => ({
      legs: await tx.legsOf(id),
      settings: (await tx.callSettings(channel.workspaceId)) ?? DEFAULT_SETTINGS,
    }));
    const isDeclined = legs.some(({ declined }) => declined);
    if (!isDeclined && !IS_TRANSCRIPTION_OVER[state.name]) return true;
    const policy = isDeclined ? 'delete' : settings.recordings;
    const settled = await Promise.all(legs.filter(mayBeRecorded).map((leg) => settleLeg(ports, leg, policy)));
    return settled.every(Boolean);
  } catch (error) {
    log.warn({ err: error, conversation: id }, 'recordings could not be settled yet');
    return false;
  }
};

const settleLeg = async (ports: Ports, leg: Leg, policy: CallSettings['recordings']): Promise<boolean> => {
  const { store, clock, phone, log } = ports;
  const { id: legId, recording } = leg;
  const callId = leg.callId!;
  const settle = async (event: LegEvent): Promise<true> => {
    await store.transact((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
    return true;
  };
  const listed = await phone.recordingsOf(callId);
  const isUnwanted = ({ id }: CallRecording): boolean =>
    policy === 'delete' || (recording !== null && id !== recording.id);
  const removals = await Promise.all(
    listed.filter(isUnwanted).map(async ({ id, state }) => {
      try {
        if (state === 'running') await phone.stopRecording(callId, id);
        if (state === 'ready') await phone.deleteRecording(id);
        return state !== 'running';
      } catch (error) {
        log.warn({ err: error, leg: legId }, 'a recording could not be stopped or deleted yet');
        return false;
      }
    }),
  );
  if (!removals.every(Boolean)) return false;
  if (recording === null || IS_SETTLED[recording.state]) return true;
  if (policy === 'keep') return settle({ type: 'recording-kept' });
  const own = listed.find(({ id }) => id === recording.id);
  if (own?.state === 'absent') return settle({ type: 'recording-absent', recordingId: own.id });
  const isGone = isOver(leg) && clock.nowMs() >= (leg.endedAtMs ?? 0) + LISTED_AFTER_MS;
  if (own !== undefined || isGone) return settle({ type: 'recording-deleted' });
  await phone.stopRecording(callId, recording.id);
  return false;
};
