import type { ViewResponseAction } from '@slack/bolt';
import { toAppError } from '../../../core/error.ts';
import type { Clock, Log } from '../../../core/ports.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { TOO_SLOW_TO_SAVE } from '../../sentences/common.ts';
import { withinDeadline } from '../../views.ts';

/** How a submitted dialog is saved. */
interface Saving {
  /** At most 24 characters. */
  readonly title: string;
  /** Where a refusal is shown, so that what was filled in stays. */
  readonly field: string;
  /** Resolves to why it was not saved, as a sentence; null when it was. */
  readonly save: () => Promise<string | null>;
}

/** The response to a submitted dialog; undefined closes it, because it is saved. */
export const saveInTime = async (
  { clock, log }: { clock: Clock; log: Log },
  { title, field, save }: Saving,
): Promise<ViewResponseAction | undefined> => {
  const saving = save().catch((error: unknown) => {
    log.warn({ err: error }, 'dialog not saved');
    return toAppError(error).userMessage;
  });
  const saved = await withinDeadline(
    clock,
    saving.then((sentence) => ({ sentence })),
  );
  if (saved === null) return { response_action: 'update', view: buildNotice(title, TOO_SLOW_TO_SAVE) };
  return saved.sentence === null
    ? undefined
    : { response_action: 'errors', errors: { [field]: saved.sentence } };
};
