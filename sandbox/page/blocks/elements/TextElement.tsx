import type { TargetedInputEvent } from 'preact';
import { blockKit } from '../../sentences.ts';
import { useBlockHost } from '../block-host.tsx';
import { type ElementProps, labelProps } from './props.ts';

const HTML_TYPES: Readonly<Record<string, string>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
};

/** Text, email, URL and number inputs. With `dispatch_action`, Enter and leaving the field send it to the app. */
export function TextElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const { type } = element;
  const value = (host.stateOf(blockId, element)?.value as string | null) ?? '';
  const change = (typed: string, dispatch: boolean) =>
    void host.change(blockId, element, { type, value: typed === '' ? null : typed }, dispatch);
  const dispatches = field?.dispatch ?? false;
  const shared = {
    ...labelProps(field, element.placeholder?.text ?? blockKit.text),
    value,
    placeholder: element.placeholder?.text,
    minlength: element.min_length,
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
    dir: 'auto' as const,
    onInput: (event: TargetedInputEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      change(event.currentTarget.value, false),
    onBlur: () => dispatches && change(value, true),
  };
  if (element.multiline) return <textarea class="text-input" rows={4} {...shared} />;
  return (
    <input
      class="text-input"
      // Preact's types are a union over the input's type; these four take the same attributes.
      type={(HTML_TYPES[type] ?? 'text') as 'text'}
      step={type === 'number_input' && element.is_decimal_allowed ? 'any' : undefined}
      min={element.min_value}
      max={element.max_value}
      onKeyDown={(event) => event.key === 'Enter' && dispatches && change(value, true)}
      {...shared}
    />
  );
}
