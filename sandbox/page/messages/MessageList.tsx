import { type ComponentChildren, Fragment } from 'preact';
import type { StoredMessage } from '../../slack/control/contract.ts';
import { messages as sentences } from '../sentences.ts';
import { dayLabel, dayOf, tsToMs } from '../text/date.ts';
import { DownIcon } from '../ui/icons.tsx';
import { MessageItem } from './MessageItem.tsx';
import { useStickToBottom } from './use-stick-to-bottom.ts';

/** Consecutive messages of one author within this time are drawn as one group. */
const GROUP_MS = 5 * 60 * 1000;

interface MessageListProps {
  readonly label: string;
  readonly messages: readonly StoredMessage[];
  readonly inThread: boolean;
  readonly me: string;
  /** Shown above the first message. */
  readonly intro?: ComponentChildren;
  /** Identifies the channel or thread; when it changes, the list scrolls to its end. */
  readonly listKey: string;
}

export function MessageList({ label, messages, inThread, me, intro, listKey }: MessageListProps) {
  const last = messages.at(-1);
  const list = useStickToBottom({
    listKey,
    lastKey: last?.ts,
    isLastMine: last?.user === me && !last?.bot_id,
  });
  return (
    <div class="list-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolling must work by keyboard. */}
      <section class="list" aria-label={label} tabIndex={0} ref={list.scroller}>
        <div class="list-content" ref={list.content}>
          {intro}
          {messages.map((message, index) => {
            const before = messages[index - 1];
            const isNewDay = !inThread && !isSameDay(before, message);
            return (
              <Fragment key={message.ts}>
                {isNewDay && <Day ts={message.ts} />}
                {inThread && index === 1 && <hr class="thread-divider" />}
                <MessageItem
                  message={message}
                  inThread={inThread}
                  isCompact={!isNewDay && !(inThread && index === 1) && continues(before, message)}
                />
              </Fragment>
            );
          })}
        </div>
      </section>
      {list.hasNewBelow && (
        <button type="button" class="new-messages" onClick={list.toBottom}>
          <DownIcon />
          {sentences.newBelow}
        </button>
      )}
    </div>
  );
}

function Day({ ts }: { ts: string }) {
  return (
    <div class="day">
      <span>{dayLabel(tsToMs(ts), { nowMs: Date.now() })}</span>
    </div>
  );
}

const isSameDay = (a: StoredMessage | undefined, b: StoredMessage) =>
  a !== undefined && dayOf(tsToMs(a.ts)) === dayOf(tsToMs(b.ts));

const continues = (before: StoredMessage | undefined, message: StoredMessage) =>
  before !== undefined &&
  before.user === message.user &&
  before.bot_id === message.bot_id &&
  !before.reply_count &&
  !message.ephemeral_to &&
  !before.ephemeral_to &&
  tsToMs(message.ts) - tsToMs(before.ts) < GROUP_MS;
