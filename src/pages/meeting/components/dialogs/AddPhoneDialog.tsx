import { useId, useState } from 'preact/hooks';
import { PHONE_DIALOG } from '../../sentences.ts';
import { captureNow } from '../../state/capture.ts';
import { usePage } from '../page-context.ts';
import { Dialog, DialogActions } from './Dialog.tsx';

/** Calls a phone into the meeting. */
export function AddPhoneDialog({ onClose }: { onClose: () => void }) {
  const { meeting, store } = usePage();
  const [number, setNumber] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isCalling, setCalling] = useState(false);
  const hint = useId();
  const call = async (): Promise<void> => {
    setCalling(true);
    const refusal = await meeting.addPhone(number);
    setCalling(false);
    if (refusal === null) onClose();
    else setError(refusal);
  };
  return (
    <Dialog title={PHONE_DIALOG.title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void call();
        }}
      >
        <label class="field">
          <span>{PHONE_DIALOG.number}</span>
          <input
            type="tel"
            autocomplete="tel"
            required
            maxLength={40}
            placeholder={PHONE_DIALOG.example}
            value={number}
            aria-describedby={hint}
            aria-invalid={error !== null}
            onInput={(event) => setNumber(event.currentTarget.value)}
          />
        </label>
        <p
          id={hint}
          class={error === null ? 'field-hint' : 'field-error'}
          role={error === null ? undefined : 'alert'}
        >
          {error ?? PHONE_DIALOG.about(captureNow(store.get()))}
        </p>
        <DialogActions>
          <button type="button" class="button" onClick={onClose}>
            {PHONE_DIALOG.cancel}
          </button>
          <button type="submit" class="button is-primary" disabled={isCalling || number.trim() === ''}>
            {PHONE_DIALOG.call}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
