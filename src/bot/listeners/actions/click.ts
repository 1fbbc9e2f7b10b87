import type { ConversationId, MemberId, Thread, WorkspaceId } from '../../../core/ids.ts';
import { IncomingClick, IncomingContext, IncomingViewClick, threadOf } from '../../incoming.ts';
import type { Recipient } from '../../replies.ts';

/** A click on a button or a menu of Parley's. */
export interface ViewClick {
  readonly memberId: MemberId;
  /** Of who clicked. In a channel that two workspaces share it may be another than the thread's. */
  readonly workspaceId: WorkspaceId;
  /** The button's or the chosen option's value, which Parley wrote there. */
  readonly value: string;
  /** The same, where it is a conversation. */
  readonly conversationId: ConversationId;
  readonly actionId: string;
  readonly triggerId: string;
}

/** The same in one of Parley's messages. */
export interface Click extends ViewClick {
  readonly thread: Thread;
  readonly recipient: Recipient;
  readonly postedIn: Thread['rootId'];
}

type Args = { body: unknown; context: unknown; respond?: Recipient['respond'] };

export const parseViewClick = ({ body, context }: Args): ViewClick => {
  const { user, trigger_id, actions } = IncomingViewClick.parse(body);
  const { action_id, value, selected_option } = actions[0]!;
  const written = selected_option?.value ?? value ?? '';
  return {
    memberId: user.id,
    workspaceId: user.team_id ?? IncomingContext.parse(context).teamId,
    value: written,
    conversationId: written as ConversationId,
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
    recipient: { channelId: channel.id, rootId: thread.rootId, memberId: user.id, respond: args.respond },
    postedIn: message.ts,
  };
};
