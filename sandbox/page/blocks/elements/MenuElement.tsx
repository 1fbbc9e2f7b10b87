import { useCallback, useMemo } from 'preact/hooks';
import type { OptionList } from '../../parts/OptionPicker.tsx';
import { Select } from '../../parts/Select.tsx';
import { useWorkspace } from '../../workspace-context.ts';
import { useBlockHost } from '../host.tsx';
import { actionIdOf, type Element, type Option } from '../types.ts';
import { chosenValues, menuOf, menuState } from '../values.ts';
import { describedAs, type ElementProps } from './element-props.ts';

/** Every select menu: static, external, people, channels and conversations, one or several. */
export function MenuElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const { actions } = useWorkspace();
  const { kind, multiple } = menuOf(element.type)!;
  const lists = useOptionLists(element);
  const state = host.stateOf(blockId, element);
  const { viewId } = host.where;
  const search = useCallback(
    (query: string) =>
      actions.options({
        query,
        block: blockId,
        action: actionIdOf(element),
        ...(viewId ? { view: viewId } : {}),
      }),
    [actions, blockId, element, viewId],
  );
  return (
    <Select
      lists={lists}
      {...(kind === 'external' ? { search, minQueryLength: element.min_query_length ?? 3 } : {})}
      multiple={multiple}
      chosen={chosenOptions(state ? chosenValues(state) : [], state, lists)}
      placeholder={element.placeholder?.text ?? 'Choose an option'}
      // An input that is not optional can still be emptied; the submission then says what is missing.
      clearable={field !== undefined && !multiple}
      limit={element.max_selected_items}
      described={describedAs(field, element.placeholder?.text ?? 'Choose an option')}
      onChoose={(options) =>
        void host.change(blockId, element, menuState(element.type, options), field?.dispatch ?? true)
      }
    />
  );
}

function useOptionLists(element: Element): readonly OptionList[] {
  const { workspace } = useWorkspace().state;
  return useMemo(() => {
    switch (menuOf(element.type)?.kind) {
      case 'users':
        return [{ options: (workspace?.people ?? []).map((person) => plain(person.id, person.realName)) }];
      case 'channels':
      case 'conversations':
        return [{ options: (workspace?.channels ?? []).map(({ id, name }) => plain(id, `#${name}`)) }];
      case 'static':
        return element.option_groups
          ? element.option_groups.map(({ label, options }) => ({ label: label.text, options }))
          : [{ options: element.options ?? [] }];
      default:
        return [];
    }
  }, [element, workspace]);
}

const plain = (value: string, text: string): Option => ({
  value,
  text: { type: 'plain_text', text, emoji: false },
});

/** An option of an external menu is known from the state alone; the others are found in their lists. */
function chosenOptions(values: string[], state: object | null, lists: readonly OptionList[]): Option[] {
  const held = Object.values(state ?? {})
    .flat()
    .filter((item): item is Option => typeof item === 'object' && item !== null);
  const all = [...lists.flatMap(({ options }) => options), ...held];
  return values.map((value) => all.find((option) => option.value === value) ?? plain(value, value));
}
