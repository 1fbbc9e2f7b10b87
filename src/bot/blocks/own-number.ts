import type { ModalView } from '@slack/types';
import { BUTTONS } from '../sentences/common.ts';
import { OWN_NUMBER } from '../sentences/settings.ts';
import { VIEWS } from './actions.ts';
import { type FieldValues, fieldOf, formView, inputField } from './fields.ts';
import { line, words } from './rich.ts';
import { plain } from './text.ts';

/** A number with its country code takes 15 digits, and people put blanks and brackets between them. */
const NUMBER_MAX = 40;

export const OWN_NUMBER_FIELD = 'number';

/** The dialog for a member's own phone number. */
export const buildOwnNumber = (ownNumber: string | null): ModalView =>
  formView(VIEWS.ownNumber, { title: OWN_NUMBER.title, submit: BUTTONS.save }, [
    line(words(OWN_NUMBER.intro)),
    inputField(
      OWN_NUMBER_FIELD,
      OWN_NUMBER.label,
      {
        type: 'plain_text_input',
        action_id: OWN_NUMBER_FIELD,
        max_length: NUMBER_MAX,
        ...(ownNumber === null ? {} : { initial_value: plain(ownNumber, NUMBER_MAX) }),
      },
      { optional: true, hint: OWN_NUMBER.hint },
    ),
  ]);

/** What was typed; empty to remove the number. */
export const readOwnNumber = (values: FieldValues): string =>
  plain(fieldOf(values, OWN_NUMBER_FIELD).value ?? '', NUMBER_MAX);
