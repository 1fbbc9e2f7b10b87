import type { ConversationId, MemberId } from '../../core/ids.ts';
import type { NotHosted } from '../../core/ports.ts';
import { MEETINGS } from '../sentences.ts';
import { applyMeetingEvent, isPostedMeeting } from '../util/conversations.ts';
import { whyClosed } from './admission.ts';
import { type MeetingSession, openMeetingSession, type SessionPorts } from './session.ts';
import { waitForMedia } from './wait-for-media.ts';

/** A meeting that this instance hosts, or why it does not. */
type Hosting = { readonly kind: 'hosted'; readonly session: MeetingSession } | NotHosted;

/** The meetings that this instance hosts. */
export interface MeetingRegistry {
  /** Opens its room here, unless it is hosted already, here or elsewhere. */
  host(id: ConversationId): Promise<Hosting>;
  /** Its end is stored: it ends at once where it is hosted here, within seconds elsewhere. */
  end(id: ConversationId, by: MemberId): void;
  /** Something about its phones is stored: shown at once where it is hosted here, within seconds elsewhere. */
  legsChanged(id: ConversationId): void;
  /**
   * After a start: hosts meetings that no instance hosts and that have phones in them, as soon as media are available,
   * so that the phones are reconnected. Resolves when that is done.
   */
  resume(): Promise<void>;
  /** Suspends all of them, and hosts none from now on. Idempotent. */
  close(): Promise<void>;
}

/** No one waits on a phone for longer. */
const RESUME_TIMEOUT_MS = 120_000;

export const createMeetingRegistry = (ports: SessionPorts): MeetingRegistry => {
  const { store, clock, log, rooms } = ports;
  /** One opening at a time for each meeting, which all who join meanwhile wait for; then the hosted ones. */
  const hostings = new Map<ConversationId, Promise<Hosting>>();
  let isClosed = false;

  const host = (id: ConversationId): Promise<Hosting> => {
    const known = hostings.get(id);
    if (known !== undefined) return known;
    const forget = (): void => {
      if (hostings.get(id) === opening) hostings.delete(id);
    };
    const opening = openMeeting(ports, id, forget);
    hostings.set(id, opening);
    opening.then((hosting) => {
      if (hosting.kind !== 'hosted') forget();
    }, forget);
    return opening;
  };

  const withSession = (id: ConversationId, work: (session: MeetingSession) => void): void => {
    hostings.get(id)?.then(
      (hosting) => {
        if (hosting.kind === 'hosted') work(hosting.session);
      },
      () => undefined,
    );
  };

  return {
    host: async (id) =>
      isClosed ? { kind: 'closed', sentence: MEETINGS.restarting, final: false } : host(id),
    end: (id, by) => withSession(id, (session) => void session.end(by)),
    legsChanged: (id) => withSession(id, (session) => session.legsChanged()),

    async resume() {
      if (!(await waitForMedia({ rooms, clock }, RESUME_TIMEOUT_MS, () => isClosed))) return;
      const ids = await store.transact((tx) => tx.conversationsWithActiveLegs());
      for (const id of ids) {
        if (isClosed) return;
        await host(id).catch((error: unknown) =>
          log.warn({ err: error, conversation: id }, 'a call could not be resumed'),
        );
        withSession(id, (session) => session.legsChanged());
      }
    },

    async close() {
      isClosed = true;
      const suspend = async (opening: Promise<Hosting>): Promise<void> => {
        const hosting = await opening.catch(() => null);
        if (hosting?.kind === 'hosted') await hosting.session.suspend();
      };
      await Promise.all([...hostings.values()].map(suspend));
    },
  };
};

/** Takes the lease, and opens the meeting where this instance has it. */
const openMeeting = async (
  ports: SessionPorts,
  id: ConversationId,
  onClosed: () => void,
): Promise<Hosting> => {
  const { store, clock, rooms, instance, timing } = ports;
  const unavailable = rooms.unavailableReason();
  if (unavailable !== null) return { kind: 'closed', sentence: unavailable, final: false };
  const { lease, conversation } = await store.transact(async (tx) => {
    const wanted = { holder: instance.id, url: instance.url() ?? '' };
    const lease = await tx.takeLease(id, wanted, timing.leaseMs);
    const isMine = lease.holder === instance.id;
    return {
      lease,
      conversation: isMine
        ? await applyMeetingEvent(tx, id, { type: 'joined' }, clock.nowMs())
        : await tx.conversation(id),
    };
  });
  if (lease.holder !== instance.id) return { kind: 'redirect', url: lease.url };
  const why = whyClosed(conversation, { removed: false });
  if (why !== null || !isPostedMeeting(conversation)) {
    await store.transact((tx) => tx.releaseLease(id, instance.id));
    return { kind: 'closed', sentence: why ?? MEETINGS.notFound, final: true };
  }
  try {
    return { kind: 'hosted', session: await openMeetingSession(ports, conversation, onClosed) };
  } catch (error) {
    // Another instance may have media workers that run.
    await store.transact((tx) => tx.releaseLease(id, instance.id)).catch(() => undefined);
    throw error;
  }
};
