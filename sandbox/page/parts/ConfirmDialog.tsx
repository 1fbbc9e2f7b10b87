import type { Confirm } from '../blocks/types.ts';
import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { Dialog } from './Dialog.tsx';

/** Asks before an action that has a `confirm` is sent. */
export function ConfirmDialog({
  confirm,
  onAnswer,
}: {
  confirm: Confirm;
  readonly onAnswer: (yes: boolean) => void;
}) {
  return (
    <Dialog title={confirm.title?.text ?? 'Are you sure?'} onClose={() => onAnswer(false)} small>
      <div class="dialog-body">
        <Mrkdwn text={confirm.text?.text ?? ''} plain={confirm.text?.type === 'plain_text'} />
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick={() => onAnswer(false)}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          class={confirm.style === 'danger' ? 'button is-danger is-solid' : 'button is-primary'}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </footer>
    </Dialog>
  );
}
