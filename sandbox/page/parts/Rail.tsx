import { RailPhones } from '../phones/parts/RailPhones.tsx';
import { channelsOf } from '../state.ts';
import { useWorkspace } from '../workspace-context.ts';
import { Avatar, initialsOf } from './Avatar.tsx';
import { BoltIcon, HashIcon } from './icons.tsx';
import { PersonSwitcher } from './PersonSwitcher.tsx';

/** The left side: the workspace, its channels, the app, and who one is. */
export function Rail({
  isOpen,
  onClose,
  onFailures,
}: {
  isOpen: boolean;
  readonly onClose: () => void;
  readonly onFailures: () => void;
}) {
  const { state, actions } = useWorkspace();
  const { workspace, place } = state;
  if (!workspace) return <nav class="rail" aria-label="Workspace" />;
  const goTo = (where: typeof place) => {
    actions.go(where);
    onClose();
  };
  const current = (is: boolean) => (is ? ('page' as const) : undefined);
  return (
    <>
      {isOpen && (
        <button type="button" class="rail-shade" aria-label="Close the list of channels" onClick={onClose} />
      )}
      <nav class={isOpen ? 'rail is-open' : 'rail'} aria-label="Workspace">
        <h1 class="rail-name">
          <span class="rail-mark" aria-hidden="true">
            {initialsOf(workspace.team.name)[0]}
          </span>
          {workspace.team.name}
        </h1>
        <h2 class="rail-title">Channels</h2>
        <ul>
          {channelsOf(state).map((channel) => {
            const isHere = place.kind === 'channel' && place.id === channel.id;
            const isUnread = state.unread.has(channel.id);
            return (
              <li key={channel.id}>
                <button
                  type="button"
                  class={isUnread ? 'rail-item is-unread' : 'rail-item'}
                  aria-current={current(isHere)}
                  onClick={() => goTo({ kind: 'channel', id: channel.id })}
                >
                  <HashIcon />
                  <span>{channel.name}</span>
                  {isUnread && <span class="rail-dot" role="img" aria-label="New messages" />}
                </button>
              </li>
            );
          })}
        </ul>
        <h2 class="rail-title">Apps</h2>
        <ul>
          <li>
            <button
              type="button"
              class="rail-item"
              aria-current={current(place.kind === 'home')}
              onClick={() => goTo({ kind: 'home' })}
            >
              <Avatar name={workspace.bot.name} colour="" isBot small />
              <span>{workspace.bot.name}</span>
              <BotState connected={workspace.bot.connected} />
            </button>
          </li>
        </ul>
        <div class="rail-foot">
          <RailPhones isHere={place.kind === 'phones'} onOpen={() => goTo({ kind: 'phones' })} />
          <button type="button" class="rail-item" onClick={onFailures}>
            <BoltIcon />
            <span>Failure modes</span>
            {state.failures.active.length > 0 && (
              <span class="count is-problem">{state.failures.active.length}</span>
            )}
          </button>
          <PersonSwitcher />
        </div>
      </nav>
    </>
  );
}

function BotState({ connected }: { connected: boolean }) {
  const text = connected ? 'connected' : 'not connected';
  return <span class={connected ? 'presence is-on' : 'presence'} role="img" aria-label={text} title={text} />;
}
