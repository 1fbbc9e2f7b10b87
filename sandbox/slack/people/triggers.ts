import { SlackError } from '../errors.ts';
import { newSecret } from '../ids.ts';

/** How long a trigger opens a modal. @see https://docs.slack.dev/reference/methods/views.open */
const TRIGGER_MS = 3000;

export interface Triggers {
  /** A new trigger for an action of this person. */
  create(user: string): string;
  /** The person of a trigger, which works once. Throws Slack's `expired_trigger_id`, `trigger_expired`, …. */
  use(id: string): { user: string };
}

export const createTriggers = (nowMs: () => number): Triggers => {
  const triggers = new Map<string, { user: string; expiresMs: number; used: boolean }>();
  return {
    create: (user) => {
      for (const [id, { expiresMs }] of triggers) {
        // Kept a minute longer than they work, to distinguish a late use from an unknown id.
        if (expiresMs + 60_000 < nowMs()) triggers.delete(id);
      }
      const id = `${nowMs()}.${newSecret(6)}.${newSecret(16)}`;
      triggers.set(id, { user, expiresMs: nowMs() + TRIGGER_MS, used: false });
      return id;
    },
    use: (id) => {
      const trigger = triggers.get(id);
      if (trigger === undefined) throw new SlackError('invalid_trigger_id');
      if (trigger.used) throw new SlackError('exchanged_trigger_id');
      if (trigger.expiresMs < nowMs()) throw new SlackError('expired_trigger_id');
      trigger.used = true;
      return { user: trigger.user };
    },
  };
};
