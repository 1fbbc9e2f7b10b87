import { useState } from 'preact/hooks';
import { InlineText } from '../../text/Mrkdwn.tsx';
import { safeHref } from '../../text/mrkdwn.ts';
import { useBlockHost } from '../block-host.tsx';
import type { ElementProps } from './props.ts';

/** A button is busy until the app has acknowledged the action; one with a `url` also opens it. */
export function ButtonElement({ blockId, element }: ElementProps) {
  const host = useBlockHost();
  const [busy, setBusy] = useState(false);
  const text = typeof element.text === 'string' ? element.text : (element.text?.text ?? '');
  const href = element.url ? safeHref(element.url) : null;
  const press = async () => {
    // Not `disabled`, which would move the keyboard's focus away.
    if (busy) return;
    setBusy(true);
    await host.press(blockId, element, {
      text: element.text,
      ...(element.value === undefined ? {} : { value: element.value }),
    });
    setBusy(false);
  };
  const shared = {
    class: `button ${element.style === 'primary' || element.style === 'danger' ? `is-${element.style}` : ''}`,
    'aria-label': element.accessibility_label,
    'data-action-id': element.action_id,
    onClick: () => void press(),
  };
  const label = <InlineText plain text={text} />;
  return href ? (
    <a {...shared} href={href} target="_blank" rel="noreferrer noopener">
      {label}
    </a>
  ) : (
    <button {...shared} type="button" aria-disabled={busy} aria-busy={busy}>
      {label}
    </button>
  );
}
