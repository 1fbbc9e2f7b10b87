import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

const TONES = { plain: 'round', attention: 'round is-attention', 'loud-off': 'round is-off-loud' } as const;

/** A round button that is on or off, with its name beside it for those who hear it. */
export function ToggleButton(props: {
  icon: IconName;
  label: string;
  pressed: boolean;
  onClick: () => void;
  /** A single key that does the same. */
  shortcut?: string;
  /** `attention`: pressed is what people should notice; `loud-off`: not pressed is. */
  tone?: 'plain' | 'attention' | 'loud-off';
  disabled?: boolean;
  children?: ComponentChildren;
}) {
  const hint = props.shortcut === undefined ? props.label : `${props.label} (${props.shortcut})`;
  return (
    <button
      type="button"
      class={TONES[props.tone ?? 'plain']}
      aria-pressed={props.pressed}
      aria-label={props.label}
      aria-keyshortcuts={props.shortcut}
      title={hint}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.children}
    </button>
  );
}
