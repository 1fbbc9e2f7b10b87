import { useId } from 'preact/hooks';
import { blockKit } from '../../sentences.ts';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { useBlockHost } from '../block-host.tsx';
import type { Option } from '../types.ts';
import { chosenValues } from '../values.ts';
import { type ElementProps, labelProps } from './props.ts';

/** Radio buttons and checkboxes. */
export function ChoicesElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const name = useId();
  const { type } = element;
  const isRadio = type === 'radio_buttons';
  const options = element.options ?? [];
  const chosen = chosenValues(host.stateOf(blockId, element));
  const choose = (option: Option, on: boolean) => {
    const values = new Set(chosen);
    if (on) values.add(option.value);
    else values.delete(option.value);
    const state = isRadio
      ? { type, selected_option: option }
      : { type, selected_options: options.filter(({ value }) => values.has(value)) };
    void host.change(blockId, element, state, field?.dispatch ?? true);
  };
  return (
    <div class="choices" role={isRadio ? 'radiogroup' : 'group'} {...labelProps(field, blockKit.choices)}>
      {options.map((option) => (
        <label key={option.value} class="choice">
          <input
            type={isRadio ? 'radio' : 'checkbox'}
            name={name}
            checked={chosen.includes(option.value)}
            onChange={(event) => choose(option, event.currentTarget.checked)}
          />
          <span>
            <InlineText text={option.text.text} plain={option.text.type === 'plain_text'} />
            {option.description && (
              <small>
                <InlineText text={option.description.text} plain={option.description.type === 'plain_text'} />
              </small>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
