import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Clock, Log } from '../core/ports.ts';

const EventCallback = z.object({ type: z.literal('event_callback') });

export interface DrainableReceiver extends Receiver {
  /** Accepts nothing more; resolves when no listener is running, or after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

/**
 * Acknowledges an event after its listeners, and only if they succeeded. Bolt itself acknowledges events first, so a
 * process that dies in between would lose a recording that Slack takes for delivered; this way Slack sends it again, and
 * what is stored already is not taken twice. Commands, clicks and dialogs are left as they are: Slack never repeats
 * those, and their listeners acknowledge them at once.
 */
export const acknowledgeAfterListeners = (
  receiver: Receiver,
  { clock, log }: { clock: Clock; log: Log },
): DrainableReceiver => {
  const running = new Set<Promise<void>>();
  let draining = false;

  const process = async (app: App, event: ReceiverEvent): Promise<void> => {
    // Not acknowledged: Slack sends it to another instance, or to this one after its restart.
    if (draining) throw new Error('the bot is closing');
    if (!EventCallback.safeParse(event.body).success) return app.processEvent(event);
    await app.processEvent({ ...event, ack: async () => {} });
    try {
      await event.ack();
    } catch (error) {
      // The connection closed, or the acknowledgement was late. Slack sends the event again, and nothing is done twice.
      log.info({ err: error }, 'event handled but not acknowledged');
    }
  };

  return {
    init(app) {
      const counted = (event: ReceiverEvent): Promise<void> => {
        const work = process(app, event).finally(() => running.delete(work));
        running.add(work);
        return work;
      };
      // The receiver calls nothing of its app but this.
      receiver.init(Object.assign(Object.create(app) as App, { processEvent: counted }));
    },
    start: (...args) => receiver.start(...args),
    stop: (...args) => receiver.stop(...args),
    async drain(withinMs) {
      draining = true;
      const { promise: expired, resolve } = Promise.withResolvers<void>();
      const cancel = clock.after(withinMs, resolve);
      await Promise.race([Promise.allSettled(running), expired]);
      cancel();
    },
  };
};
