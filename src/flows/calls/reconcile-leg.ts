import { isOverTimeLimit } from '../../core/calls/closing-announcement.ts';
import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { Leg, LegEvent } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import type { JobHandler } from '../../core/ports.ts';
import { cardFactsIn, cardMessage, declinedRemark, editCard } from '../meetings/card.ts';
import { NO_PHONES } from '../meetings/phones/dial-out.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import { isPostedMeeting, type PostedMeeting } from '../meetings/posted-meeting.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import type { CallParts, FlowParts } from '../parts.ts';
import { showInThread } from '../results/status-message.ts';
import { createHangUp } from './hang-up.ts';

type TendLeg = Extract<Job, { name: 'reconcile-leg' }>;

/** The network tells by itself; these are for what it failed to tell, or told while nobody listened. */
const LOOK_EVERY_MS = 20_000;
const LOOK_AFTER_HANGING_UP_MS = 3_000;

/** Does for a telephone what is due. May run at any time, and several times at once. */
export const reconcileLegHandler = (parts: FlowParts, live: MeetingRegistry): JobHandler<TendLeg> => {
  const hangUp = createHangUp({ monotonicMs: parts.meetings.monotonicMs, log: parts.log });
  return {
    async run(job) {
      const { store, calls } = parts;
      const now = await store.transact(async (tx) => {
        const leg = await tx.leg(job.legId);
        return leg === null ? null : { leg, conversation: await tx.conversation(leg.conversationId) };
      });
      if (now === null || !isPostedMeeting(now.conversation)) return;
      if (calls === null) {
        // Nobody can ever say how it is, and a meeting goes on as long as a telephone may be in it.
        const event = { type: 'ended', how: 'failed', reason: NO_PHONES } as const;
        await store.transact((tx) => applyLegEvent(tx, job.legId, event, parts.clock.nowMs()));
        return live.legsChanged(now.leg.conversationId);
      }
      const { leg, conversation } = now;
      if (leg.declined) await sayDeclined(parts, conversation, leg);
      if (isOver(leg) || leg.declined) {
        await settleRecording(parts, calls, conversation);
        // Its call may have ended before it, and then nobody else shows how it went.
        await redrawCard(parts, conversation);
      }
      if (isOver(leg)) return;
      await tend(parts, calls, { leg, hangUp });
      live.legsChanged(leg.conversationId);
      const after = await store.transact((tx) => tx.leg(leg.id));
      if (after === null || isOver(after)) return;
      const startAfterMs = after.hangUpRequested
        ? LOOK_AFTER_HANGING_UP_MS
        : Math.min(LOOK_EVERY_MS, mayLastForMs(after, calls.limits, parts.clock.nowMs()));
      await store.transact((tx) => tx.enqueue(job, { startAfterMs }));
    },

    async gaveUp(job, error) {
      parts.log.error({ err: error, leg: job.legId }, 'a telephone is not tended for a while');
      // Nobody else would hang it up, or delete its recording.
      await parts.store.transact((tx) => tx.enqueue(job, { startAfterMs: LOOK_EVERY_MS }));
    },
  };
};

const tend = async (
  { store, clock }: FlowParts,
  { phone, limits }: CallParts,
  { leg, hangUp }: { readonly leg: Leg; readonly hangUp: ReturnType<typeof createHangUp> },
): Promise<void> => {
  const { id, callId, hangUpRequested } = leg;
  if (callId === null) return;
  if (hangUpRequested) await hangUp(phone, leg);
  else if (isOverTimeLimit(leg, limits.maxDurationMs, clock.nowMs())) {
    // That it is to be hung up is a job of its own.
    await store.transact((tx) => applyLegEvent(tx, id, { type: 'hang-up-requested' }, clock.nowMs()));
  }
  const report = await phone.fetchCall(callId);
  const event = eventOf(report);
  await store.transact((tx) => applyLegEvent(tx, id, event, clock.nowMs()));
};

const mayLastForMs = (
  { answeredAtMs }: Leg,
  { maxDurationMs }: CallParts['limits'],
  nowMs: number,
): number => (answeredAtMs === null ? maxDurationMs : Math.max(0, answeredAtMs + maxDurationMs - nowMs));

const LOST = 'The telephone network does not know this call any more.';

const eventOf = (report: Awaited<ReturnType<CallParts['phone']['fetchCall']>>): LegEvent => {
  switch (report?.state) {
    case undefined:
      return { type: 'ended', how: 'failed', reason: LOST };
    case 'ended':
      return { type: 'ended', how: report.how, reason: report.reason };
    default:
      return { type: report!.state };
  }
};

/** In the thread, once. */
const sayDeclined = async (parts: FlowParts, conversation: PostedMeeting, leg: Leg): Promise<void> => {
  // In a meeting it concerns nobody but whoever declined.
  if (conversation.kind !== 'call') return;
  const key = `declined:${conversation.id}`;
  const known = await parts.store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') return;
  const message = { kind: 'remark', sentence: declinedRemark(leg) } as const;
  await showInThread(parts, conversation, { key, revision: 1, message });
};

/** Keeps or deletes what the network recorded, once it is transcribed, or at once where somebody declined. */
const settleRecording = async (
  parts: FlowParts,
  { phone }: CallParts,
  conversation: PostedMeeting,
): Promise<void> => {
  const { store, clock } = parts;
  const now = await store.transact(async (tx) => ({
    legs: await tx.legsOf(conversation.id),
    settings: await tx.callSettings(conversation.channel.workspaceId),
  }));
  const recorded = now.legs.find(({ recording }) => recording !== null);
  const recording = recorded?.recording ?? null;
  if (recorded === undefined || recording === null || recorded.callId === null) return;
  if (recording.state === 'kept' || recording.state === 'deleted' || recording.state === 'absent') return;
  const declined = now.legs.some((each) => each.declined);
  const isDone = ['transcribed', 'published', 'failed'].includes(conversation.state.name);
  if (!declined && !isDone) return;

  const remove = declined || (now.settings ?? DEFAULT_SETTINGS).recordings === 'delete';
  if (remove) {
    if (recording.state === 'running') await phone.stopRecording(recorded.callId, recording.id);
    await phone.deleteRecording(recording.id);
  }
  const event = { type: remove ? 'recording-deleted' : 'recording-kept' } as const;
  await store.transact((tx) => applyLegEvent(tx, recorded.id, event, clock.nowMs()));
};

/** Of a call that is over. While it runs, the copy that carries it draws its card. */
const redrawCard = async (parts: FlowParts, conversation: PostedMeeting): Promise<void> => {
  if (conversation.endedAtMs === null) return;
  const facts = await parts.store.transact((tx) => cardFactsIn(tx, conversation.id, null));
  await editCard(
    parts,
    conversation,
    cardMessage(conversation, { ...facts, present: [], unavailable: null }),
  );
};
