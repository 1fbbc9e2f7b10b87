import { pinCandidates } from '../../core/calls/pin.ts';
import type { Job, MeetingConversation } from '../../core/conversation/types.ts';
import type { Chat, Clock, JobHandler, Rooms, Store } from '../../core/ports.ts';
import { MEETINGS } from '../sentences.ts';
import { applyMeetingEvent, isMeeting } from '../util/conversations.ts';
import { personalReason } from '../util/personal-reason.ts';
import { buildCard, loadCardFacts, postCard, type StoredCardFacts } from './card.ts';
import { type CallOptions, dialInNumber } from './phones/dial-out.ts';
import { applyLegEvent, firstToDial } from './phones/legs.ts';
import type { MeetingRegistry } from './registry.ts';
import type { MeetingTiming } from './timing.ts';

type OpenMeeting = Extract<Job, { name: 'open-meeting' }>;

interface Ports {
  readonly store: Store;
  readonly chat: Chat;
  readonly rooms: Rooms;
  readonly clock: Clock;
  readonly timing: MeetingTiming;
  readonly calls: Pick<CallOptions, 'phone' | 'plan' | 'random'> | null;
  readonly meetings: Pick<MeetingRegistry, 'host'>;
}

/** PINs to choose from; nearly always the first is free. */
const PIN_CANDIDATES = 10;

/** Posts the card of a meeting or a call, whose thread everything else goes into. Then a call's phone may be dialled. */
export const openMeetingHandler = (ports: Ports): JobHandler<OpenMeeting> => ({
  async run({ conversationId: id }) {
    const { store, calls, meetings } = ports;
    const { conversation, facts } = await store.transact(async (tx) => {
      const conversation = await tx.conversation(id);
      if (conversation?.kind === 'meeting' && calls !== null) {
        await tx.givePin(id, pinCandidates(calls.random, PIN_CANDIDATES));
      }
      return { conversation, facts: await loadCardFacts(tx, id, dialInNumber(calls)) };
    });
    if (!isMeeting(conversation)) return;
    if (conversation.state.name === 'opening') await open(ports, conversation, facts);
    // Who is called must find the room open.
    if (conversation.kind === 'call') await meetings.host(id);
  },

  async gaveUp({ conversationId: id }, error) {
    const { store, clock, chat } = ports;
    const conversation = await store.transact(async (tx) => {
      const failed = await applyMeetingEvent(tx, id, { type: 'card-failed', error }, clock.nowMs());
      if (failed?.state.name !== 'failed') return failed;
      // Without this they would count as active calls for ever.
      for (const { id: legId } of await tx.legsOf(id)) {
        await applyLegEvent(tx, legId, { type: 'hang-up-requested' }, clock.nowMs());
      }
      await tx.dropPin(id);
      return failed;
    });
    if (conversation === null) return;
    const { channel, startedBy, title } = conversation;
    const reason = await personalReason(chat, channel.workspaceId, startedBy, error);
    await chat.postEphemeral(channel, startedBy, MEETINGS.notOpened(title, reason));
  },
});

const open = async (
  { store, chat, rooms, clock, timing }: Ports,
  conversation: MeetingConversation,
  facts: StoredCardFacts,
): Promise<void> => {
  const { id } = conversation;
  const card = buildCard(conversation, {
    ...facts,
    present: [],
    unavailable: rooms.unavailableReason(),
    isUnsaved: false,
  });
  const messageId = await postCard({ store, chat }, conversation, card);
  await store.transact(async (tx) => {
    await applyMeetingEvent(tx, id, { type: 'card-posted', messageId }, clock.nowMs());
    // Ends a meeting that no one ever joins, and frees its PIN.
    await tx.enqueue({ name: 'watch-meeting', conversationId: id }, { startAfterMs: timing.waitForFirstMs });
    const first = firstToDial(facts.legs);
    if (first !== undefined) await tx.enqueue({ name: 'dial-leg', legId: first.id });
  });
};
