import { newMeeting } from '../../core/conversation/meeting.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { Clock, MeetingPass, Requests, Rooms, Store } from '../../core/ports.ts';
import { MEETINGS } from '../sentences.ts';
import { isMeeting } from '../util/conversations.ts';
import { whyClosed } from './admission.ts';
import type { Instance } from './lease.ts';
import { endMeeting } from './phones/legs.ts';
import type { MeetingRegistry } from './registry.ts';

/** A card can be seen, and pressed, a moment before it is stored. */
const OPEN_TIMEOUT_MS = 10_000;
const POLL_EVERY_MS = 100;

/** The signed address of a meeting's page for one person, at the instance with this base URL. */
export type MeetingLinkTo = (base: string, pass: MeetingPass, nowMs: number) => Promise<string>;

/** What people request in a channel about meetings. */
export const createMeetingRequests = (ports: {
  readonly store: Store;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly instance: Instance;
  readonly newId: () => ConversationId;
  readonly linkTo: MeetingLinkTo;
  readonly meetings: Pick<MeetingRegistry, 'end'>;
}): Pick<Requests, 'openMeeting' | 'meetingLink' | 'endMeeting'> => {
  const { store, clock, rooms, instance, newId, linkTo, meetings } = ports;

  const load = (id: ConversationId) =>
    store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      record: await tx.meeting(id),
      lease: await tx.lease(id),
    }));
  const loadOpen = async (id: ConversationId) => {
    const untilMs = clock.monotonicMs() + OPEN_TIMEOUT_MS;
    for (;;) {
      const found = await load(id);
      if (found.conversation?.state.name !== 'opening' || clock.monotonicMs() >= untilMs) return found;
      await clock.sleep(POLL_EVERY_MS);
    }
  };

  return {
    async openMeeting({ workspaceId, channelId, by, title, origin }) {
      const refusal = instance.url() === null ? MEETINGS.noAddress : rooms.unavailableReason();
      if (refusal !== null) return { outcome: 'refused', sentence: refusal };
      const conversation = newMeeting(
        { id: newId(), kind: 'meeting', channel: { workspaceId, channelId }, startedBy: by, title },
        clock.nowMs(),
      );
      await store.transact(async (tx) => {
        const { added } = await tx.addConversation(
          conversation,
          [workspaceId, channelId, 'meet', origin].join('/'),
        );
        if (added) await tx.enqueue({ name: 'open-meeting', conversationId: conversation.id });
      });
      return { outcome: 'accepted' };
    },

    async meetingLink(conversationId, workspaceId, by) {
      const { conversation, record, lease } = await loadOpen(conversationId);
      const isForeign = isMeeting(conversation) && conversation.channel.workspaceId !== workspaceId;
      const why = whyClosed(isForeign ? null : conversation, { removed: record.removed.includes(by) });
      if (why !== null) return { refused: why };
      const hostedAt = lease !== null && lease.expiredForMs < 0 && lease.url !== '' ? lease.url : null;
      // Hosted elsewhere, it needs no media here.
      const unavailable = hostedAt === null ? rooms.unavailableReason() : null;
      if (unavailable !== null) return { refused: unavailable };
      const base = hostedAt ?? instance.url();
      if (base === null) return { refused: MEETINGS.noAddress };
      return { url: await linkTo(base, { conversationId, workspaceId, personId: by }, clock.nowMs()) };
    },

    async endMeeting(id, by) {
      const conversation = await store.transact((tx) => tx.conversation(id));
      if (!isMeeting(conversation) || conversation.state.name !== 'open') {
        return { outcome: 'already', sentence: MEETINGS.alreadyEnded('meeting') };
      }
      if (conversation.host !== by) return { outcome: 'refused', sentence: MEETINGS.hostOnly };
      await store.transact((tx) => endMeeting(tx, id, { by, atMs: clock.nowMs() }));
      meetings.end(id, by);
      return { outcome: 'accepted' };
    },
  };
};
