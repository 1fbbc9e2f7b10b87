import { useCallback, useMemo } from 'preact/hooks';
import { blockKit } from '../../sentences.ts';
import { useWorkspace } from '../../workspace/workspace-context.ts';
import { useBlockHost } from '../block-host.tsx';
import { actionIdOf, type Element, type Option } from '../types.ts';
import { chosenValues, menuOf, menuState } from '../values.ts';
import type { OptionList } from './OptionPicker.tsx';
import { type ElementProps, labelProps } from './props.ts';
import { Select } from './Select.tsx';

/** Every select menu: static, external, users, channels and conversations, for one option or several. */
export function MenuElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const { actions } = useWorkspace();
  const { kind, multiple } = menuOf(element.type)!;
  const lists = useOptionLists(element);
  const state = host.stateOf(blockId, element);
  const { viewId } = host.target;
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
      placeholder={element.placeholder?.text ?? blockKit.chooseOption}
      // A required input can be cleared too; the submission then reports it.
      clearable={field !== undefined && !multiple}
      limit={element.max_selected_items}
      described={labelProps(field, element.placeholder?.text ?? blockKit.chooseOption)}
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

/** Options of an external menu are in the state only; all others are in the lists. */
function chosenOptions(values: string[], state: object | null, lists: readonly OptionList[]): Option[] {
  const selected = Object.values(state ?? {})
    .flat()
    .filter((item): item is Option => typeof item === 'object' && item !== null);
  const all = [...lists.flatMap(({ options }) => options), ...selected];
  return values.map((value) => all.find((option) => option.value === value) ?? plain(value, value));
}
