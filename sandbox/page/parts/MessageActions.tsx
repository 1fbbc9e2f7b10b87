import type { StoredMessage } from '../../slack/control/contract.ts';
import { useWorkspace } from '../workspace-context.ts';
import { MoreIcon, SoundIcon, ThreadIcon } from './icons.tsx';
import { Menu } from './Menu.tsx';

/** What can be done with a message: shown on hover and on focus, always there on a touch screen. */
export function MessageActions({ message, inThread }: { message: StoredMessage; inThread: boolean }) {
  const { state, actions } = useWorkspace();
  const [first, ...others] = state.workspace?.messageShortcuts ?? [];
  return (
    <div class="message-actions" role="toolbar" aria-label="Message actions">
      {first && (
        <button
          type="button"
          class="message-action"
          title={first.name}
          onClick={() => void actions.shortcut(first.callbackId, message)}
        >
          <SoundIcon />
          <span>{first.name}</span>
        </button>
      )}
      {!inThread && (
        <button
          type="button"
          class="message-action"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() =>
            actions.openThread({ channel: message.channel, ts: message.thread_ts ?? message.ts })
          }
        >
          <ThreadIcon />
        </button>
      )}
      {others.length > 0 && (
        <Menu
          label="More message actions"
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
