import type { ConversationId, MemberId, Thread, WorkspaceId } from '../../../core/ids.ts';
import { IncomingClick, IncomingContext, IncomingViewClick, threadOf } from '../../incoming.ts';
import type { Recipient } from '../../replies.ts';

/** A click on one of Parley's buttons or menus. */
export interface ViewClick {
  readonly memberId: MemberId;
  readonly workspaceId: WorkspaceId;
  /** The value of the button or the selected option, as Parley wrote it. */
  readonly value: string;
  /** The same value, where it is a conversation's id. */
  readonly conversationId: ConversationId;
  readonly actionId: string;
  readonly triggerId: string;
}

/** A click in one of Parley's messages. */
export interface Click extends ViewClick {
  readonly thread: Thread;
  readonly recipient: Recipient;
  readonly postedIn: Thread['rootId'];
}

type Args = { body: unknown; context: unknown; respond?: Recipient['respond'] };

export const parseViewClick = ({ body, context }: Args): ViewClick => {
  const { user, trigger_id, actions } = IncomingViewClick.parse(body);
  const { action_id, value, selected_option } = actions[0]!;
  const chosen = selected_option?.value ?? value ?? '';
  return {
    memberId: user.id,
    workspaceId: IncomingContext.parse(context).teamId,
    value: chosen,
    conversationId: chosen as ConversationId,
    actionId: action_id,
    triggerId: trigger_id,
  };
};

export const parseClick = (args: Args): Click => {
  const { user, channel, message } = IncomingClick.parse(args.body);
  const thread = threadOf(IncomingContext.parse(args.context).teamId, channel.id, message);
  return {
    ...parseViewClick(args),
    thread,
    recipient: recipientOf(args, user.id, channel.id, message),
    postedIn: message.ts,
  };
};

/** Where a response to someone's click is shown: below the message if it is in a thread, or has one. */
export const recipientOf = (
  { respond }: Pick<Args, 'respond'>,
  memberId: MemberId,
  channelId: Recipient['channelId'],
  message: { readonly thread_ts?: Recipient['rootId'] | undefined },
): Recipient => ({ channelId, rootId: message.thread_ts ?? null, memberId, respond });
