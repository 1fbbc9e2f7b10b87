import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { type AppError, toAppError } from '../core/error.ts';
import type { ChannelId, MemberId, MessageId } from '../core/ids.ts';
import { logFailure } from '../core/log-failure.ts';
import type { Log, RequestOutcome } from '../core/ports.ts';
import { type Api, Done } from './api/api.ts';
import type { Built } from './blocks/rich.ts';
import { escapeMrkdwn } from './blocks/text.ts';
import { hasReply } from './history.ts';

/** Where an ephemeral message to one member goes. */
export interface Recipient {
  readonly channelId: ChannelId;
  /** The thread to show it in; null for the channel itself. With `respond`, of a thread that has a reply. */
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
  thread_ts?: MessageId;
}

/** Messages that one member alone sees. */
export interface Replies {
  /** Sends plain text, or a built message. Best effort: never throws. */
  send(recipient: Recipient, message: string | Built): Promise<void>;
  /** Sends a direct message. Best effort: never throws. */
  sendDirectly(memberId: MemberId, text: string): Promise<void>;
  /** Runs what a member requested, and sends why it was refused or failed. Success shows by itself. */
  sendOutcome(recipient: Recipient, work: () => Promise<RequestOutcome | null>): Promise<void>;
}

const EphemeralPosted = z.object({ message_ts: z.string() });

type Message = { readonly text: string; readonly blocks?: readonly KnownBlock[] };
type Way = (api: Api, recipient: Recipient, message: Message) => Promise<void>;

export const createReplies = ({ api, log }: { api: Api; log: Log }): Replies => {
  /** Slack takes some of these and shows nothing, so each way is only taken where it is known to show. */
  const send: Replies['send'] = async (recipient, message) => {
    const built = typeof message === 'string' ? { text: escapeMrkdwn(message) } : message;
    const ways: readonly Way[] =
      recipient.respond === undefined
        ? [postEphemeral, sendDirectly]
        : [respond, postEphemeral, sendDirectly];
    for (const way of ways) {
      try {
        return await way(api, recipient, built);
      } catch (error) {
        log.warn({ err: error, channel: recipient.channelId, way: way.name }, 'ephemeral message not sent');
      }
    }
  };

  return {
    send,
    async sendDirectly(memberId, text) {
      await postDirectly(api, memberId, { text: escapeMrkdwn(text) }).catch((error: unknown) =>
        log.warn({ err: error }, 'direct message not sent'),
      );
    },
    async sendOutcome(recipient, work) {
      let sentence: string | null;
      try {
        const outcome = await work();
        sentence = outcome === null || outcome.outcome === 'accepted' ? null : outcome.sentence;
      } catch (error) {
        logFailure(log, error, { channel: recipient.channelId }, 'request failed', 'warn');
        sentence = await reasonFor(api, recipient.memberId, toAppError(error));
      }
      if (sentence !== null) await send(recipient, sentence);
    },
  };
};

/** The `response_url`: Slack takes five responses, and none after half an hour. */
const respond: Way = async (_api, { rootId, respond: send }, { text, blocks }) => {
  await send?.({
    response_type: 'ephemeral',
    replace_original: false,
    text,
    ...(blocks === undefined ? {} : { blocks: [...blocks] }),
    ...(rootId === null ? {} : { thread_ts: rootId }),
  });
};

/** In a thread without a reply, Slack takes an ephemeral message and shows it nowhere. */
const postEphemeral: Way = async (api, { channelId, rootId, memberId }, message) => {
  const isInThread = rootId !== null && (await hasReply(api, channelId, rootId));
  const thread = isInThread ? { thread_ts: rootId } : {};
  await api.call(
    'chat.postEphemeral',
    { channel: channelId, user: memberId, ...message, ...thread },
    EphemeralPosted,
  );
};

/** The text may say "this channel", so the direct message names it. */
const sendDirectly: Way = (api, { channelId, memberId }, { text, blocks }) =>
  postDirectly(api, memberId, {
    text: `In <#${channelId}>: ${text}`,
    ...(blocks === undefined ? {} : { blocks }),
  });

const postDirectly = async (api: Api, memberId: MemberId, message: Message): Promise<void> => {
  await api.call('chat.postMessage', { channel: memberId, ...message }, Done);
};

const Role = z.object({
  user: z.object({ is_admin: z.boolean().optional(), is_owner: z.boolean().optional() }),
});

/** Why something failed, for one person: an admin of the workspace may be able to change it. */
const reasonFor = async (
  api: Api,
  memberId: MemberId,
  { userMessage, adminMessage }: AppError,
): Promise<string> => {
  if (adminMessage === null) return userMessage;
  const role = await api.call('users.info', { user: memberId }, Role).catch(() => null);
  return role?.user.is_admin === true || role?.user.is_owner === true ? adminMessage : userMessage;
};
