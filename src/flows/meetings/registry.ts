import type { ConversationId, MemberId } from '../../core/ids.ts';
import type { MeetingParty } from '../../core/meeting/lines.ts';
import type { MeetingAccess, MeetingLink, MeetingPass, NotHosted } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { nameInTime, SOMEONE } from '../util/member-name.ts';
import { whyClosed, whyLinkRefused } from './admission.ts';
import { isMeeting, isPostedMeeting } from './posted-meeting.ts';
import { type MeetingSession, openMeetingSession } from './session.ts';
import { waitForMedia } from './wait-for-media.ts';

/** A meeting that this instance hosts, or why it does not. */
export type Hosting = { readonly kind: 'hosted'; readonly session: MeetingSession } | NotHosted;

/** The meetings that this process carries. */
export interface MeetingRegistry extends MeetingAccess {
  /** Opens its room here, unless it is carried already, here or elsewhere. */
  host(id: ConversationId): Promise<Hosting>;
  /** That it ends was stored: at once where it is carried here, within seconds elsewhere. */
  end(id: ConversationId, by: MemberId): void;
  /** Something about its telephones was stored: shown at once where it is carried here, within seconds elsewhere. */
  legsChanged(id: ConversationId): void;
  /**
   * After a start: carries on what nobody carries and telephones are still in, as soon as media are there, so that they
   * are brought back. Resolves when that is done.
   */
  resume(): Promise<void>;
  /** Lets all of them go on elsewhere or later. Idempotent. */
  close(): Promise<void>;
}

export const createMeetingRegistry = (parts: FlowParts): MeetingRegistry => {
  const { store, clock, log } = parts;
  const { rooms, holder, pace } = parts.meetings;
  /** One opening at a time for each meeting; whoever comes meanwhile waits for it. */
  const carried = new Map<ConversationId, Promise<Hosting>>();
  let closed = false;

  const open = async (id: ConversationId): Promise<Hosting> => {
    const missing = rooms.unavailableReason();
    if (missing !== null) return { kind: 'closed', sentence: missing, final: false };
    const url = parts.meetings.url() ?? '';
    const { lease, conversation } = await store.transact(async (tx) => {
      const taken = await tx.takeLease(id, { holder, url }, pace.leaseMs);
      const mine = taken.holder === holder;
      return {
        lease: taken,
        conversation: mine
          ? await applyMeetingEvent(tx, id, { type: 'joined' }, clock.nowMs())
          : await tx.conversation(id),
      };
    });
    if (lease.holder !== holder) return { kind: 'redirect', url: lease.url };
    const why = whyClosed(conversation, { removed: false });
    if (why !== null || !isPostedMeeting(conversation)) {
      await store.transact((tx) => tx.releaseLease(id, holder));
      return { kind: 'closed', sentence: why ?? GONE, final: true };
    }
    const session = await openMeetingSession(parts, conversation, () => carried.delete(id));
    return { kind: 'hosted', session };
  };

  /** Keeps it for those who come while it opens, and afterwards only if it is carried here. */
  const carry = (id: ConversationId): Promise<Hosting> => {
    const known = carried.get(id);
    if (known !== undefined) return known;
    const opening = open(id);
    carried.set(id, opening);
    const forget = (): void => {
      if (carried.get(id) === opening) carried.delete(id);
    };
    opening.then(({ kind }) => kind !== 'hosted' && forget(), forget);
    return opening;
  };

  const legsChanged = (id: ConversationId): void => {
    void carried.get(id)?.then(
      (hosting) => (hosting.kind === 'hosted' ? hosting.session.legsChanged() : undefined),
      () => undefined,
    );
  };

  const load = (link: MeetingLink) =>
    store.transact(async (tx) => {
      const { conversationId: id, workspaceId, personId } = link.pass;
      const conversation = await tx.conversation(id);
      if (!isMeeting(conversation) || conversation.channel.workspaceId !== workspaceId) return null;
      const record = await tx.meeting(id);
      const lease = await tx.lease(id);
      const removed = record.removed.includes(personId);
      const wasIn = record.parties.some((party) => party.personId === personId);
      // Not when the page is fetched: whatever looks at links before people do would take them.
      const owner =
        link.browser === null || link.expired
          ? await tx.linkBrowser(link.id)
          : await tx.claimLink(link.id, link.browser, clock.nowMs());
      const isForeign = owner !== null && owner !== link.browser;
      const why = whyClosed(conversation, { removed }) ?? whyLinkRefused(link, { owner, wasIn });
      return { conversation, record, lease, isForeign, why };
    });

  /** Nobody waits outside for the chat service to say their name: they may have been in under it, or do without. */
  const nameOf = async (
    { workspaceId, personId }: MeetingPass,
    parties: readonly MeetingParty[],
  ): Promise<string> =>
    (await nameInTime(parts, workspaceId, personId)) ??
    parties.find((party) => party.personId === personId)?.name ??
    SOMEONE;

  return {
    host: async (id) => (closed ? { kind: 'closed', sentence: GONE, final: false } : carry(id)),

    async info(link) {
      const found = await load(link);
      if (found === null) return null;
      const { pass } = link;
      const { conversation, record, lease, isForeign, why } = found;
      const held = lease !== null && lease.expiredForMs < 0 && lease.holder !== holder;
      return {
        // Somebody else's link tells nothing of the meeting.
        title: isForeign ? 'Meeting' : conversation.title,
        name: isForeign ? SOMEONE : await nameOf(pass, record.parties),
        host: conversation.host === pass.personId,
        startedAtMs: conversation.startedAtMs,
        closed: why,
        unavailable: held ? null : rooms.unavailableReason(),
        redirectUrl: held ? lease.url : null,
      };
    },

    async admit(link) {
      const { pass } = link;
      const found = await load(link);
      if (closed || found === null || found.why !== null) {
        return { kind: 'closed', sentence: found?.why ?? GONE, final: !closed };
      }
      const hosting = await carry(pass.conversationId);
      if (hosting.kind !== 'hosted') return hosting;
      const name = await nameOf(pass, found.record.parties);
      const host = found.conversation.host === pass.personId;
      return { kind: 'hosted', person: { personId: pass.personId, name, host } };
    },

    end(id, by) {
      void carried.get(id)?.then(
        (hosting) => (hosting.kind === 'hosted' ? hosting.session.end(by) : undefined),
        () => undefined,
      );
    },

    legsChanged,

    async resume() {
      if (!(await waitForMedia(parts, RESUME_WITHIN_MS, { up: () => closed }))) return;
      const ids = await store.transact((tx) => tx.conversationsWithActiveLegs());
      for (const id of ids) {
        if (closed) return;
        await carry(id).catch((error: unknown) =>
          log.warn({ err: error, conversation: id }, 'a call is not carried on'),
        );
        legsChanged(id);
      }
    },

    async close() {
      closed = true;
      const suspend = async (carrying: Promise<Hosting>): Promise<void> => {
        const hosting = await carrying.catch(() => null);
        if (hosting?.kind === 'hosted') await hosting.session.suspend();
      };
      await Promise.all([...carried.values()].map(suspend));
    },
  };
};

/** Nobody waits on a telephone for longer. */
const RESUME_WITHIN_MS = 120_000;

const GONE = 'There is no such meeting.';
