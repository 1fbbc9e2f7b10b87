import type { Job, MeetingConversation } from '../../core/conversation/types.ts';
import { heardInMeeting, namesInMeeting } from '../../core/meeting/lines.ts';
import type { JobHandler, Tx } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { showAllCaptions } from './captions.ts';
import { cardMessage, editCard, postCard } from './card.ts';
import { isShownMeeting } from './shown.ts';

type Named<N extends Job['name']> = Extract<Job, { name: N }>;

/** Posts the card, under which everything else of the meeting goes. */
export const openMeetingHandler = (parts: FlowParts): JobHandler<Named<'open-meeting'>> => ({
  async run({ conversationId: id }) {
    const { store, clock } = parts;
    const conversation = await store.transact((tx) => tx.conversation(id));
    if (conversation?.kind !== 'meeting' || conversation.state.name !== 'opening') return;
    const unavailable = parts.meetings.rooms.missing();
    const messageId = await postCard(
      parts,
      conversation,
      cardMessage(conversation, { present: [], unavailable }),
    );
    await store.transact((tx) =>
      applyMeetingEvent(tx, id, { type: 'card-posted', messageId }, clock.nowMs()),
    );
  },

  async gaveUp({ conversationId: id }, error) {
    const { store, clock, chat } = parts;
    const conversation = await store.transact((tx) =>
      applyMeetingEvent(tx, id, { type: 'card-failed', error }, clock.nowMs()),
    );
    if (conversation === null) return;
    await chat.whisper(
      conversation.channel,
      conversation.startedBy,
      `Parley could not open “${conversation.title}”. ${error.userMessage}`,
    );
  },
});

/** How long a meeting that is carried is left alone before it is looked at again. */
const WATCH_EVERY_MS = 10_000;

/**
 * Ends a meeting whose copy of Parley died and to which nobody comes back. Looks again and again until it is over;
 * an orderly end needs none of this.
 */
export const watchMeetingHandler = (parts: FlowParts): JobHandler<Named<'watch-meeting'>> => ({
  async run(job) {
    const { store, clock, log } = parts;
    const { graceMs } = parts.meetings;
    const id = job.conversationId;
    await store.transact(async (tx) => {
      const conversation = await tx.conversation(id, { lock: true });
      if (conversation?.kind !== 'meeting') return;
      if (conversation.state.name !== 'open' && conversation.state.name !== 'ending') return;
      const lease = await tx.lease(id);
      const deadForMs = lease?.overForMs ?? Number.POSITIVE_INFINITY;
      const needMs = conversation.state.name === 'open' ? graceMs : 0;
      if (deadForMs < needMs) {
        const startAfterMs = deadForMs < 0 ? WATCH_EVERY_MS : Math.min(needMs - deadForMs, WATCH_EVERY_MS);
        await tx.enqueue(job, { startAfterMs: Math.max(startAfterMs, 50) });
        return;
      }
      log.warn({ conversation: id }, 'a meeting that nobody carries any more ends');
      // It was over when its copy was, not now.
      const endedAtMs = clock.nowMs() - (lease?.overForMs ?? 0);
      await applyMeetingEvent(tx, id, { type: 'end-asked', by: null }, endedAtMs);
      await applyMeetingEvent(tx, id, { type: 'finals-stored' }, endedAtMs);
    });
  },

  async gaveUp(job) {
    // Without somebody who watches, a meeting whose copy dies would never end.
    await parts.store.transact((tx) => tx.enqueue(job, { startAfterMs: WATCH_EVERY_MS }));
  },
});

/** Brings the thread up to the last word, and hands over to what follows every conversation. */
export const concludeMeetingHandler = (parts: FlowParts): JobHandler<Named<'conclude-meeting'>> => ({
  async run({ conversationId: id }) {
    const { store } = parts;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      lines: await tx.lines(id),
      record: await tx.meeting(id),
    }));
    if (!isShownMeeting(now.conversation) || now.conversation.state.name !== 'ended') return;
    const { conversation, lines, record } = now;
    await editCard(parts, conversation, cardMessage(conversation, { present: [], unavailable: null }));
    await showAllCaptions(parts, conversation, lines, record.parties);
    await store.transact((tx) => conclude(parts, tx, conversation));
  },

  // Captions that Slack does not take are no reason to lose the result, which has tries of its own.
  async gaveUp({ conversationId: id }) {
    await parts.store.transact(async (tx) => {
      const conversation = await tx.conversation(id);
      if (conversation?.kind === 'meeting') await conclude(parts, tx, conversation);
    });
  },
});

const conclude = async (parts: FlowParts, tx: Tx, conversation: MeetingConversation): Promise<void> => {
  const { id, startedAtMs, endedAtMs, state } = conversation;
  if (state.name !== 'ended') return;
  const lines = await tx.lines(id);
  const { parties } = await tx.meeting(id);
  const lengthMs = startedAtMs === null || endedAtMs === null ? 0 : endedAtMs - startedAtMs;
  if (lines.length > 0) {
    await tx.saveHeard(id, heardInMeeting(lines, lengthMs));
    await tx.saveSpeakerNames(id, namesInMeeting(parties));
  }
  await applyMeetingEvent(tx, id, { type: lines.length > 0 ? 'heard' : 'silent' }, parts.clock.nowMs());
};
