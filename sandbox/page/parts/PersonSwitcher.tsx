import { useWorkspace } from '../workspace-context.ts';
import { Avatar } from './Avatar.tsx';
import { ChevronIcon } from './icons.tsx';
import { Menu } from './Menu.tsx';

/** "You are: Ann ▾": nobody logs in here, a visitor is whoever they like. */
export function PersonSwitcher() {
  const { state, actions } = useWorkspace();
  const people = state.workspace?.people.filter(({ isBot }) => !isBot) ?? [];
  const me = people.find(({ id }) => id === state.me);
  if (!me) return null;
  return (
    <Menu
      label={`You are ${me.realName}. Be somebody else`}
      className="switcher"
      align="start"
      trigger={
        <>
          <Avatar name={me.realName} colour={me.colour} small />
          <span class="switcher-text">
            <small>You are</small> <b>{me.realName}</b>
          </span>
          <ChevronIcon />
        </>
      }
      items={people.map((person) => ({
        key: person.id,
        checked: person.id === state.me,
        label: (
          <span class="switcher-item">
            <Avatar name={person.realName} colour={person.colour} small />
            {person.realName}
          </span>
        ),
        onChoose: () => actions.become(person.id),
      }))}
    />
  );
}
