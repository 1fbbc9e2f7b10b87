import type { Leg } from '../../core/calls/types.ts';
import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { ConversationId, MessageId } from '../../core/ids.ts';
import type { Chat, Store, Tx } from '../../core/ports.ts';
import type { CallCardMessage, CardPhone, MeetingCardMessage } from '../../core/thread-message.ts';
import { postOnce } from '../results/status-message.ts';
import { unlessDeleted } from './unless-deleted.ts';

const cardKey = (id: ConversationId): string => `card:${id}`;

type Card = MeetingCardMessage | CallCardMessage;

/** What a card shows besides what the conversation itself says. */
export interface CardFacts {
  readonly legs: readonly Leg[];
  readonly dialIn: MeetingCardMessage['dialIn'];
  /** Names; for a call, of who is in from a browser. */
  readonly present: readonly string[];
  readonly unavailable: string | null;
}

/** What the database knows of it. */
export const cardFactsIn = async (
  tx: Tx,
  id: ConversationId,
  dialInNumber: string | null,
): Promise<Pick<CardFacts, 'legs' | 'dialIn'>> => {
  const pin = dialInNumber === null ? null : await tx.pinOf(id);
  return {
    legs: await tx.legsOf(id),
    dialIn: dialInNumber === null || pin === null ? null : { number: dialInNumber, pin },
  };
};

export const cardMessage = (conversation: MeetingConversation, facts: CardFacts): Card => {
  const { id, title, startedBy, startedAtMs, endedAtMs } = conversation;
  const ended = endedAtMs !== null;
  const common = {
    conversationId: id,
    title,
    startedBy,
    present: ended ? [] : facts.present,
    unavailable: ended ? null : facts.unavailable,
  };
  return conversation.kind === 'call'
    ? {
        ...common,
        kind: 'call-card',
        ended,
        phones: facts.legs.map((leg) => ({ name: leg.name, state: phoneState(leg, facts.legs) })),
        remarks: remarksOn(facts.legs),
      }
    : {
        ...common,
        kind: 'meeting-card',
        state: ended ? 'ended' : facts.present.length > 0 ? 'live' : 'waiting',
        startedAtMs,
        endedAtMs,
        dialIn: ended ? null : facts.dialIn,
      };
};

const phoneState = (
  { role, state, answeredAtMs, endedAtMs }: Leg,
  legs: readonly Leg[],
): CardPhone['state'] => {
  switch (state.name) {
    case 'queued': {
      const waitsForCaller = role === 'callee' && legs.some((other) => other.role === 'caller');
      return { name: waitsForCaller ? 'waiting' : 'ringing' };
    }
    case 'dialling':
    case 'ringing':
      return { name: 'ringing' };
    case 'answered':
      return { name: 'answered', by: state.by, sinceMs: answeredAtMs ?? 0 };
    case 'ended': {
      const { how, by, reason } = state;
      const lengthMs = answeredAtMs === null ? null : Math.max(0, (endedAtMs ?? answeredAtMs) - answeredAtMs);
      return { name: 'ended', how, by, reason, lengthMs };
    }
  }
};

const remarksOn = (legs: readonly Leg[]): string[] => {
  const declined = legs.filter((leg) => leg.declined).map(declinedRemark);
  const recording = legs.find(({ role }) => role === 'callee')?.recording;
  switch (recording?.state) {
    case 'kept':
      return [...declined, 'The recording is kept at the telephone provider.'];
    case 'deleted':
      return [...declined, 'The recording was deleted at the telephone provider.'];
    default:
      return declined;
  }
};

/** What a call's thread says from then on, and its page. */
export const declinedRemark = ({ name }: Pick<Leg, 'name'>): string =>
  `${name} declined to be recorded and transcribed, so nothing of this call is recorded or transcribed from then on.`;

/** Posts the card once, and answers where it is. */
export const postCard = async (
  { store, chat }: { store: Store; chat: Chat },
  conversation: MeetingConversation,
  card: Card,
): Promise<MessageId> => {
  const { workspaceId, channelId } = conversation.channel;
  const key = cardKey(conversation.id);
  const { messageId } = await postOnce(store, conversation, key, {
    find: () => chat.findCard(workspaceId, channelId, key),
    post: () => chat.postCard(workspaceId, channelId, card, key),
  });
  return messageId;
};

export const editCard = async (
  { store, chat }: { store: Store; chat: Chat },
  { id, channel }: MeetingConversation,
  card: Card,
): Promise<void> => {
  const known = await store.transact((tx) => tx.delivery(cardKey(id)));
  if (known?.state === 'message') {
    await unlessDeleted(() => chat.edit(channel.workspaceId, known.posted, card));
  }
};
