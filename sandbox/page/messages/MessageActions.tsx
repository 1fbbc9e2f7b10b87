import type { StoredMessage } from '../../slack/control/contract.ts';
import { messages } from '../sentences.ts';
import { AudioIcon, MoreIcon, ThreadIcon } from '../ui/icons.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Shortcuts and reply of a message: shown on hover and focus, and always on a touch screen. */
export function MessageActions({ message, inThread }: { message: StoredMessage; inThread: boolean }) {
  const { state, actions } = useWorkspace();
  const [first, ...others] = state.workspace?.messageShortcuts ?? [];
  return (
    <div class="message-actions" role="toolbar" aria-label={messages.actions}>
      {first && (
        <button
          type="button"
          class="message-action"
          title={first.name}
          onClick={() => void actions.shortcut(first.callbackId, message)}
        >
          <AudioIcon />
          <span>{first.name}</span>
        </button>
      )}
      {!inThread && (
        <button
          type="button"
          class="message-action"
          aria-label={messages.replyInThread}
          title={messages.replyInThread}
          onClick={() =>
            actions.openThread({ channel: message.channel, ts: message.thread_ts ?? message.ts })
          }
        >
          <ThreadIcon />
        </button>
      )}
      {others.length > 0 && (
        <Menu
          label={messages.moreActions}
          className="message-action"
          trigger={<MoreIcon />}
          items={others.map(({ callbackId, name }) => ({
            key: callbackId,
            label: name,
            onChoose: () => void actions.shortcut(callbackId, message),
          }))}
        />
      )}
    </div>
  );
}
