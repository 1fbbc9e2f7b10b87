import { SlackError } from '../errors.ts';
import { newSecret } from '../ids.ts';

/** How long a trigger opens a modal. @see https://docs.slack.dev/reference/methods/views.open */
const TRIGGER_MS = 3000;

export interface Triggers {
  /** A trigger for what this person just did. */
  create(user: string): string;
  /** Whose it was. Throws `expired_trigger_id`, `trigger_expired` … in Slack's names; good for one use. */
  use(id: string): { user: string };
}

export const createTriggers = (nowMs: () => number): Triggers => {
  const triggers = new Map<string, { user: string; expiresMs: number; used: boolean }>();
  return {
    create: (user) => {
      for (const [id, { expiresMs }] of triggers) {
        // Kept a minute longer than they work, so that a late use is told apart from an invented one.
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
