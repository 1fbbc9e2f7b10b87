import type { ConversationId, MemberId } from '../../core/ids.ts';
import type { Clock, Log, Room } from '../../core/ports.ts';
import { applyMeetingEvent } from '../util/conversations.ts';
import type { LeaseKeeper } from './lease.ts';
import type { Participants } from './participants.ts';
import { endMeeting } from './phones/legs.ts';
import type { MeetingWrites } from './writes.ts';

/** How a session closes: once, in whichever of its ways is called first. All resolve when it is closed. */
export interface SessionClosing {
  readonly isClosing: boolean;
  /** Ends the meeting for everyone; every word is stored then. `by` is null when everyone had left. */
  end(by: MemberId | null): Promise<void>;
  /** This process stops; the meeting goes on elsewhere or later. */
  suspend(): Promise<void>;
  /** Another instance hosts it. */
  lose(): Promise<void>;
}

/** How long a session that is suspended, or that fails to end, tries to store what the database does not take. */
const GIVE_UP_AFTER_MS = 5_000;

export const createSessionClosing = (
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  session: {
    readonly id: ConversationId;
    readonly room: Room;
    readonly participants: Participants;
    readonly writes: MeetingWrites;
    /** All that runs in the session, but for its lease. Disposed, every final is stored and nothing is written. */
    readonly resources: AsyncDisposableStack;
    readonly lease: () => LeaseKeeper;
    readonly onClosed: () => void;
  },
): SessionClosing => {
  const { id, room, participants, writes, resources, lease } = session;
  let closing: Promise<void> | null = null;

  const fail = async (error: unknown): Promise<void> => {
    // The lease expires, and `watch-meeting` ends the meeting with what is stored.
    log.error({ err: error, conversation: id }, 'a meeting did not end as it should');
    lease().stop();
    const cancel = clock.after(GIVE_UP_AFTER_MS, writes.giveUp);
    await resources
      .disposeAsync()
      .catch((cause: unknown) => log.error({ err: cause, conversation: id }, 'a meeting did not close'))
      .finally(cancel);
  };
  const closeOnce = (work: () => Promise<void>): Promise<void> => {
    closing ??= work().catch(fail).finally(session.onClosed);
    return closing;
  };

  return {
    get isClosing() {
      return closing !== null;
    },
    end: (by) =>
      closeOnce(async () => {
        // A meeting that everyone had left was over when the last one left.
        const atMs = by === null ? participants.aloneSinceMs : clock.nowMs();
        await writes.persist((tx) => endMeeting(tx, id, { by, atMs }));
        room.end(by === null ? null : participants.nameOf(by));
        await resources.disposeAsync();
        await writes.persist((tx) => applyMeetingEvent(tx, id, { type: 'finals-stored' }, clock.nowMs()));
        await lease().release();
      }),
    suspend() {
      // Also while it is ending.
      const cancel = clock.after(GIVE_UP_AFTER_MS, writes.giveUp);
      return closeOnce(async () => {
        await resources.disposeAsync();
        await lease().release();
      }).finally(cancel);
    },
    lose: () =>
      closeOnce(async () => {
        // Pages reconnect, and are redirected.
        log.warn({ conversation: id }, 'another instance took over a meeting');
        lease().stop();
        writes.giveUp();
        await resources.disposeAsync();
      }),
  };
};
