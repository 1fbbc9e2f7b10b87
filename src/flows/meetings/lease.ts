import type { Conversation } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import type { CancelTimer, Clock, Log, Store } from '../../core/ports.ts';
import type { MeetingTiming } from './timing.ts';

/** This process among the instances of Parley. */
export interface Instance {
  /** The holder of its leases. */
  readonly id: string;
  /** Where browsers reach it; null when it is not configured. */
  readonly url: () => string | null;
}

/** The lease of a meeting that this instance hosts, renewed until it is released, lost or stopped. */
export interface LeaseKeeper {
  renew(): Promise<void>;
  /** Gives the meeting up at once. */
  release(): Promise<void>;
  /** The lease expires by itself. */
  stop(): void;
}

export const keepLease = (
  ports: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly instance: Instance;
    readonly timing: MeetingTiming;
  },
  options: {
    readonly id: ConversationId;
    /** The conversation as it is stored now. */
    readonly onRenewed: (conversation: Conversation | null) => void;
    readonly onLost: () => void;
  },
): LeaseKeeper => {
  const { store, clock, log, instance, timing } = ports;
  const { id, onRenewed, onLost } = options;

  const renew = async (): Promise<void> => {
    try {
      const { lease, conversation } = await store.transact(async (tx) => ({
        lease: await tx.takeLease(id, { holder: instance.id, url: instance.url() ?? '' }, timing.leaseMs),
        conversation: await tx.conversation(id),
      }));
      if (lease.holder === instance.id) onRenewed(conversation);
      else onLost();
    } catch (error) {
      log.warn({ err: error, conversation: id }, 'the lease of a meeting could not be renewed');
    }
  };
  const stop: CancelTimer = clock.every(timing.renewEveryMs, () => void renew());

  return {
    renew,
    async release() {
      stop();
      await store
        .transact((tx) => tx.releaseLease(id, instance.id))
        .catch((error: unknown) =>
          log.warn({ err: error, conversation: id }, 'the lease of a meeting is left to expire'),
        );
    },
    stop,
  };
};
