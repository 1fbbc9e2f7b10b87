import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { Leg, LegRecording } from '../../core/calls/types.ts';
import type { MeetingState } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Phone, Store, Tx, WallClock } from '../../core/ports.ts';
import { applyLegEvent } from '../meetings/phones/legs.ts';
import type { PostedMeeting } from '../util/conversations.ts';

type RecordedLeg = Leg & { readonly recording: LegRecording };

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

/** The legs whose recording is neither kept nor deleted yet. */
export const unsettledRecordings = async (tx: Tx, id: ConversationId): Promise<readonly RecordedLeg[]> =>
  (await tx.legsOf(id)).flatMap(({ recording, ...leg }) =>
    recording === null || IS_SETTLED[recording.state] ? [] : [{ ...leg, recording }],
  );

/**
 * Keeps or deletes at the network what was recorded of a conversation, as its workspace decided: once it is
 * transcribed, or at once where someone declined. Idempotent.
 */
export const settleRecordingsOf = async (
  { store, clock, phone }: { readonly store: Store; readonly clock: WallClock; readonly phone: Phone },
  conversation: PostedMeeting,
): Promise<void> => {
  const { id, channel, state } = conversation;
  const { unsettled, isDeclined, settings } = await store.transact(async (tx) => ({
    unsettled: await unsettledRecordings(tx, id),
    isDeclined: (await tx.legsOf(id)).some(({ declined }) => declined),
    settings: (await tx.callSettings(channel.workspaceId)) ?? DEFAULT_SETTINGS,
  }));
  if (!isDeclined && !IS_TRANSCRIPTION_OVER[state.name]) return;
  const isDeleted = isDeclined || settings.recordings === 'delete';
  for (const { id: legId, callId, recording } of unsettled) {
    if (isDeleted) {
      if (recording.state === 'running' && callId !== null) await phone.stopRecording(callId, recording.id);
      await phone.deleteRecording(recording.id);
    }
    const event = { type: isDeleted ? 'recording-deleted' : 'recording-kept' } as const;
    await store.transact((tx) => applyLegEvent(tx, legId, event, clock.nowMs()));
  }
};
