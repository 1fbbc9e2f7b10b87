import { useId, useState } from 'preact/hooks';
import { usePage } from '../page-context.ts';
import { Dialog } from './Dialog.tsx';

/** Rings a telephone into the meeting. */
export function AddPhoneDialog({ onClose }: { onClose: () => void }) {
  const { meeting } = usePage();
  const [number, setNumber] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const about = useId();
  const ring = async (): Promise<void> => {
    setAsking(true);
    const refused = await meeting.addPhone(number);
    setAsking(false);
    if (refused === null) onClose();
    else setProblem(refused);
  };
  return (
    <Dialog title="Add a phone" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void ring();
        }}
      >
        <label class="field">
          <span>Phone number</span>
          <input
            type="tel"
            autocomplete="tel"
            required
            maxLength={40}
            placeholder="+44 20 7946 0000"
            value={number}
            aria-describedby={about}
            aria-invalid={problem !== null}
            onInput={(event) => setNumber(event.currentTarget.value)}
          />
        </label>
        <p
          id={about}
          class={problem === null ? 'field-about' : 'field-problem'}
          role={problem === null ? undefined : 'alert'}
        >
          {problem ?? 'It rings at once. Whoever answers hears first that what they say is turned into text.'}
        </p>
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button is-main" disabled={asking || number.trim() === ''}>
            Ring
          </button>
        </div>
      </form>
    </Dialog>
  );
}
