import { isOverTimeLimit } from '../../core/calls/announcements.ts';
import type { Leg, LegEvent } from '../../core/calls/types.ts';
import type { Job } from '../../core/conversation/types.ts';
import { isChannelUnreachable } from '../../core/error.ts';
import type { CallReport, Chat, Clock, JobHandler, Log, Store } from '../../core/ports.ts';
import { buildEndedCard, editCard, loadCardFacts } from '../meetings/card.ts';
import type { CallOptions } from '../meetings/phones/dial-out.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { showInThread } from '../results/status-message.ts';
import { CALLS } from '../sentences.ts';
import { isPostedMeeting, type PostedMeeting } from '../util/conversations.ts';
import { createHangUp } from './hang-up.ts';
import { hasUnsettledRecording, settleRecordingsOf } from './recordings.ts';

type ReconcileLeg = Extract<Job, { name: 'reconcile-leg' }>;

interface Ports {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
  readonly calls: Pick<CallOptions, 'phone' | 'limits'> | null;
  readonly meetings: Pick<MeetingRegistry, 'legsChanged'>;
}

/** The network reports by itself; these are for what it failed to report, or reported while no one listened. */
const CHECK_EVERY_MS = 20_000;
const CHECK_AFTER_HANGING_UP_MS = 3_000;
/** A recording is complete within seconds of its end, mostly; then waits grow with the time that has passed. */
const CHECK_RECORDING_AFTER_MS = 3_000;
const CHECK_RECORDING_WITHIN_MS = 3_600_000;

/**
 * Brings a leg to what the database says of it: hung up, ended, its recording kept or deleted, and all of that shown.
 * May run at any time, and several times at once.
 */
export const reconcileLegHandler = (ports: Ports): JobHandler<ReconcileLeg> => {
  const { store, clock, log, calls, meetings } = ports;
  const hangUp = createHangUp({ clock, log });

  const load = ({ legId }: ReconcileLeg) =>
    store.transact(async (tx) => {
      const leg = await tx.leg(legId);
      const conversation = leg === null ? null : await tx.conversation(leg.conversationId);
      return leg === null || !isPostedMeeting(conversation) ? null : { leg, conversation };
    });

  return {
    async run(job) {
      const now = await load(job);
      if (now === null) return;
      const { leg, conversation } = now;
      if (calls === null) {
        // No one could ever tell how it is, and its meeting goes on as long as a phone may be in it.
        const event = { type: 'ended', how: 'failed', reason: CALLS.noPhones } as const;
        await store.transact((tx) => applyLegEvent(tx, leg.id, event, clock.nowMs()));
        return meetings.legsChanged(conversation.id);
      }
      const isRecordingOver = isOver(leg) || leg.declined;
      // Neither waits for the other: a recording may be away while a phone has to be hung up, and the reverse.
      const call = isOver(leg)
        ? null
        : await reconcileCall(ports, calls, leg, hangUp).catch((error: unknown) => ({ error }));
      const isSettled =
        !isRecordingOver ||
        (await settleRecordingsOf({ store, clock, log, phone: calls.phone }, conversation));
      if (isRecordingOver) await show(ports, conversation, leg);
      if (!isOver(leg)) meetings.legsChanged(conversation.id);
      if (call !== null && call !== undefined) throw call.error;
      const after = (await load(job))?.leg;
      if (after === undefined) return;
      const startAfterMs = nextCheckMs(after, isSettled, calls.limits.maxDurationMs, clock.nowMs());
      if (startAfterMs !== null) await store.transact((tx) => tx.enqueue(job, { startAfterMs }));
    },

    async gaveUp(job, error) {
      log.error({ err: error, leg: job.legId }, 'a leg could not be reconciled');
      const now = await load(job);
      if (now === null) return;
      await store.transact(async (tx) => {
        const isUnsettled = await hasUnsettledRecording(tx, now.conversation.id);
        // Nothing else would hang it up, or delete what was recorded. What could not be shown is left as it is.
        if (isOver(now.leg) && !isUnsettled) return;
        await tx.enqueue(job, { startAfterMs: CHECK_EVERY_MS });
      });
    },
  };
};

const reconcileCall = async (
  { store, clock }: Ports,
  { phone, limits }: NonNullable<Ports['calls']>,
  leg: Leg,
  hangUp: ReturnType<typeof createHangUp>,
): Promise<void> => {
  const { id, callId, hangUpRequested } = leg;
  if (callId === null) return;
  if (hangUpRequested) await hangUp(phone, leg);
  else if (isOverTimeLimit(leg, limits.maxDurationMs, clock.nowMs())) {
    // Which enqueues a job that hangs it up.
    await store.transact((tx) => applyLegEvent(tx, id, { type: 'hang-up-requested' }, clock.nowMs()));
  }
  const event = eventOf(await phone.fetchCall(callId));
  await store.transact((tx) => applyLegEvent(tx, id, event, clock.nowMs()));
};

/** In how long a leg is to be reconciled again; null when nothing is left to do. */
const nextCheckMs = (leg: Leg, isSettled: boolean, maxDurationMs: number, nowMs: number): number | null => {
  const recordingMs = isSettled
    ? Number.POSITIVE_INFINITY
    : Math.max(CHECK_RECORDING_AFTER_MS, (nowMs - (leg.endedAtMs ?? nowMs)) / 4);
  if (isOver(leg)) return isSettled ? null : Math.min(recordingMs, CHECK_RECORDING_WITHIN_MS);
  if (leg.hangUpRequested) return CHECK_AFTER_HANGING_UP_MS;
  return Math.min(CHECK_EVERY_MS, recordingMs, remainingMs(leg, maxDurationMs, nowMs));
};

const remainingMs = ({ answeredAtMs }: Leg, maxDurationMs: number, nowMs: number): number =>
  answeredAtMs === null ? maxDurationMs : Math.max(0, answeredAtMs + maxDurationMs - nowMs);

const eventOf = (report: CallReport | null): LegEvent => {
  if (report === null) return { type: 'ended', how: 'failed', reason: CALLS.lost };
  return report.state === 'ended'
    ? { type: 'ended', how: report.how, reason: report.reason }
    : { type: report.state };
};

/** A channel that can't be posted in is no reason to try again: the leg has nothing else to be done. */
const show = async (ports: Ports, conversation: PostedMeeting, leg: Leg): Promise<void> => {
  try {
    if (leg.declined) await postDeclined(ports, conversation, leg);
    await redrawCard(ports, conversation);
  } catch (error) {
    if (!isChannelUnreachable(error)) throw error;
    ports.log.warn({ err: error, leg: leg.id }, 'the end of a leg could not be shown');
  }
};

/** In the thread, once. In a meeting it concerns no one but the person who declined. */
const postDeclined = async (ports: Ports, conversation: PostedMeeting, leg: Leg): Promise<void> => {
  if (conversation.kind !== 'call') return;
  const key = `declined:${conversation.id}`;
  const known = await ports.store.transact((tx) => tx.delivery(key));
  if (known?.state === 'message') return;
  const message = { kind: 'remark', sentence: CALLS.declined(leg.name) } as const;
  await showInThread(ports, conversation, { key, revision: 1, message });
};

/** Of a call that is over. While it runs, its session edits the card. */
const redrawCard = async (ports: Ports, conversation: PostedMeeting): Promise<void> => {
  if (conversation.endedAtMs === null) return;
  const facts = await ports.store.transact((tx) => loadCardFacts(tx, conversation.id, null));
  await editCard(ports, conversation, buildEndedCard(conversation, facts));
};
