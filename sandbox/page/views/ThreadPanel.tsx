import { Composer } from '../composer/Composer.tsx';
import { MessageList } from '../messages/MessageList.tsx';
import { composer, messages } from '../sentences.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { findMessage, repliesOf } from '../workspace/selectors.ts';
import type { ThreadRef } from '../workspace/state.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** The thread beside the channel; above it on narrow screens. */
export function ThreadPanel({ thread }: { thread: ThreadRef }) {
  const { state, actions } = useWorkspace();
  const root = findMessage(state, thread);
  const channel = state.workspace?.channels.find(({ id }) => id === thread.channel);

  const onKeyDown = (event: KeyboardEvent) => {
    const isHandled = event.defaultPrevented || document.querySelector('dialog[open], .popover') !== null;
    if (event.key === 'Escape' && !isHandled) actions.closeThread();
  };

  return (
    <aside class="thread" aria-label={messages.thread} onKeyDown={onKeyDown}>
      <header class="view-head">
        <h2>{messages.thread}</h2>
        {channel && <p class="view-detail">#{channel.name}</p>}
        <button
          type="button"
          class="icon-button"
          aria-label={messages.closeThread}
          onClick={actions.closeThread}
        >
          <CloseIcon />
        </button>
      </header>
      <MessageList
        label={messages.inThread}
        listKey={thread.ts}
        messages={root ? [root, ...repliesOf(state, thread)] : repliesOf(state, thread)}
        inThread
        me={state.me}
      />
      <Composer key={thread.ts} channel={thread.channel} thread={thread.ts} placeholder={composer.reply} />
    </aside>
  );
}
