import { blockKit } from '../../sentences.ts';
import { useBlockHost } from '../block-host.tsx';
import type { ElementState } from '../values.ts';
import { type ElementProps, labelProps } from './props.ts';

/** The browser's own pickers, which work by keyboard and by touch. */
export function DateElement({ blockId, element, field }: ElementProps) {
  const host = useBlockHost();
  const picker = PICKERS[element.type]!;
  const state = host.stateOf(blockId, element);
  return (
    <input
      class="text-input is-date"
      type={picker.html}
      {...labelProps(field, element.placeholder?.text ?? blockKit.date)}
      value={state ? picker.read(state) : ''}
      onInput={(event) =>
        void host.change(
          blockId,
          element,
          { type: element.type, ...picker.write(event.currentTarget.value) },
          field?.dispatch ?? true,
        )
      }
    />
  );
}

interface Picker {
  readonly html: 'date' | 'time' | 'datetime-local';
  read(state: ElementState): string;
  write(value: string): Record<string, unknown>;
}

const PICKERS: Readonly<Record<string, Picker>> = {
  datepicker: {
    html: 'date',
    read: (state) => (state.selected_date as string | null) ?? '',
    write: (value) => ({ selected_date: value || null }),
  },
  timepicker: {
    html: 'time',
    read: (state) => (state.selected_time as string | null) ?? '',
    write: (value) => ({ selected_time: value || null }),
  },
  datetimepicker: {
    html: 'datetime-local',
    read: (state) => localMinute(state.selected_date_time as number | null),
    write: (value) => ({ selected_date_time: value ? new Date(value).getTime() / 1000 : null }),
  },
};

/** `datetime-local` takes the visitor's local time without a zone. */
function localMinute(seconds: number | null): string {
  if (seconds === null) return '';
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
