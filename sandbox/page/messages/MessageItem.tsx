import { memo } from 'preact/compat';
import type { StoredMessage } from '../../slack/control/contract.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { UncontrolledBlockHost } from '../blocks/block-host.tsx';
import { asBlocks } from '../blocks/types.ts';
import { messages } from '../sentences.ts';
import { clockLabel, dayLabel, tsToMs } from '../text/date.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { authorOf } from '../workspace/author.ts';
import { replyCount } from '../workspace/selectors.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { FileCard } from './FileCard.tsx';
import { MessageActions } from './MessageActions.tsx';
import { ReplySummary } from './ReplySummary.tsx';

interface MessageItemProps {
  readonly message: StoredMessage;
  /** Follows a message of the same author closely, and is drawn without the name. */
  readonly isCompact: boolean;
  readonly inThread: boolean;
}

/** A message with its files, blocks, actions and the summary of its replies. */
export function MessageItem({ message, isCompact, inThread }: MessageItemProps) {
  const { state } = useWorkspace();
  const author = authorOf(state, message);
  const ms = tsToMs(message.ts);
  const time = (
    <time
      datetime={new Date(ms).toISOString()}
      title={`${dayLabel(ms, { nowMs: Date.now() })} ${clockLabel(ms)}`}
    >
      {clockLabel(ms)}
    </time>
  );
  return (
    <article
      class={`message${isCompact ? ' is-compact' : ''}${message.ephemeral_to ? ' is-ephemeral' : ''}`}
      aria-label={`${author.name}, ${clockLabel(ms)}`}
      data-ts={message.ts}
    >
      <div class="message-side">
        {isCompact ? <span class="message-side-time">{time}</span> : <Avatar {...author} />}
      </div>
      <div class="message-main">
        {message.ephemeral_to && <p class="ephemeral-note">{messages.onlyYou}</p>}
        {!isCompact && (
          <header class="message-head">
            <b dir="auto">{author.name}</b>
            {author.isBot && <span class="badge">App</span>}
            {time}
          </header>
        )}
        {message.deleted ? <p class="message-deleted">{messages.deleted}</p> : <Content message={message} />}
        {!inThread && replyCount(state, message) > 0 && <ReplySummary root={message} />}
      </div>
      {!message.deleted && !message.ephemeral_to && <MessageActions message={message} inThread={inThread} />}
    </article>
  );
}

/** Memoized: a long thread is not rendered again on each keystroke. */
const Content = memo(function Content({ message }: { message: StoredMessage }) {
  // A person's message is drawn from its text: its blocks are the simulated Slack's rendering of the same text.
  const blocks = message.bot_id || !message.text ? asBlocks(message.blocks) : [];
  const { channel, ts } = message;
  return (
    <div class="message-content">
      {blocks.length > 0 ? (
        <MessageBlocks blocks={blocks} channel={channel} ts={ts} />
      ) : (
        message.text && <Mrkdwn text={message.text} />
      )}
      {message.edited && <span class="edited">{messages.edited}</span>}
      {message.files && message.files.length > 0 && (
        <div class="files">
          {message.files.map((file) => (
            <FileCard key={file.id} file={file} />
          ))}
        </div>
      )}
    </div>
  );
});

function MessageBlocks({
  blocks,
  channel,
  ts,
}: {
  blocks: ReturnType<typeof asBlocks>;
  channel: string;
  ts: string;
}) {
  return (
    <UncontrolledBlockHost target={{ message: { channel, ts } }} blocks={blocks}>
      <Blocks blocks={blocks} />
    </UncontrolledBlockHost>
  );
}
