import type { StoredMessage } from '../../slack/control/contract.ts';
import { repliesOf, replyCount } from '../state.ts';
import { clockLabel, tsToMs } from '../text/date.ts';
import { useWorkspace } from '../workspace-context.ts';
import { Avatar } from './Avatar.tsx';
import { authorOf } from './people.ts';

/** "3 replies": who answered, how often, when last; opens the thread. */
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
        <Avatar key={id} {...author} small />
      ))}
      <b>{count === 1 ? '1 reply' : `${count} replies`}</b>
      {last && <small>Last at {clockLabel(tsToMs(last.ts))}</small>}
    </button>
  );
}
