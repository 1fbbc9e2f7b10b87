import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

const TONE_CLASSES = {
  plain: 'icon-button',
  attention: 'icon-button is-attention',
  'alert-when-off': 'icon-button is-alert-when-off',
} as const;

/** A round button that is on or off. Its label is for screen readers and the tooltip. */
export function ToggleButton(props: {
  icon: IconName;
  /** A name that stays; or what a click does, which changes and so tells the state by itself. */
  label: string | { readonly on: string; readonly off: string };
  pressed: boolean;
  onClick: () => void;
  /** A single key that does the same. */
  shortcut?: string;
  tone?: keyof typeof TONE_CLASSES;
  children?: ComponentChildren;
}) {
  const { label, pressed, shortcut } = props;
  const isFixed = typeof label === 'string';
  const name = isFixed ? label : pressed ? label.on : label.off;
  return (
    <button
      type="button"
      class={TONE_CLASSES[props.tone ?? 'plain']}
      data-on={pressed}
      // “Mute, pressed” would say the opposite of what is true.
      aria-pressed={isFixed ? pressed : undefined}
      aria-label={name}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? name : `${name} (${shortcut})`}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.children}
    </button>
  );
}
