import type { ModalView } from '@slack/types';
import { VIEWS } from './actions.ts';
import { line, words } from './rich.ts';
import { plain } from './text.ts';

/** A number with its country takes 15 digits, and people put blanks and brackets between them. */
const NUMBER_MAX = 40;

/** Block and action of the field have one name. */
export const OWN_NUMBER_FIELD = 'number';

/** The dialogue in which somebody says which telephone is theirs. */
export const buildOwnNumber = (ownNumber: string | null): ModalView => ({
  type: 'modal',
  callback_id: VIEWS.ownNumber,
  title: { type: 'plain_text', text: 'Your phone number' },
  submit: { type: 'plain_text', text: 'Save' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    line(
      words(
        '“Use my phone” rings this number first when you call somebody, and colleagues who call you ring it.',
      ),
    ),
    {
      type: 'input',
      block_id: OWN_NUMBER_FIELD,
      optional: true,
      label: { type: 'plain_text', text: 'Number' },
      hint: {
        type: 'plain_text',
        text: 'With its country, as in +44 20 7946 0000. Leave it empty to have it forgotten.',
      },
      element: {
        type: 'plain_text_input',
        action_id: OWN_NUMBER_FIELD,
        max_length: NUMBER_MAX,
        ...(ownNumber === null ? {} : { initial_value: plain(ownNumber, NUMBER_MAX) }),
      },
    },
  ],
});

/** What was typed; empty to have it forgotten. */
export const readOwnNumber = (
  values: Record<string, Record<string, { value?: string | null | undefined }>>,
): string => plain(values[OWN_NUMBER_FIELD]?.[OWN_NUMBER_FIELD]?.value ?? '', NUMBER_MAX);
