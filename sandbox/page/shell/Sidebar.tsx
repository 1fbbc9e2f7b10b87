import { SidebarPhones } from '../phones/panel/SidebarPhones.tsx';
import { sidebar } from '../sentences.ts';
import { Avatar, initialsOf } from '../ui/Avatar.tsx';
import { BoltIcon, HashIcon } from '../ui/icons.tsx';
import { channelsOf } from '../workspace/selectors.ts';
import type { Route } from '../workspace/state.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { PersonSwitcher } from './PersonSwitcher.tsx';

interface SidebarProps {
  /** Matters on narrow screens only; wide ones always show it. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onFailures: () => void;
}

/** The channels, the app, the demo phones, the failure modes and the person. */
export function Sidebar({ isOpen, onClose, onFailures }: SidebarProps) {
  const { state, actions } = useWorkspace();
  const { workspace, route } = state;
  if (!workspace) return <nav class="sidebar" aria-label="Workspace" />;
  const goTo = (target: Route) => {
    actions.navigate(target);
    onClose();
  };
  const { length: failureCount } = state.failures.active;
  return (
    <>
      {isOpen && (
        <button type="button" class="sidebar-backdrop" aria-label={sidebar.close} onClick={onClose} />
      )}
      <nav class={isOpen ? 'sidebar is-open' : 'sidebar'} aria-label="Workspace">
        <h1 class="sidebar-name">
          <span class="sidebar-icon" aria-hidden="true">
            {initialsOf(workspace.team.name)[0]}
          </span>
          {workspace.team.name}
        </h1>
        <h2 class="sidebar-title">{sidebar.channels}</h2>
        <ul>
          {channelsOf(state).map(({ id, name }) => (
            <li key={id}>
              <ChannelButton
                name={name}
                isCurrent={route.kind === 'channel' && route.id === id}
                isUnread={state.unread.has(id)}
                onOpen={() => goTo({ kind: 'channel', id })}
              />
            </li>
          ))}
        </ul>
        <h2 class="sidebar-title">{sidebar.apps}</h2>
        <ul>
          <li>
            <button
              type="button"
              class="sidebar-item"
              aria-current={current(route.kind === 'home')}
              onClick={() => goTo({ kind: 'home' })}
            >
              <Avatar name={workspace.bot.name} colour="" isBot isSmall />
              <span>{workspace.bot.name}</span>
              <BotPresence isConnected={workspace.bot.connected} />
            </button>
          </li>
        </ul>
        <div class="sidebar-foot">
          <SidebarPhones isCurrent={route.kind === 'phones'} onOpen={() => goTo({ kind: 'phones' })} />
          <button type="button" class="sidebar-item" onClick={onFailures}>
            <BoltIcon />
            <span>{sidebar.failureModes}</span>
            {failureCount > 0 && <span class="count is-problem">{failureCount}</span>}
          </button>
          <PersonSwitcher />
        </div>
      </nav>
    </>
  );
}

const current = (is: boolean) => (is ? ('page' as const) : undefined);

interface ChannelButtonProps {
  readonly name: string;
  readonly isCurrent: boolean;
  readonly isUnread: boolean;
  readonly onOpen: () => void;
}

function ChannelButton({ name, isCurrent, isUnread, onOpen }: ChannelButtonProps) {
  return (
    <button
      type="button"
      class={isUnread ? 'sidebar-item is-unread' : 'sidebar-item'}
      aria-current={current(isCurrent)}
      onClick={onOpen}
    >
      <HashIcon />
      <span>{name}</span>
      {isUnread && <span class="sidebar-dot" role="img" aria-label={sidebar.newMessages} />}
    </button>
  );
}

function BotPresence({ isConnected }: { readonly isConnected: boolean }) {
  const text = isConnected ? sidebar.connected : sidebar.disconnected;
  return (
    <span class={isConnected ? 'presence is-on' : 'presence'} role="img" aria-label={text} title={text} />
  );
}
