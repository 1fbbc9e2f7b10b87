import type { ConversationId, Thread } from '../../../core/ids.ts';
import { IncomingClick, IncomingContext, threadOf } from '../../incoming.ts';
import type { Ear } from '../../tell.ts';

export interface Click {
  readonly thread: Thread;
  readonly ear: Ear;
  /** The button's value, which Parley wrote there. */
  readonly value: string;
  /** The same, where it is a conversation. */
  readonly conversationId: ConversationId;
  readonly actionId: string;
  readonly triggerId: string;
  readonly postedIn: Thread['rootId'];
}

/** A click on a button in one of Parley's messages. */
export const parseClick = (args: { body: unknown; context: unknown; respond?: Ear['respond'] }): Click => {
  const { user, channel, message, trigger_id, actions } = IncomingClick.parse(args.body);
  const thread = threadOf(IncomingContext.parse(args.context).teamId, channel.id, message);
  const { action_id, value = '' } = actions[0]!;
  return {
    thread,
    ear: { channelId: channel.id, rootId: thread.rootId, memberId: user.id, respond: args.respond },
    value,
    conversationId: value as ConversationId,
    actionId: action_id,
    triggerId: trigger_id,
    postedIn: message.ts,
  };
};
