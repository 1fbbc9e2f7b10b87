import { whyCallerRefused } from '../../core/calls/call-limits.ts';
import { parseDialableNumber } from '../../core/calls/dialable-number.ts';
import { extensionParameter } from '../../core/calls/number-variants.ts';
import { formatNumber } from '../../core/calls/numbers.ts';
import { OWN_WITH_EXTENSION } from '../../core/calls/sentences.ts';
import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { DialableNumber } from '../../core/calls/types.ts';
import { newMeeting } from '../../core/conversation/meeting.ts';
import type { ConversationId, MemberId, PhoneNumber, WorkspaceId } from '../../core/ids.ts';
import type { CallRequests, Chat, Rooms, Store, Tx, WallClock } from '../../core/ports.ts';
import type { Instance } from '../meetings/lease.ts';
import { type CallOptions, legFor, whyNotDial } from '../meetings/phones/dial-out.ts';
import { endMeeting } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { CALLS, MEETINGS } from '../sentences.ts';
import { isMeeting } from '../util/conversations.ts';
import { loadMemberNumber } from './member-number.ts';

interface Ports {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: WallClock;
  readonly rooms: Rooms;
  readonly instance: Instance;
  readonly newId: () => ConversationId;
  readonly calls: Pick<CallOptions, 'phone' | 'plan' | 'limits' | 'newLegId'> | null;
  readonly meetings: Pick<MeetingRegistry, 'end'>;
}

type PlaceCall = Parameters<CallRequests['placeCall']>[0];

/** What people request in a channel about calls. */
export const createCallRequests = (
  ports: Ports,
): Pick<CallRequests, 'callUnavailableReason' | 'planCall' | 'placeCall' | 'hangUp' | 'pressExtension'> => {
  const { store, chat, clock, rooms, meetings } = ports;
  return {
    async callUnavailableReason(workspaceId, by) {
      const reason = whyNoPhones(ports);
      if (reason !== null) return reason;
      const settings = await store.transact((tx) => tx.callSettings(workspaceId));
      return whyCallerRefused(settings ?? DEFAULT_SETTINGS, by);
    },

    async planCall({ workspaceId, channelId, by, to, text }) {
      const { calls } = ports;
      const unavailable = whyNoPhones(ports) ?? rooms.unavailableReason();
      if (calls === null || unavailable !== null) return { refused: unavailable ?? CALLS.noPhones };
      // Two voices of one member could not be told apart; a number without a member can be called.
      if (to === by) return { refused: CALLS.toYourself };
      const target =
        to === null
          ? parseDialableNumber(text, calls.plan)
          : await parseMember(ports, calls, workspaceId, to, text);
      if ('refused' in target) return target;
      const refused = await store.transact((tx) =>
        whyNotDial(tx, calls, { workspaceId, channelId, by, legs: 1 }, clock.nowMs()),
      );
      if (refused !== null) return { refused };
      const own = await loadMemberNumber({ store, chat }, calls.plan, workspaceId, by);
      return {
        ...target.dialable,
        number: (target.dialable.number + extensionParameter(target.dialable.extension)) as PhoneNumber,
        memberId: to,
        title: titleOf(target.rest),
        callerId: formatNumber(calls.plan.callerId),
        ownNumber:
          own === null || 'refused' in own || own.extension !== null || own.number === target.dialable.number
            ? null
            : own.formatted,
      };
    },

    async placeCall(request) {
      const { calls } = ports;
      const unavailable = whyNoPhones(ports) ?? rooms.unavailableReason();
      if (calls === null || unavailable !== null) return { refused: unavailable ?? CALLS.noPhones };
      const parsed = parseDialableNumber(request.number, calls.plan);
      if ('refused' in parsed) return parsed;
      const { workspaceId, by, memberId } = request;
      const isFromPhone = request.from === 'own-phone';
      const own = isFromPhone ? await loadMemberNumber({ store, chat }, calls.plan, workspaceId, by) : null;
      if (own !== null && 'refused' in own) return own;
      if (own !== null && own.extension !== null) return { refused: OWN_WITH_EXTENSION };
      if (isFromPhone && own === null) return { refused: CALLS.noOwnNumber };
      const [callee, caller] = await Promise.all([
        memberId === null ? parsed.dialable.formatted : chat.memberName(workspaceId, memberId),
        chat.memberName(workspaceId, by),
      ]);
      const names = { callee, caller };
      const call = { request, own, names, to: parsed.dialable };
      return store.transact((tx) => addCall(ports, calls, tx, call)).catch(asRefusal);
    },

    async hangUp(id, workspaceId, by) {
      const conversation = await store.transact((tx) => tx.conversation(id));
      const isOpen =
        isMeeting(conversation) &&
        conversation.channel.workspaceId === workspaceId &&
        conversation.state.name === 'open';
      if (!isOpen) return { outcome: 'already', sentence: MEETINGS.alreadyEnded('call') };
      await store.transact((tx) => endMeeting(tx, id, { by, atMs: clock.nowMs() }));
      meetings.end(id, by);
      return { outcome: 'accepted' };
    },

    async pressExtension(id, workspaceId) {
      const { conversation, legs } = await store.transact(async (tx) => ({
        conversation: await tx.conversation(id),
        legs: await tx.legsOf(id),
      }));
      const isOurs = isMeeting(conversation) && conversation.channel.workspaceId === workspaceId;
      const leg = legs.find(({ extension }) => extension !== null);
      if (!isOurs || leg === undefined || leg.state.name === 'ended' || ports.calls === null) {
        return { outcome: 'already', sentence: MEETINGS.alreadyEnded('call') };
      }
      if (leg.state.name !== 'answered' || leg.callId === null) {
        return { outcome: 'refused', sentence: CALLS.extensionTooEarly };
      }
      const isPressed = await ports.calls.phone.sendKeys(leg.id, leg.callId, leg.extension ?? '');
      return isPressed
        ? { outcome: 'accepted' }
        : { outcome: 'already', sentence: MEETINGS.alreadyEnded('call') };
    },
  };
};

/** Media are not asked about: they may be available a moment later. */
const whyNoPhones = ({ calls, instance }: Ports): string | null => {
  if (calls === null) return CALLS.noPhones;
  return calls.phone.unavailableReason() ?? (instance.url() === null ? CALLS.noPhones : null);
};

/** Adds the conversation with its legs, once for each origin. */
const addCall = async (
  { clock, newId }: Ports,
  calls: NonNullable<Ports['calls']>,
  tx: Tx,
  call: {
    readonly request: PlaceCall;
    readonly to: DialableNumber;
    readonly own: DialableNumber | null;
    readonly names: { readonly callee: string; readonly caller: string };
  },
): Promise<{ readonly conversationId: ConversationId }> => {
  const { request, to, own, names } = call;
  const { workspaceId, channelId, by, memberId, title, origin } = request;
  const nowMs = clock.nowMs();
  // First of all: it holds the workspace's count, so that callers at the same moment count each other.
  const who = { workspaceId, channelId, by, legs: own === null ? 1 : 2 };
  const refusal = await whyNotDial(tx, calls, who, nowMs);
  const conversation = newMeeting(
    {
      id: newId(),
      kind: 'call',
      channel: { workspaceId, channelId },
      startedBy: by,
      title: title || CALLS.titleOf(names.callee),
    },
    nowMs,
  );
  const made = await tx.addConversation(conversation, [workspaceId, channelId, 'call', origin].join('/'));
  if (!made.added) return { conversationId: made.conversation.id };
  if (refusal !== null) throw new Refusal(refusal);
  if (own !== null) {
    const caller = {
      role: 'caller',
      number: own.number,
      extension: null,
      name: names.caller,
      memberId: by,
    } as const;
    await tx.addLeg(legFor(calls, conversation, caller, { by, nowMs }));
  }
  const { number, extension } = to;
  const callee = { role: 'callee', number, extension, name: names.callee, memberId } as const;
  await tx.addLeg(legFor(calls, conversation, callee, { by, nowMs }));
  await tx.enqueue({ name: 'open-meeting', conversationId: conversation.id });
  return { conversationId: conversation.id };
};

/** The number of the member to be called, in the shape of a number that was typed. */
const parseMember = async (
  { store, chat }: Ports,
  { plan }: NonNullable<Ports['calls']>,
  workspaceId: WorkspaceId,
  to: MemberId,
  text: string,
) => {
  const theirs = await loadMemberNumber({ store, chat }, plan, workspaceId, to);
  if (theirs !== null && !('refused' in theirs)) return { dialable: theirs, rest: text.trim() };
  const name = await chat.memberName(workspaceId, to);
  return { refused: theirs === null ? CALLS.noNumberOf(name) : CALLS.badNumberOf(name, theirs.refused) };
};

/** "about the invoice" is titled "the invoice". */
const titleOf = (rest: string): string => rest.replace(/^about\s+/i, '').trim();

/** Rolls the transaction back, and is an answer all the same. */
class Refusal extends Error {}

const asRefusal = (error: unknown): { readonly refused: string } => {
  if (error instanceof Refusal) return { refused: error.message };
  throw error;
};
