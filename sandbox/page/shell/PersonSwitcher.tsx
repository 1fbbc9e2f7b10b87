import { sidebar } from '../sentences.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { ChevronIcon } from '../ui/icons.tsx';
import { Menu } from '../ui/Menu.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Which person of the workspace the visitor is; there is no login. */
export function PersonSwitcher() {
  const { state, actions } = useWorkspace();
  const people = state.workspace?.people.filter(({ isBot }) => !isBot) ?? [];
  const me = people.find(({ id }) => id === state.me);
  if (!me) return null;
  return (
    <Menu
      label={sidebar.switchPerson(me.realName)}
      className="switcher"
      align="start"
      trigger={
        <>
          <Avatar name={me.realName} colour={me.colour} isSmall />
          <span class="switcher-text">
            <small>{sidebar.youAre}</small> <b>{me.realName}</b>
          </span>
          <ChevronIcon />
        </>
      }
      items={people.map((person) => ({
        key: person.id,
        checked: person.id === state.me,
        label: (
          <span class="switcher-item">
            <Avatar name={person.realName} colour={person.colour} isSmall />
            {person.realName}
          </span>
        ),
        onChoose: () => actions.switchPerson(person.id),
      }))}
    />
  );
}
