import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { z } from 'zod';
import type { Log } from '../core/ports.ts';

const EventCallback = z.object({ type: z.literal('event_callback') });

export interface DrainableReceiver extends Receiver {
  /** Takes nothing more, and resolves when nothing is being worked on, or after `withinMs`. */
  drain(withinMs: number): Promise<void>;
}

/**
 * A receiver under which an event is acknowledged after its listeners, and only if they ended well. Bolt itself
 * acknowledges events first, so a process that dies in between would lose a recording that Slack believes to be
 * delivered; this way Slack sends it again, and the database knows what it has already. Commands, clicks and
 * dialogues are left as they are: Slack never repeats those, and their listeners acknowledge at once themselves.
 */
export const acknowledgeAfterListeners = (receiver: Receiver, log: Log): DrainableReceiver => {
  const running = new Set<Promise<void>>();
  let draining = false;

  const process = async (app: App, event: ReceiverEvent): Promise<void> => {
    // Left unanswered: Slack gives it to another process, or to this one's successor.
    if (draining) throw new Error('the bot is closing');
    if (!EventCallback.safeParse(event.body).success) return app.processEvent(event);
    await app.processEvent({ ...event, ack: async () => {} });
    try {
      await event.ack();
    } catch (error) {
      // Slack hung up, or took the answer for too late. It sends the event again, and nothing is done twice.
      log.info({ err: error }, 'an event was done but could not be acknowledged');
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
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      await Promise.race([Promise.allSettled(running), late]);
      clearTimeout(timer);
    },
  };
};
