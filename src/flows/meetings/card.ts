import type { Leg } from '../../core/calls/types.ts';
import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { ConversationId, MessageId } from '../../core/ids.ts';
import { captureOf, type Recording, recordingOf } from '../../core/meeting/capture.ts';
import type { Tx } from '../../core/ports.ts';
import type { CallCardMessage, CardPhone, MeetingCardMessage } from '../../core/thread-message.ts';
import { ignoreDeleted, type Posting, postOnce } from '../results/status-message.ts';
import { CALLS, captureSentence, MEETINGS } from '../sentences.ts';
import { keepsRecordings } from '../util/call-settings.ts';
import { isMeeting } from '../util/conversations.ts';

const cardKey = (id: ConversationId): string => `card:${id}`;

type Card = MeetingCardMessage | CallCardMessage;

/** What a card shows besides the conversation itself. */
export interface CardFacts {
  readonly legs: readonly Leg[];
  readonly dialIn: MeetingCardMessage['dialIn'];
  readonly recording: Recording;
  readonly captionsOn: boolean;
  /** Whether recordings of calls are kept once they are transcribed. */
  readonly kept: boolean;
  /** Names of the participants; for a call, of those in a browser. */
  readonly present: readonly string[];
  readonly unavailable: string | null;
  /** Captions wait to be stored. */
  readonly isUnsaved: boolean;
}

export type StoredCardFacts = Omit<CardFacts, 'present' | 'unavailable' | 'isUnsaved'>;

export const loadCardFacts = async (
  tx: Tx,
  id: ConversationId,
  dialInNumber: string | null,
): Promise<StoredCardFacts> => {
  const pin = dialInNumber === null ? null : await tx.pinOf(id);
  const conversation = await tx.conversation(id);
  const legs = await tx.legsOf(id);
  const { captionsOn } = await tx.meeting(id);
  return {
    legs,
    recording: recordingOf(conversation?.kind === 'call' ? 'call' : 'meeting', legs),
    captionsOn,
    kept: isMeeting(conversation) && (await keepsRecordings(tx, conversation.channel.workspaceId)),
    dialIn: dialInNumber === null || pin === null ? null : { number: dialInNumber, pin },
  };
};

export const buildCard = (conversation: MeetingConversation, facts: CardFacts): Card => {
  const { id, title, startedBy, startedAtMs, endedAtMs } = conversation;
  const ended = endedAtMs !== null;
  const unsaved = facts.isUnsaved && !ended ? [MEETINGS.captionsUnsaved] : [];
  const common = {
    conversationId: id,
    title,
    startedBy,
    present: ended ? [] : facts.present,
    unavailable: ended ? null : facts.unavailable,
    capture: ended ? null : captureSentence(captureOf(conversation.kind, facts)),
  };
  return conversation.kind === 'call'
    ? {
        ...common,
        kind: 'call-card',
        ended,
        phones: facts.legs.map((leg) => ({
          name: leg.name,
          extension: leg.extension,
          state: phoneState(leg, facts.legs),
        })),
        remarks: [...remarksOn(facts.legs), ...unsaved],
      }
    : {
        ...common,
        kind: 'meeting-card',
        state: ended ? 'ended' : facts.present.length > 0 ? 'live' : 'waiting',
        startedAtMs,
        endedAtMs,
        dialIn: ended ? null : facts.dialIn,
        remarks: unsaved,
      };
};

/** The card once it is over. */
export const buildEndedCard = (conversation: MeetingConversation, facts: StoredCardFacts): Card =>
  buildCard(conversation, { ...facts, present: [], unavailable: null, isUnsaved: false });

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
  const declined = legs.filter((leg) => leg.declined).map(({ name }) => CALLS.declined(name));
  const recording = legs.find(({ role }) => role === 'callee')?.recording;
  switch (recording?.state) {
    case 'kept':
      return [...declined, CALLS.recordingKept];
    case 'deleted':
      return [...declined, CALLS.recordingDeleted];
    default:
      return declined;
  }
};

/** Posts the card once, and returns where it is. */
export const postCard = async (
  { store, chat }: Posting,
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
  { store, chat }: Posting,
  { id, channel }: MeetingConversation,
  card: Card,
): Promise<void> => {
  const known = await store.transact((tx) => tx.delivery(cardKey(id)));
  if (known?.state === 'message') {
    await ignoreDeleted(() => chat.edit(channel.workspaceId, known.posted, card));
  }
};
