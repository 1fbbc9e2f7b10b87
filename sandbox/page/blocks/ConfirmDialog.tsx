import { blockKit } from '../sentences.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { Confirm } from './types.ts';

/** Asks before an action with a `confirm` object is sent. */
export function ConfirmDialog({
  confirm,
  onAnswer,
}: {
  confirm: Confirm;
  readonly onAnswer: (confirmed: boolean) => void;
}) {
  return (
    <Dialog title={confirm.title?.text ?? blockKit.confirmTitle} onClose={() => onAnswer(false)} small>
      <div class="dialog-body">
        <Mrkdwn text={confirm.text?.text ?? ''} plain={confirm.text?.type === 'plain_text'} />
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={() => onAnswer(false)}>
          {confirm.deny?.text ?? blockKit.cancel}
        </button>
        <button
          type="button"
          class={confirm.style === 'danger' ? 'button is-danger is-solid' : 'button is-primary'}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm?.text ?? blockKit.confirm}
        </button>
      </footer>
    </Dialog>
  );
}
