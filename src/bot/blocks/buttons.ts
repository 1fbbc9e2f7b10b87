import type { Button, ConfirmationDialog } from '@slack/types';

/** A button with `text` of at most 75 characters, which also is what screen readers say unless `label` is given. */
export const button = (
  actionId: string,
  text: string,
  more: {
    readonly value?: string;
    readonly label?: string;
    readonly url?: string;
    readonly style?: 'primary' | 'danger';
    readonly confirm?: ConfirmationDialog;
  } = {},
): Button => {
  const { value, label, url, style, confirm } = more;
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text },
    ...(style === undefined ? {} : { style }),
    ...(label === undefined ? {} : { accessibility_label: label }),
    ...(value === undefined ? {} : { value }),
    ...(url === undefined ? {} : { url }),
    ...(confirm === undefined ? {} : { confirm }),
  };
};

/** What Slack asks before it sends a click on something that cannot be undone. */
export const confirmation = (texts: {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
}): ConfirmationDialog => ({
  title: { type: 'plain_text', text: texts.title },
  text: { type: 'plain_text', text: texts.text },
  confirm: { type: 'plain_text', text: texts.confirm },
  deny: { type: 'plain_text', text: texts.deny },
  style: 'danger',
});
