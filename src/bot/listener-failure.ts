import { z } from 'zod';
import { toAppError } from '../core/error.ts';
import type { ChannelId, MemberId } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import type { Replies } from './replies.ts';

/** A command, a click, a shortcut or a submitted dialog: someone did something, and waits. */
const Interaction = z
  .union([
    z.object({ command: z.string(), user_id: z.string(), channel_id: z.string() }).transform((typed) => ({
      memberId: typed.user_id,
      channelId: typed.channel_id as string | undefined,
    })),
    z
      .object({
        trigger_id: z.string(),
        user: z.object({ id: z.string() }),
        channel: z.object({ id: z.string() }).optional(),
      })
      .transform(({ user, channel }) => ({ memberId: user.id, channelId: channel?.id })),
  ])
  .transform(({ memberId, channelId }) => ({
    memberId: memberId as MemberId,
    channelId: channelId as ChannelId | undefined,
  }));

/**
 * For what a listener throws: the person gets a sentence, where there is one. Thrown again, so that an event is not acknowledged
 * and Slack sends it once more.
 */
export const handleListenerFailure =
  ({ replies, log }: { readonly replies: Replies; readonly log: Log }) =>
  async ({ error, body }: { readonly error: unknown; readonly body: unknown }): Promise<void> => {
    log.error({ err: error }, 'listener failed');
    const { data: who } = Interaction.safeParse(body);
    const sentence = toAppError(causeOf(error)).userMessage;
    if (who?.channelId !== undefined) {
      await replies.send({ channelId: who.channelId, rootId: null, memberId: who.memberId }, sentence);
    } else if (who !== undefined) {
      await replies.sendDirectly(who.memberId, sentence);
    }
    throw error;
  };

/** Bolt wraps what it does not know in an error of its own. */
const causeOf = (error: unknown): unknown =>
  error instanceof Error && 'original' in error ? error.original : error;
