import { blockKit } from '../../sentences.ts';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { safeHref } from '../../text/mrkdwn.ts';
import { MoreIcon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useBlockHost } from '../block-host.tsx';
import type { ElementProps } from './props.ts';

/** A menu of actions behind “⋯”. */
export function OverflowElement({ blockId, element }: ElementProps) {
  const host = useBlockHost();
  return (
    <Menu
      label={element.accessibility_label ?? blockKit.moreActions}
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
