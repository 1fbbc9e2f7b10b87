import { useId, useState } from 'preact/hooks';
import type { Phone, PhoneBehaviour } from '../../../phones/control/contract.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { usePhones } from '../phones-context.ts';
import { recordingsDialog } from '../sentences.ts';
import { RecordingsList } from './RecordingsList.tsx';

type Answering = Extract<PhoneBehaviour, { type: 'answer' }>;

const NEW: Answering = { type: 'answer', afterMs: 2000, turns: [], hangsUp: false };

interface RecordingsDialogProps {
  readonly phone: Phone;
  readonly onClose: () => void;
}

/** Which recordings a phone plays when it answers, and what it does besides. */
export function RecordingsDialog({ phone, onClose }: RecordingsDialogProps) {
  const id = useId();
  const { actions } = usePhones();
  const before = phone.behaviour.type === 'answer' ? phone.behaviour : NEW;
  const [turns, setTurns] = useState<readonly string[]>(before.turns);
  const [afterS, setAfterS] = useState(String(before.afterMs / 1000));
  const [keys, setKeys] = useState(before.keys ?? '');
  const [hangsUp, setHangsUp] = useState(before.hangsUp);

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const behaviour: Answering = {
      type: 'answer',
      afterMs: Math.round(Number(afterS) * 1000),
      turns,
      hangsUp,
      ...(keys ? { keys } : {}),
    };
    if (await actions.set(phone.number, { behaviour })) onClose();
  };
  return (
    <Dialog title={recordingsDialog.title} onClose={onClose}>
      <form class="dialog-form" onSubmit={(event) => void save(event)}>
        <div class="dialog-body phone-form">
          <p class="muted">{recordingsDialog.intro}</p>
          <RecordingsList recordings={turns} onChange={setTurns} />
          <div class="phone-field">
            <label for={`${id}-after`}>{recordingsDialog.delay}</label>
            <input
              id={`${id}-after`}
              class="text-input is-short"
              type="number"
              min={0}
              max={600}
              step="any"
              required
              value={afterS}
              onInput={({ currentTarget }) => setAfterS(currentTarget.value)}
            />
          </div>
          <div class="phone-field">
            <label for={`${id}-keys`}>{recordingsDialog.keys}</label>
            <input
              id={`${id}-keys`}
              class="text-input is-short"
              inputMode="tel"
              pattern="[0-9*#]*"
              maxLength={100}
              title={recordingsDialog.keysHint}
              autoComplete="off"
              value={keys}
              onInput={({ currentTarget }) => setKeys(currentTarget.value)}
            />
          </div>
          <label class="choice">
            <input
              type="checkbox"
              checked={hangsUp}
              onChange={({ currentTarget }) => setHangsUp(currentTarget.checked)}
            />
            <span>{recordingsDialog.hangsUp}</span>
          </label>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={onClose}>
            {recordingsDialog.cancel}
          </button>
          <button type="submit" class="button is-primary">
            {recordingsDialog.save}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
