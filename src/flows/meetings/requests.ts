import { newMeeting } from '../../core/conversation/meeting.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { RequestOutcome, Requests } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { pause } from '../util/pause.ts';
import { whyClosed } from './admission.ts';
import { endMeeting } from './phones/legs.ts';
import { isMeeting } from './posted-meeting.ts';
import type { MeetingRegistry } from './registry.ts';

const NO_ADDRESS =
  'Meetings need an address at which browsers reach Parley: whoever runs it has to set PUBLIC_URL.';
/** Its card can be seen, and pressed, a moment before that is stored. */
const OPEN_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;
const FOR_THE_HOST = 'Only the host of this meeting may end it.';

/** What people ask in the channel about meetings. */
export const createMeetingRequests = (
  parts: FlowParts,
  live: MeetingRegistry,
): Pick<Requests, 'openMeeting' | 'meetingLink' | 'endMeeting'> => {
  const { store, clock, newId } = parts;
  const { rooms, linkTo, url, monotonicMs } = parts.meetings;
  const load = (id: ConversationId) =>
    store.transact(async (tx) => ({
      conversation: await tx.conversation(id),
      record: await tx.meeting(id),
      lease: await tx.lease(id),
    }));

  return {
    async openMeeting({ workspaceId, channelId, by, title, origin }): Promise<RequestOutcome> {
      const missing = url() === null ? NO_ADDRESS : rooms.unavailableReason();
      if (missing !== null) return { outcome: 'refused', sentence: missing };
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
      const untilMs = monotonicMs() + OPEN_WITHIN_MS;
      let found = await load(conversationId);
      while (found.conversation?.state.name === 'opening' && monotonicMs() < untilMs) {
        await pause(LOOK_EVERY_MS);
        found = await load(conversationId);
      }
      const { conversation, record, lease } = found;
      const why =
        isMeeting(conversation) && conversation.channel.workspaceId !== workspaceId
          ? whyClosed(null, { removed: false })
          : whyClosed(conversation, { removed: record.removed.includes(by) });
      if (why !== null) return { refused: why };
      const carriedAt = lease !== null && lease.expiredForMs < 0 && lease.url !== '' ? lease.url : null;
      // Another copy that has it needs no worker here.
      const missing = carriedAt === null ? rooms.unavailableReason() : null;
      if (missing !== null) return { refused: missing };
      const base = carriedAt ?? url();
      if (base === null) return { refused: NO_ADDRESS };
      const pass = { conversationId, workspaceId, personId: by };
      return { url: await linkTo(base, pass, clock.nowMs()) };
    },

    async endMeeting(id, by): Promise<RequestOutcome> {
      const conversation = await store.transact((tx) => tx.conversation(id));
      if (!isMeeting(conversation) || conversation.state.name !== 'open') {
        return { outcome: 'already', sentence: 'This meeting has ended already.' };
      }
      if (conversation.host !== by) return { outcome: 'refused', sentence: FOR_THE_HOST };
      await store.transact((tx) => endMeeting(tx, id, { by, atMs: clock.nowMs() }));
      live.end(id, by);
      return { outcome: 'accepted' };
    },
  };
};
