import type { Job } from '../../core/conversation/types.ts';
import type { Clock, JobHandler, Log, Store, Tx } from '../../core/ports.ts';
import { applyMeetingEvent, isMeeting } from '../util/conversations.ts';
import { endMeeting, isOver } from './phones/legs.ts';
import type { MeetingRegistry } from './registry.ts';
import type { MeetingTiming } from './timing.ts';

type WatchMeeting = Extract<Job, { name: 'watch-meeting' }>;

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly timing: MeetingTiming;
  readonly meetings: Pick<MeetingRegistry, 'host' | 'legsChanged'>;
}

/** The longest time between two looks at a meeting. */
const WATCH_EVERY_MS = 10_000;
const SHORTEST_WAIT_MS = 50;

/**
 * Ends a meeting whose instance died and to which no one returns; one with phones in it is hosted here instead. Repeats
 * itself until the meeting is over. A meeting that ends in order needs none of this.
 */
export const watchMeetingHandler = (ports: Ports): JobHandler<WatchMeeting> => ({
  async run(job) {
    const { store, meetings } = ports;
    const id = job.conversationId;
    const isAbandonedByInstance = await store.transact((tx) => check(ports, tx, job));
    if (!isAbandonedByInstance) return;
    await meetings.host(id);
    // Its phones wait to be reconnected.
    meetings.legsChanged(id);
  },

  async gaveUp(job) {
    // Unwatched, a meeting whose instance dies would never end.
    await ports.store.transact((tx) => tx.enqueue(job, { startAfterMs: WATCH_EVERY_MS }));
  },
});

/** Whether the meeting is to be hosted here. Else it is over, ends now, or is watched on. */
const check = async ({ clock, log, timing }: Ports, tx: Tx, job: WatchMeeting): Promise<boolean> => {
  const id = job.conversationId;
  const conversation = await tx.conversation(id, { lock: true });
  if (!isMeeting(conversation)) return false;
  const { name } = conversation.state;
  if (name !== 'open' && name !== 'ending') return false;
  const isOpen = name === 'open';
  const lease = await tx.lease(id);
  const expiredForMs = lease?.expiredForMs ?? Number.POSITIVE_INFINITY;
  if (isOpen && expiredForMs >= 0 && !(await tx.legsOf(id)).every(isOver)) {
    await tx.enqueue(job, { startAfterMs: WATCH_EVERY_MS });
    return true;
  }
  const neededMs = isOpen ? timing.graceMs : 0;
  if (expiredForMs < neededMs) {
    // When the lease expires, unless it is renewed; then when the grace period is over.
    const leftMs = expiredForMs < 0 ? -expiredForMs : neededMs - expiredForMs;
    const startAfterMs = Math.max(Math.min(leftMs, WATCH_EVERY_MS), SHORTEST_WAIT_MS);
    await tx.enqueue(job, { startAfterMs });
    return false;
  }
  log.info({ conversation: id }, 'a meeting that no instance hosts is ended');
  // It was over when its lease expired, not now.
  const endedAtMs = clock.nowMs() - (lease?.expiredForMs ?? 0);
  if (isOpen) await endMeeting(tx, id, { by: null, atMs: endedAtMs });
  else await applyMeetingEvent(tx, id, { type: 'finals-stored' }, endedAtMs);
  return false;
};
