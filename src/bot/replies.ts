import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { isOutOfReach, toAppError } from '../core/error.ts';
import type { ChannelId, MemberId, MessageId } from '../core/ids.ts';
import type { Log, RequestOutcome } from '../core/ports.ts';
import { type Api, Done } from './api/api.ts';
import type { Built } from './blocks/rich.ts';
import { escapeMrkdwn } from './blocks/text.ts';

/** Where one person hears from Parley alone. */
export interface Recipient {
  readonly channelId: ChannelId;
  /** The thread to say it in; null for the channel itself. */
  readonly rootId: MessageId | null;
  readonly memberId: MemberId;
  /** Slack's way back for what somebody just did; works where Parley is not a member. */
  readonly respond?: ((message: Response) => Promise<unknown>) | undefined;
}

interface Response {
  response_type: 'ephemeral';
  replace_original: false;
  text: string;
  blocks?: KnownBlock[];
}

export interface Replies {
  /** Plain text, or a built message. Best effort: never throws. */
  tell(ear: Recipient, what: string | Built): Promise<void>;
  /**
   * Does what somebody asked and tells them when there is something to say: a refusal, a repeat, a fault. What
   * went well shows by itself.
   */
  answer(ear: Recipient, work: () => Promise<RequestOutcome | null>): Promise<void>;
}

const Posted = z.object({ message_ts: z.string() });

/** In their own conversation with Parley, with the channel that it is about, which it may call "this channel". */
const tellApart = async (api: Api, { memberId, channelId }: Recipient, text: string): Promise<boolean> => {
  const message = { channel: memberId, text: `In <#${channelId}>: ${text}` };
  try {
    await api.call('chat.postMessage', message, Done);
    return true;
  } catch {
    return false;
  }
};

export const createReplies = ({ api, log }: { api: Api; log: Log }): Replies => {
  const tell: Replies['tell'] = async (ear, what) => {
    const message = typeof what === 'string' ? { text: escapeMrkdwn(what) } : what;
    try {
      await api.call(
        'chat.postEphemeral',
        {
          channel: ear.channelId,
          user: ear.memberId,
          ...message,
          ...(ear.rootId === null ? {} : { thread_ts: ear.rootId }),
        },
        Posted,
      );
    } catch (error) {
      if (ear.respond === undefined) {
        const toldApart = isOutOfReach(error) && (await tellApart(api, ear, message.text));
        if (!toldApart) log.warn({ err: error, channel: ear.channelId }, 'somebody could not be told');
        return;
      }
      await ear
        .respond({
          response_type: 'ephemeral',
          replace_original: false,
          text: message.text,
          ...('blocks' in message ? { blocks: [...message.blocks] } : {}),
        })
        .catch((cause: unknown) =>
          log.warn({ err: cause, channel: ear.channelId }, 'somebody could not be told'),
        );
    }
  };

  return {
    tell,
    async answer(ear, work) {
      let sentence: string | null;
      try {
        const outcome = await work();
        sentence = outcome === null || outcome.outcome === 'accepted' ? null : outcome.sentence;
      } catch (error) {
        log.warn({ err: error, channel: ear.channelId }, 'a request failed');
        sentence = toAppError(error).userMessage;
      }
      if (sentence !== null) await tell(ear, sentence);
    },
  };
};
