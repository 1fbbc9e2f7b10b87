import { MoreIcon } from '../../parts/icons.tsx';
import { Menu } from '../../parts/Menu.tsx';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { safeHref } from '../../text/mrkdwn.ts';
import { useBlockHost } from '../host.tsx';
import type { ElementProps } from './element-props.ts';

export function OverflowElement({ blockId, element }: ElementProps) {
  const host = useBlockHost();
  return (
    <Menu
      label={element.accessibility_label ?? 'More actions'}
      className="button is-icon"
      trigger={<MoreIcon />}
      items={(element.options ?? []).map((option) => ({
        key: option.value,
        label: <InlineText plain text={option.text.text} />,
        ...(option.description ? { detail: <InlineText plain text={option.description.text} /> } : {}),
        onChoose() {
          const href = option.url ? safeHref(option.url) : null;
          if (href) window.open(href, '_blank', 'noopener,noreferrer');
          void host.press(blockId, element, { selected_option: option });
        },
      }))}
    />
  );
}
