import { useId, useRef, useState } from 'preact/hooks';
import { blockKit } from '../../sentences.ts';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { ChevronIcon, CloseIcon } from '../../ui/icons.tsx';
import { Popover } from '../../ui/Popover.tsx';
import type { Option } from '../types.ts';
import { OptionPicker, type PickerProps } from './OptionPicker.tsx';

interface SelectProps extends PickerProps {
  readonly placeholder: string;
  readonly clearable: boolean;
  readonly described: Readonly<Record<string, string | boolean | undefined>>;
  readonly onChoose: (options: readonly Option[]) => void;
}

/** A menu with a search field: a button that opens a listbox, with arrow keys, Enter and Escape. */
export function Select(props: SelectProps) {
  const { chosen, multiple, placeholder, clearable, described, onChoose } = props;
  const [open, setOpen] = useState(false);
  const value = useId();
  const button = useRef<HTMLButtonElement>(null);
  const choose = (option: Option) => {
    const has = chosen.some(({ value }) => value === option.value);
    if (multiple) onChoose(has ? chosen.filter(({ value }) => value !== option.value) : [...chosen, option]);
    else {
      onChoose([option]);
      setOpen(false);
    }
  };
  return (
    <div class="select">
      <button
        ref={button}
        type="button"
        class={chosen.length ? 'select-button' : 'select-button is-empty'}
        aria-haspopup="listbox"
        aria-expanded={open}
        {...nameWithSelection(described, chosen, value)}
        onClick={() => setOpen(!open)}
      >
        <span class="select-value" id={value} dir="auto">
          <InlineText plain text={chosen.map(({ text }) => text.text).join(', ') || placeholder} />
        </span>
        <ChevronIcon />
      </button>
      {clearable && chosen.length > 0 && (
        <button
          type="button"
          class="select-clear"
          aria-label={blockKit.clearChoice}
          onClick={() => onChoose([])}
        >
          <CloseIcon />
        </button>
      )}
      <Popover anchor={button} open={open} onClose={() => setOpen(false)} matchWidth>
        <OptionPicker {...props} onPick={choose} />
      </Popover>
    </div>
  );
}

/** The selection is part of the button's accessible name, which replaces its content. */
function nameWithSelection(described: SelectProps['described'], chosen: readonly Option[], valueId: string) {
  const label = described['aria-labelledby'];
  if (label) return { ...described, 'aria-labelledby': `${label} ${valueId}` };
  const value = chosen.map(({ text }) => text.text).join(', ');
  return value ? { ...described, 'aria-label': `${described['aria-label']}: ${value}` } : described;
}
