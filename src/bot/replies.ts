import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { isChannelUnreachable, toAppError } from '../core/error.ts';
import type { ChannelId, MemberId, MessageId } from '../core/ids.ts';
import type { Log, RequestOutcome } from '../core/ports.ts';
import { type Api, Done } from './api/api.ts';
import type { Built } from './blocks/rich.ts';
import { escapeMrkdwn } from './blocks/text.ts';

/** Where an ephemeral message to one member goes. */
export interface Recipient {
  readonly channelId: ChannelId;
  /** The thread to show it in; null for the channel itself. */
  readonly rootId: MessageId | null;
  readonly memberId: MemberId;
  /** The `response_url` of what the member just did; works where Parley is not a member. */
  readonly respond?: ((message: EphemeralResponse) => Promise<unknown>) | undefined;
}

interface EphemeralResponse {
  response_type: 'ephemeral';
  replace_original: false;
  text: string;
  blocks?: KnownBlock[];
}

/** Messages that one member alone sees. */
export interface Replies {
  /** Sends plain text, or a built message. Best effort: never throws. */
  send(recipient: Recipient, message: string | Built): Promise<void>;
  /** Runs what a member requested, and sends why it was refused or failed. Success shows by itself. */
  sendOutcome(recipient: Recipient, work: () => Promise<RequestOutcome | null>): Promise<void>;
}

const EphemeralPosted = z.object({ message_ts: z.string() });

export const createReplies = ({ api, log }: { api: Api; log: Log }): Replies => {
  const send: Replies['send'] = async (recipient, message) => {
    const built = typeof message === 'string' ? { text: escapeMrkdwn(message) } : message;
    try {
      await postEphemeral(api, recipient, built);
    } catch (error) {
      const wasSent = await sendOtherwise(api, recipient, built, error);
      if (!wasSent) log.warn({ err: error, channel: recipient.channelId }, 'ephemeral message not sent');
    }
  };

  return {
    send,
    async sendOutcome(recipient, work) {
      let sentence: string | null;
      try {
        const outcome = await work();
        sentence = outcome === null || outcome.outcome === 'accepted' ? null : outcome.sentence;
      } catch (error) {
        log.warn({ err: error, channel: recipient.channelId }, 'request failed');
        sentence = toAppError(error).userMessage;
      }
      if (sentence !== null) await send(recipient, sentence);
    },
  };
};

type Message = { readonly text: string; readonly blocks?: readonly KnownBlock[] };

const postEphemeral = async (
  api: Api,
  { channelId, rootId, memberId }: Recipient,
  message: Message,
): Promise<void> => {
  const thread = rootId === null ? {} : { thread_ts: rootId };
  await api.call(
    'chat.postEphemeral',
    { channel: channelId, user: memberId, ...message, ...thread },
    EphemeralPosted,
  );
};

/** Through the `response_url`, or where the channel is out of reach as a direct message. */
const sendOtherwise = async (
  api: Api,
  recipient: Recipient,
  { text, blocks }: Message,
  error: unknown,
): Promise<boolean> => {
  try {
    if (recipient.respond !== undefined) {
      await recipient.respond({
        response_type: 'ephemeral',
        replace_original: false,
        text,
        ...(blocks === undefined ? {} : { blocks: [...blocks] }),
      });
      return true;
    }
    if (!isChannelUnreachable(error)) return false;
    // The text may say "this channel", so the direct message names it.
    const named = `In <#${recipient.channelId}>: ${text}`;
    await api.call('chat.postMessage', { channel: recipient.memberId, text: named }, Done);
    return true;
  } catch {
    return false;
  }
};
