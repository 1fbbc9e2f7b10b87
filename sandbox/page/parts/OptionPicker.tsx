import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Option } from '../blocks/types.ts';
import { InlineText } from '../text/Mrkdwn.tsx';
import { CheckIcon } from './icons.tsx';

export interface OptionList {
  readonly label?: string;
  readonly options: readonly Option[];
}

/** What there is to choose from, and what is chosen. */
export interface PickerProps {
  readonly lists: readonly OptionList[];
  /** Asks elsewhere for options; the lists are then what it answered. */
  readonly search?: (query: string) => Promise<object[]>;
  readonly minQueryLength?: number;
  readonly multiple: boolean;
  readonly chosen: readonly Option[];
  readonly limit?: number | undefined;
}

/** How long typing must pause before an external menu asks the app. */
const SEARCH_PAUSE_MS = 200;

/** A search field over a listbox, worked by arrows and Enter; the focus stays in the field. */
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

  let at = -1;
  return (
    <div class="picker">
      <input
        class="picker-search"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={flat[active] ? `${id}-${active}` : undefined}
        aria-label="Search options"
        placeholder="Search"
        // biome-ignore lint/a11y/noAutofocus: the field was opened by the person's own press.
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
        aria-label="Options"
        aria-multiselectable={multiple}
      >
        {found.lists.map((list, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place in the menu.
          // biome-ignore lint/a11y/useSemanticElements: inside a listbox a group is not a fieldset.
          <div key={index} role="group" aria-label={list.label ?? 'Options'}>
            {list.label && <div class="picker-group">{list.label}</div>}
            {list.options.map((option) => {
              at += 1;
              const place = at;
              return (
                <PickerOption
                  key={option.value}
                  id={`${id}-${place}`}
                  option={option}
                  isActive={place === active}
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
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys for all options.
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the combobox, which points here.
    <div
      ref={line}
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
  const [answer, setAnswer] = useState<{ query: string; lists: readonly OptionList[] } | null>(null);
  const isLongEnough = query.length >= minLength;
  useEffect(() => {
    if (!search || !isLongEnough) return;
    let current = true;
    const timer = setTimeout(async () => {
      const options = (await search(query)) as Option[];
      if (current) setAnswer({ query, lists: [{ options }] });
    }, SEARCH_PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, search, isLongEnough]);

  if (!search) return { lists: matching(lists, query), note: 'Nothing matches.' };
  if (!isLongEnough) return { lists: [], note: `Type at least ${minLength} characters to search.` };
  if (answer?.query !== query) return { lists: [], note: 'Searching…' };
  return { lists: answer.lists, note: 'Nothing matches.' };
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
