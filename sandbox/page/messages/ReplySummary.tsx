import type { StoredMessage } from '../../slack/control/contract.ts';
import { messages } from '../sentences.ts';
import { clockLabel, tsToMs } from '../text/date.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { authorOf } from '../workspace/author.ts';
import { repliesOf, replyCount } from '../workspace/selectors.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** "3 replies", by whom and when last; opens the thread. */
export function ReplySummary({ root }: { root: StoredMessage }) {
  const { state, actions } = useWorkspace();
  const replies = repliesOf(state, root);
  const count = replyCount(state, root);
  const authors = [...new Map(replies.map((reply) => [reply.user, authorOf(state, reply)])).entries()].slice(
    0,
    3,
  );
  const last = replies.at(-1);
  return (
    <button
      type="button"
      class="replies"
      onClick={() => actions.openThread({ channel: root.channel, ts: root.ts })}
    >
      {authors.map(([id, author]) => (
        <Avatar key={id} {...author} isSmall />
      ))}
      <b>{messages.replies(count)}</b>
      {last && <small>{messages.lastReply(clockLabel(tsToMs(last.ts)))}</small>}
    </button>
  );
}
