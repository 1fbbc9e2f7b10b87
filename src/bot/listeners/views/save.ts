import type { ViewResponseAction } from '@slack/bolt';
import { toAppError } from '../../../core/error.ts';
import type { Log } from '../../../core/ports.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { withinDeadline } from '../../views.ts';

/** What a dialogue that saves something does with it. */
interface Saving {
  /** At most 24 characters. */
  readonly title: string;
  /** The field beside which a refusal is shown, so that what was filled in stays. */
  readonly field: string;
  /** Resolves to why it is not saved, as a sentence; null when it is. */
  readonly save: () => Promise<string | null>;
}

/** The answer to a submitted dialogue: none closes it, for it is saved. */
export const saveInTime = async (
  log: Log,
  { title, field, save }: Saving,
): Promise<ViewResponseAction | undefined> => {
  const saving = save().catch((error: unknown) => {
    log.warn({ err: error }, 'a dialogue could not be saved');
    return toAppError(error).userMessage;
  });
  const saved = await withinDeadline(saving.then((sentence) => ({ sentence })));
  if (saved === null) return { response_action: 'update', view: buildNotice(title, TOO_SLOW) };
  return saved.sentence === null
    ? undefined
    : { response_action: 'errors', errors: { [field]: saved.sentence } };
};

const TOO_SLOW =
  'Saving takes longer than usual. Please look again in a minute whether it is saved, before you repeat it.';
