import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './Icon.tsx';

const TONES = { plain: 'round', attention: 'round is-attention', 'loud-off': 'round is-off-loud' } as const;

/** A round button that is on or off, with its name beside it for those who hear it. */
export function ToggleButton(props: {
  icon: IconName;
  /** What it is, which stays; or what a click does, which changes, and says by itself what is. */
  label: string | { readonly on: string; readonly off: string };
  pressed: boolean;
  onClick: () => void;
  /** A single key that does the same. */
  shortcut?: string;
  /** `attention`: pressed is what people should notice; `loud-off`: not pressed is. */
  tone?: 'plain' | 'attention' | 'loud-off';
  disabled?: boolean;
  children?: ComponentChildren;
}) {
  const { label, pressed, shortcut } = props;
  const stays = typeof label === 'string';
  const name = stays ? label : pressed ? label.on : label.off;
  return (
    <button
      type="button"
      class={TONES[props.tone ?? 'plain']}
      data-on={pressed}
      // "Mute, pressed" would say the opposite of what is.
      aria-pressed={stays ? pressed : undefined}
      aria-label={name}
      aria-keyshortcuts={shortcut}
      title={shortcut === undefined ? name : `${name} (${shortcut})`}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.children}
    </button>
  );
}
