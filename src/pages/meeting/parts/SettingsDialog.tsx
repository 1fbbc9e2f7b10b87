import { useDispatch, usePage, useSelect, useSettings } from '../page-context.ts';
import type { CaptionSize, Settings } from '../settings.ts';
import { Choice } from './Choice.tsx';
import { DeviceChoices } from './DeviceChoices.tsx';
import { Dialog } from './Dialog.tsx';

const SIZES: readonly { value: CaptionSize; label: string }[] = [
  { value: 'small', label: 'Small' },
  { value: 'medium', label: 'Medium' },
  { value: 'large', label: 'Large' },
  { value: 'huge', label: 'Huge' },
];
const PLACES: readonly { value: Settings['captionPlace']; label: string }[] = [
  { value: 'bottom', label: 'Bottom' },
  { value: 'top', label: 'Top' },
];
const LINES: readonly { value: Settings['captionLines']; label: string }[] = [
  { value: 2, label: 'Two lines' },
  { value: 3, label: 'Three lines' },
];

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const [settings, set] = useSettings();
  const consented = useSelect((state) => state.consented);
  return (
    <Dialog title="Settings" onClose={onClose} wide>
      <section>
        <h3>Devices</h3>
        <DeviceChoices />
      </section>
      <section>
        <h3>Captions on this device</h3>
        <div class="choices">
          <Choice
            legend="Size"
            options={SIZES}
            value={settings.captionSize}
            onChoose={(captionSize) => set({ captionSize })}
          />
          <Choice
            legend="Place"
            options={PLACES}
            value={settings.captionPlace}
            onChoose={(captionPlace) => set({ captionPlace })}
          />
          <Choice
            legend="Length"
            options={LINES}
            value={settings.captionLines}
            onChoose={(captionLines) => set({ captionLines })}
          />
        </div>
      </section>
      <section>
        <h3>My words in the transcript</h3>
        <p class="muted">
          {consented
            ? 'You agreed that what you say is captioned and kept. Taking it back turns your microphone off.'
            : 'Agree that what you say is captioned live and kept as a transcript with your name, to turn your microphone on.'}
        </p>
        <button type="button" class="button" onClick={() => void meeting.consent(!consented)}>
          {consented ? 'Take it back' : 'Agree'}
        </button>
      </section>
      <div class="dialog-actions">
        <button
          type="button"
          class="button"
          onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'keys' } })}
        >
          Keyboard shortcuts
        </button>
        <button type="button" class="button is-main" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
