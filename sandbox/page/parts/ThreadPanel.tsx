import { useEffect, useRef } from 'preact/hooks';
import { findMessage, repliesOf, type ThreadRef } from '../state.ts';
import { useWorkspace } from '../workspace-context.ts';
import { Composer } from './Composer.tsx';
import { CloseIcon } from './icons.tsx';
import { MessageList } from './MessageList.tsx';

/** The thread at the right; over everything on a phone. */
export function ThreadPanel({ thread }: { thread: ThreadRef }) {
  const { state, actions } = useWorkspace();
  const panel = useRef<HTMLElement>(null);
  const root = findMessage(state, thread);
  const channel = state.workspace?.channels.find(({ id }) => id === thread.channel);

  useEffect(() => {
    const element = panel.current!;
    const onKey = (event: KeyboardEvent) => {
      const isTaken = event.defaultPrevented || document.querySelector('dialog[open], .popover') !== null;
      if (event.key === 'Escape' && !isTaken) actions.closeThread();
    };
    element.addEventListener('keydown', onKey);
    return () => element.removeEventListener('keydown', onKey);
  }, [actions]);

  return (
    <aside class="thread" aria-label="Thread" ref={panel}>
      <header class="place-head">
        <h2>Thread</h2>
        {channel && <p class="place-detail">#{channel.name}</p>}
        <button type="button" class="icon-button" aria-label="Close the thread" onClick={actions.closeThread}>
          <CloseIcon />
        </button>
      </header>
      <MessageList
        label="Messages in the thread"
        listKey={thread.ts}
        messages={root ? [root, ...repliesOf(state, thread)] : repliesOf(state, thread)}
        inThread
        me={state.me}
      />
      <Composer key={thread.ts} channel={thread.channel} thread={thread.ts} placeholder="Reply…" />
    </aside>
  );
}
