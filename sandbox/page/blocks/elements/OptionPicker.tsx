import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { blockKit } from '../../sentences.ts';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { CheckIcon } from '../../ui/icons.tsx';
import type { Option } from '../types.ts';

export interface OptionList {
  readonly label?: string;
  readonly options: readonly Option[];
}

/** The options and the selection of a menu. */
export interface PickerProps {
  readonly lists: readonly OptionList[];
  /** Loads options from the app; its results then replace `lists`. */
  readonly search?: (query: string) => Promise<object[]>;
  readonly minQueryLength?: number;
  readonly multiple: boolean;
  readonly chosen: readonly Option[];
  readonly limit?: number | undefined;
}

/** An external menu requests options once typing has paused for this long. */
const SEARCH_DEBOUNCE_MS = 200;

/** A search field above a listbox, with arrow keys and Enter; the focus stays in the field. */
export function OptionPicker({
  lists,
  search,
  minQueryLength = 0,
  chosen,
  multiple,
  limit,
  onPick,
}: PickerProps & { readonly onPick: (option: Option) => void }) {
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useSearch(query, lists, search, minQueryLength);
  const flat = found.lists.flatMap(({ options }) => options);
  const isFull = multiple && limit !== undefined && chosen.length >= limit;
  const isChosen = (option: Option) => chosen.some(({ value }) => value === option.value);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && flat.length) {
      event.preventDefault();
      setActive((active + step + flat.length) % flat.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const option = flat[active];
      if (option && (!isFull || isChosen(option))) onPick(option);
    }
  };

  let last = -1;
  return (
    <div class="picker">
      <input
        class="picker-search"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={flat[active] ? `${id}-${active}` : undefined}
        aria-label={blockKit.searchOptions}
        placeholder={blockKit.search}
        // biome-ignore lint/a11y/noAutofocus: the visitor opened the field.
        autoFocus
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        class="picker-list"
        role="listbox"
        id={`${id}-list`}
        aria-label={blockKit.options}
        aria-multiselectable={multiple}
      >
        {found.lists.map((list, group) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is its position in the menu.
          // biome-ignore lint/a11y/useSemanticElements: inside a listbox a group is not a fieldset.
          <div key={group} role="group" aria-label={list.label ?? blockKit.options}>
            {list.label && <div class="picker-group">{list.label}</div>}
            {list.options.map((option) => {
              last += 1;
              const index = last;
              return (
                <PickerOption
                  key={option.value}
                  id={`${id}-${index}`}
                  option={option}
                  isActive={index === active}
                  isChosen={isChosen(option)}
                  disabled={isFull && !isChosen(option)}
                  onPick={onPick}
                />
              );
            })}
          </div>
        ))}
        {flat.length === 0 && <p class="picker-empty">{found.note}</p>}
      </div>
    </div>
  );
}

interface PickerOptionProps {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly disabled: boolean;
  readonly onPick: (option: Option) => void;
}

function PickerOption({ id, option, isActive, isChosen, disabled, onPick }: PickerOptionProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys for all options.
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox, which points here.
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={isChosen}
      aria-disabled={disabled}
      class={isActive ? 'picker-option is-active' : 'picker-option'}
      onClick={() => !disabled && onPick(option)}
    >
      <span dir="auto">
        <InlineText plain text={option.text.text} />
        {option.description && (
          <small>
            <InlineText plain text={option.description.text} />
          </small>
        )}
      </span>
      {isChosen && <CheckIcon />}
    </div>
  );
}

function useSearch(
  query: string,
  lists: readonly OptionList[],
  search: PickerProps['search'],
  minLength: number,
) {
  const [result, setResult] = useState<{ query: string; lists: readonly OptionList[] } | null>(null);
  const isLongEnough = query.length >= minLength;
  useEffect(() => {
    if (!search || !isLongEnough) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const options = (await search(query)) as Option[];
      if (isCurrent) setResult({ query, lists: [{ options }] });
    }, SEARCH_DEBOUNCE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query, search, isLongEnough]);

  if (!search) return { lists: matching(lists, query), note: blockKit.noMatch };
  if (!isLongEnough) return { lists: [], note: blockKit.typeMore(minLength) };
  if (result?.query !== query) return { lists: [], note: blockKit.searching };
  return { lists: result.lists, note: blockKit.noMatch };
}

function matching(lists: readonly OptionList[], query: string): OptionList[] {
  const wanted = query.toLowerCase();
  return lists
    .map((list) => ({
      ...list,
      options: list.options.filter(({ text }) => text.text.toLowerCase().includes(wanted)),
    }))
    .filter(({ options }) => options.length > 0);
}
