import { memo } from 'preact/compat';
import type { StoredMessage } from '../../slack/control/contract.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { LooseBlockHost } from '../blocks/host.tsx';
import { asBlocks } from '../blocks/types.ts';
import { replyCount } from '../state.ts';
import { clockLabel, dayLabel, tsToMs } from '../text/date.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { useWorkspace } from '../workspace-context.ts';
import { Avatar } from './Avatar.tsx';
import { FileCard } from './FileCard.tsx';
import { MessageActions } from './MessageActions.tsx';
import { authorOf } from './people.ts';
import { ReplySummary } from './ReplySummary.tsx';

interface MessageItemProps {
  readonly message: StoredMessage;
  /** Follows one of the same author closely: drawn without the name. */
  readonly compact: boolean;
  readonly inThread: boolean;
}

/** A message with its files, blocks, actions and the line about its thread. */
export function MessageItem({ message, compact, inThread }: MessageItemProps) {
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
      class={`message${compact ? ' is-compact' : ''}${message.ephemeral_to ? ' is-ephemeral' : ''}`}
      aria-label={`${author.name}, ${clockLabel(ms)}`}
      data-ts={message.ts}
    >
      <div class="message-side">
        {compact ? <span class="message-side-time">{time}</span> : <Avatar {...author} />}
      </div>
      <div class="message-main">
        {message.ephemeral_to && <p class="only-you">Only visible to you</p>}
        {!compact && (
          <header class="message-head">
            <b dir="auto">{author.name}</b>
            {author.isBot && <span class="badge">App</span>}
            {time}
          </header>
        )}
        {message.deleted ? <p class="gone">This message was deleted.</p> : <Content message={message} />}
        {!inThread && replyCount(state, message) > 0 && <ReplySummary root={message} />}
      </div>
      {!message.deleted && !message.ephemeral_to && <MessageActions message={message} inThread={inThread} />}
    </article>
  );
}

/** Kept apart and remembered: a long thread is not drawn anew because somebody typed. */
const Content = memo(function Content({ message }: { message: StoredMessage }) {
  // What a person typed is drawn from its text: their blocks are the stand-in's own rendering of the same words.
  const blocks = message.bot_id || !message.text ? asBlocks(message.blocks) : [];
  const { channel, ts } = message;
  return (
    <div class="message-content">
      {blocks.length > 0 ? (
        <MessageBlocks blocks={blocks} channel={channel} ts={ts} />
      ) : (
        message.text && <Mrkdwn text={message.text} />
      )}
      {message.edited && <span class="edited">(edited)</span>}
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
    <LooseBlockHost where={{ message: { channel, ts } }} blocks={blocks}>
      <Blocks blocks={blocks} />
    </LooseBlockHost>
  );
}
