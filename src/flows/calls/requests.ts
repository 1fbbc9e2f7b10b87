import { whyCallerRefused } from '../../core/calls/dialling.ts';
import { formatNumber } from '../../core/calls/numbers.ts';
import { checkSettings, DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { DialableNumber } from '../../core/calls/types.ts';
import { parseDialableNumber } from '../../core/calls/understand-number.ts';
import { newMeeting } from '../../core/conversation/meeting.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { CallRequests, RequestOutcome } from '../../core/ports.ts';
import { legFor, NO_PHONES, whyNotDial } from '../meetings/phones/dial-out.ts';
import { endMeeting } from '../meetings/phones/legs.ts';
import { isMeeting } from '../meetings/posted-meeting.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import type { CallParts, FlowParts } from '../parts.ts';

const FOR_ADMINS = 'Only the administrators of this workspace may change how calls are made.';
const NO_OWN_NUMBER =
  'Parley does not know your telephone number. Tell it with “/call my number +44 …”, and call again.';
/** Two voices of one member could not be told apart; a number without a member behind it can. */
const THAT_IS_YOU =
  'That is you. Please choose a colleague; to have your own telephone ring, type its number.';

/** What people ask in the channel about calls. */
export const createCallRequests = (parts: FlowParts, live: MeetingRegistry): CallRequests => {
  const { store, chat, clock, newId } = parts;

  /** Why there is no telephone network here. */
  const notConnected = (): string | null =>
    parts.calls === null
      ? NO_PHONES
      : (parts.calls.phone.unavailableReason() ?? (parts.meetings.url() === null ? NO_PHONES : null));

  /** Why nothing can ring at all; media may be there a moment later. */
  const missing = (): string | null => notConnected() ?? parts.meetings.rooms.unavailableReason();

  /** What they told Parley comes before what their profile says. */
  const numberOf = async (
    { plan }: CallParts,
    workspaceId: WorkspaceId,
    memberId: MemberId,
  ): Promise<DialableNumber | { readonly refused: string } | null> => {
    const saved = await store.transact((tx) => tx.ownNumber(workspaceId, memberId));
    const text = saved ?? (await chat.memberPhone(workspaceId, memberId));
    if (text === null) return null;
    const understood = parseDialableNumber(text, plan);
    return 'refused' in understood ? understood : understood.dialable;
  };

  const isAdmin = (workspaceId: WorkspaceId, by: MemberId): Promise<boolean> => chat.isAdmin(workspaceId, by);

  return {
    async callUnavailableReason(workspaceId, by) {
      const why = notConnected();
      if (why !== null) return why;
      const settings = await store.transact((tx) => tx.callSettings(workspaceId));
      return whyCallerRefused(settings ?? DEFAULT_SETTINGS, by);
    },

    async planCall({ workspaceId, channelId, by, to, text }) {
      const { calls } = parts;
      const why = missing();
      if (calls === null || why !== null) return { refused: why ?? NO_PHONES };
      if (to === by) return { refused: THAT_IS_YOU };
      const target =
        to === null ? parseDialableNumber(text, calls.plan) : await ofMember(calls, workspaceId, to, text);
      if ('refused' in target) return target;
      const refused = await store.transact((tx) =>
        whyNotDial(tx, calls, { workspaceId, channelId, by, telephones: 1 }, clock.nowMs()),
      );
      if (refused !== null) return { refused };
      const own = await numberOf(calls, workspaceId, by);
      return {
        ...target.dialable,
        memberId: to,
        title: aboutWhat(target.rest),
        callerId: formatNumber(calls.plan.callerId),
        ownNumber:
          own === null || 'refused' in own || own.number === target.dialable.number ? null : own.formatted,
      };
    },

    async placeCall({ workspaceId, channelId, by, number, memberId, title, from, origin }) {
      const { calls } = parts;
      const why = missing();
      if (calls === null || why !== null) return { refused: why ?? NO_PHONES };
      const understood = parseDialableNumber(number, calls.plan);
      if ('refused' in understood) return understood;
      const own = from === 'own-phone' ? await numberOf(calls, workspaceId, by) : null;
      if (own !== null && 'refused' in own) return own;
      if (from === 'own-phone' && own === null) return { refused: NO_OWN_NUMBER };
      const names = await Promise.all([
        memberId === null ? understood.dialable.formatted : chat.memberName(workspaceId, memberId),
        chat.memberName(workspaceId, by),
      ]);
      const nowMs = clock.nowMs();
      const conversation = newMeeting(
        {
          id: newId(),
          kind: 'call',
          channel: { workspaceId, channelId },
          startedBy: by,
          title: title || `Call to ${names[0]}`,
        },
        nowMs,
      );
      return store
        .transact(async (tx) => {
          // First of all: it makes those who call at the same moment count each other.
          const telephones = own === null ? 1 : 2;
          const refused = await whyNotDial(tx, calls, { workspaceId, channelId, by, telephones }, nowMs);
          const made = await tx.addConversation(
            conversation,
            [workspaceId, channelId, 'call', origin].join('/'),
          );
          if (!made.added) return { conversationId: made.conversation.id };
          if (refused !== null) throw new Refusal(refused);
          const asked = { by, nowMs };
          if (own !== null) {
            const wanted = { role: 'caller', number: own.number, name: names[1], memberId: by } as const;
            await tx.addLeg(legFor(calls, conversation, wanted, asked));
          }
          const wanted = { role: 'callee', number, name: names[0], memberId } as const;
          await tx.addLeg(legFor(calls, conversation, wanted, asked));
          await tx.enqueue({ name: 'open-meeting', conversationId: conversation.id });
          return { conversationId: conversation.id };
        })
        .catch(asRefusal);
    },

    async hangUp(id, workspaceId, by): Promise<RequestOutcome> {
      const conversation = await store.transact((tx) => tx.conversation(id));
      const open =
        isMeeting(conversation) &&
        conversation.channel.workspaceId === workspaceId &&
        conversation.state.name === 'open';
      if (!open) return { outcome: 'already', sentence: 'This call has ended already.' };
      await store.transact((tx) => endMeeting(tx, id, { by, atMs: clock.nowMs() }));
      live.end(id, by);
      return { outcome: 'accepted' };
    },

    async ownNumber(workspaceId, by) {
      if (parts.calls === null) return null;
      const known = await numberOf(parts.calls, workspaceId, by);
      return known === null || 'refused' in known ? null : known.formatted;
    },

    async saveOwnNumber(workspaceId, by, text) {
      const { calls } = parts;
      if (text.trim() === '') {
        await store.transact((tx) => tx.saveOwnNumber(workspaceId, by, null));
        return { shown: null };
      }
      if (calls === null) return { refused: NO_PHONES };
      const understood = parseDialableNumber(text, calls.plan);
      if ('refused' in understood) return understood;
      const { number, formatted: shown } = understood.dialable;
      await store.transact((tx) => tx.saveOwnNumber(workspaceId, by, number));
      return { shown };
    },

    async callSettings(workspaceId, by) {
      if (!(await isAdmin(workspaceId, by))) return { refused: FOR_ADMINS };
      return (await store.transact((tx) => tx.callSettings(workspaceId))) ?? DEFAULT_SETTINGS;
    },

    async saveCallSettings(workspaceId, by, settings): Promise<RequestOutcome> {
      if (!(await isAdmin(workspaceId, by))) return { outcome: 'refused', sentence: FOR_ADMINS };
      const wrong = checkSettings(settings);
      if (wrong !== null) return { outcome: 'refused', sentence: wrong };
      await store.transact((tx) => tx.saveCallSettings(workspaceId, settings));
      return { outcome: 'accepted' };
    },
  };

  async function ofMember(calls: CallParts, workspaceId: WorkspaceId, to: MemberId, text: string) {
    const theirs = await numberOf(calls, workspaceId, to);
    if (theirs !== null && !('refused' in theirs)) return { dialable: theirs, rest: text.trim() };
    const name = await chat.memberName(workspaceId, to);
    return {
      refused:
        theirs === null
          ? `Parley does not know the telephone number of ${name}. It is taken from their Slack profile, or they save it with “/call my number +44 …”.`
          : `The telephone number of ${name} cannot be rung. ${theirs.refused}`,
    };
  }
};

/** "about the invoice" is about the invoice. */
const aboutWhat = (rest: string): string => rest.replace(/^about\s+/i, '').trim();

/** Undoes the transaction, and is an answer all the same. */
class Refusal extends Error {}

const asRefusal = (error: unknown): { readonly refused: string } => {
  if (error instanceof Refusal) return { refused: error.message };
  throw error;
};
