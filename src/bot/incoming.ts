import { z } from 'zod';
import type { ChannelId, FileId, MemberId, MessageId, Thread, WorkspaceId } from '../core/ids.ts';

/** Schemas of what Slack sends, as far as Parley reads it. Listeners use nothing that was not parsed by one of these. */
const id = <T extends string>() =>
  z
    .string()
    .min(1)
    .transform((value) => value as T);
const channelId = id<ChannelId>();
const memberId = id<MemberId>();
const messageId = id<MessageId>();

export const IncomingFile = z.object({
  id: id<FileId>(),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  mode: z.string().nullish(),
  /** `check_file_info` for a file from another workspace, of which only the id is sent. */
  file_access: z.string().nullish(),
});
export type IncomingFile = z.infer<typeof IncomingFile>;

/** The parts of a message that may contain links and files. */
const content = {
  text: z.string().nullish(),
  files: z.array(IncomingFile).nullish(),
  blocks: z.array(z.unknown()).nullish(),
  /** Previews of links, and messages that are forwarded in this one. */
  attachments: z.array(z.unknown()).nullish(),
};

/** A message without where it is. */
export const MessageContent = z.object({ ts: messageId, ...content });
export type MessageContent = z.infer<typeof MessageContent>;

/** @see https://docs.slack.dev/reference/events/message */
export const IncomingMessage = MessageContent.extend({
  subtype: z.string().nullish(),
  channel: channelId,
  channel_type: z.string().nullish(),
  user: memberId.nullish(),
  bot_id: z.string().nullish(),
  thread_ts: messageId.optional(),
  /** Present once its author changed it. */
  edited: z.unknown().optional(),
});
export type IncomingMessage = z.infer<typeof IncomingMessage>;

/**
 * A message that was deleted. One with replies leaves a tombstone, which comes as a change of the message; when the last
 * reply goes, the tombstone is deleted once more.
 * @see https://docs.slack.dev/reference/events/message/message_deleted
 */
export const IncomingDeletion = z.union([
  z
    .object({ subtype: z.literal('message_deleted'), channel: channelId, deleted_ts: messageId })
    .transform(({ channel, deleted_ts: messageId }) => ({ channelId: channel, messageId })),
  z
    .object({
      subtype: z.literal('message_changed'),
      channel: channelId,
      message: z.object({ subtype: z.literal('tombstone'), ts: messageId }),
    })
    .transform(({ channel, message }) => ({ channelId: channel, messageId: message.ts })),
]);

export const IncomingHomeOpened = z.object({ user: memberId, tab: z.string().optional() });

/** @see https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const IncomingCommand = z.object({
  /** As it was typed: `/call`. */
  command: z.string(),
  text: z.string().default(''),
  user_id: memberId,
  channel_id: channelId,
  trigger_id: z.string(),
});

/** A click on something in a view. @see https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const IncomingViewClick = z.object({
  // Its `team_id` is not read: it may be another workspace's, or an Enterprise Grid's.
  user: z.object({ id: memberId }),
  trigger_id: z.string(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        /** Of menus. */
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
});

/** A click on something in a message. */
export const IncomingClick = IncomingViewClick.extend({
  channel: z.object({ id: channelId }),
  message: z.object({ ts: messageId, thread_ts: messageId.optional() }),
});

/** A click on an ephemeral message, of which Slack sends nothing but the channel. */
export const IncomingEphemeralClick = IncomingViewClick.extend({ channel: z.object({ id: channelId }) });

/** A click on something in a dialog. */
export const IncomingModalClick = IncomingViewClick.extend({
  view: z.object({ id: z.string(), type: z.literal('modal'), private_metadata: z.string() }),
});

/** A message shortcut. @see https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload */
export const IncomingShortcut = z.object({
  user: z.object({ id: memberId }),
  channel: z.object({ id: channelId }),
  message: MessageContent.extend({ thread_ts: messageId.optional() }),
});

/** A shortcut that belongs to no message. */
export const IncomingGlobalShortcut = z.object({ trigger_id: z.string(), user: z.object({ id: memberId }) });

/** @see https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const IncomingSubmission = z.object({
  user: z.object({ id: memberId }),
  view: z.object({
    id: z.string(),
    private_metadata: z.string(),
    state: z.object({
      values: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            value: z.string().nullish(),
            selected_user: memberId.nullish(),
            selected_users: z.array(memberId).nullish(),
            selected_option: z.object({ value: z.string() }).nullish(),
            selected_conversation: channelId.nullish(),
          }),
        ),
      ),
    }),
  }),
});

/** What Bolt adds to a request. */
export const IncomingContext = z.object({
  /** The workspace in which Parley is installed, see `identity.ts`. */
  teamId: id<WorkspaceId>(),
  botUserId: z.string().optional(),
  /** How often Slack has sent this before; absent the first time. */
  retryNum: z.coerce.number().optional(),
});

/** The thread for replies to a message: its own, or the one it is in. */
export const threadOf = (
  workspaceId: WorkspaceId,
  channel: ChannelId,
  message: { ts: MessageId; thread_ts?: MessageId | undefined },
): Thread => ({ workspaceId, channelId: channel, rootId: message.thread_ts ?? message.ts });
