import { pinCandidates } from '../../core/calls/pin.ts';
import type { Job } from '../../core/conversation/types.ts';
import type { JobHandler } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { cardFactsIn, cardMessage, postCard } from './card.ts';
import { dialInNumber } from './phones/dial-out.ts';
import { applyLegEvent, endMeeting, firstToRing, isOver } from './phones/legs.ts';
import { isMeeting } from './posted-meeting.ts';
import type { MeetingRegistry } from './registry.ts';

type Named<N extends Job['name']> = Extract<Job, { name: N }>;

/** PINs to choose from; nearly always the first is free. */
const PIN_CANDIDATES = 10;

/** Posts the card, under which everything else of the meeting goes. Then a call's telephone may ring. */
export const openMeetingHandler = (
  parts: FlowParts,
  live: MeetingRegistry,
): JobHandler<Named<'open-meeting'>> => ({
  async run({ conversationId: id }) {
    const { store, clock, calls } = parts;
    const { waitForFirstMs } = parts.meetings.pace;
    const now = await store.transact(async (tx) => {
      const conversation = await tx.conversation(id);
      if (conversation?.kind === 'meeting' && calls !== null) {
        await tx.givePin(id, pinCandidates(calls.random, PIN_CANDIDATES));
      }
      return { conversation, facts: await cardFactsIn(tx, id, dialInNumber(parts.calls)) };
    });
    const { conversation, facts } = now;
    if (!isMeeting(conversation)) return;
    if (conversation.state.name === 'opening') {
      const unavailable = parts.meetings.rooms.unavailableReason();
      const card = cardMessage(conversation, { ...facts, present: [], unavailable });
      const messageId = await postCard(parts, conversation, card);
      await store.transact(async (tx) => {
        await applyMeetingEvent(tx, id, { type: 'card-posted', messageId }, clock.nowMs());
        // Ends one to which nobody ever comes, and frees its PIN.
        await tx.enqueue({ name: 'watch-meeting', conversationId: id }, { startAfterMs: waitForFirstMs });
        const first = firstToRing(facts.legs);
        if (first !== undefined) await tx.enqueue({ name: 'dial-leg', legId: first.id });
      });
    }
    // Whoever is rung must find the room open.
    if (conversation.kind === 'call') await live.host(id);
  },

  async gaveUp({ conversationId: id }, error) {
    const { store, clock, chat } = parts;
    const conversation = await store.transact(async (tx) => {
      const failed = await applyMeetingEvent(tx, id, { type: 'card-failed', error }, clock.nowMs());
      if (failed?.state.name !== 'failed') return failed;
      // They would be counted among those that are in calls for ever.
      for (const { id: legId } of await tx.legsOf(id)) {
        await applyLegEvent(tx, legId, { type: 'hang-up-requested' }, clock.nowMs());
      }
      await tx.dropPin(id);
      return failed;
    });
    if (conversation === null) return;
    await chat.postEphemeral(
      conversation.channel,
      conversation.startedBy,
      `Parley could not open “${conversation.title}”. ${error.userMessage}`,
    );
  },
});

/** How long a meeting that is carried is left alone before it is looked at again. */
const WATCH_EVERY_MS = 10_000;

/**
 * Ends a meeting whose copy of Parley died and to which nobody comes back; where telephones are still in it, carries it
 * on. Looks again and again until it is over; an orderly end needs none of this.
 */
export const watchMeetingHandler = (
  parts: FlowParts,
  live: MeetingRegistry,
): JobHandler<Named<'watch-meeting'>> => ({
  async run(job) {
    const { store, clock, log } = parts;
    const { graceMs } = parts.meetings;
    const id = job.conversationId;
    const abandoned = await store.transact(async (tx) => {
      const conversation = await tx.conversation(id, { lock: true });
      if (!isMeeting(conversation)) return false;
      if (conversation.state.name !== 'open' && conversation.state.name !== 'ending') return false;
      const lease = await tx.lease(id);
      const deadForMs = lease?.expiredForMs ?? Number.POSITIVE_INFINITY;
      const open = conversation.state.name === 'open';
      if (open && deadForMs >= 0 && !(await tx.legsOf(id)).every(isOver)) {
        await tx.enqueue(job, { startAfterMs: WATCH_EVERY_MS });
        return true;
      }
      const needMs = open ? graceMs : 0;
      if (deadForMs < needMs) {
        // When its lease is over, if it is not renewed by then.
        const needsMs = deadForMs < 0 ? -deadForMs : needMs - deadForMs;
        const startAfterMs = Math.min(needsMs, WATCH_EVERY_MS);
        await tx.enqueue(job, { startAfterMs: Math.max(startAfterMs, 50) });
        return false;
      }
      log.info({ conversation: id }, 'a meeting that nobody carries ends');
      // It was over when its copy was, not now.
      const endedAtMs = clock.nowMs() - (lease?.expiredForMs ?? 0);
      if (open) await endMeeting(tx, id, { by: null, atMs: endedAtMs });
      else await applyMeetingEvent(tx, id, { type: 'finals-stored' }, endedAtMs);
      return false;
    });
    if (!abandoned) return;
    await live.host(id);
    // Its telephones wait to be brought back.
    live.legsChanged(id);
  },

  async gaveUp(job) {
    // Without somebody who watches, a meeting whose copy dies would never end.
    await parts.store.transact((tx) => tx.enqueue(job, { startAfterMs: WATCH_EVERY_MS }));
  },
});
