import { CONSENT_SETTING } from '../../consent-sentences.ts';
import { SETTINGS_DIALOG } from '../../sentences.ts';
import type { Settings } from '../../state/settings.ts';
import { kindOf } from '../../state/state.ts';
import { DeviceSelects } from '../controls/DeviceSelects.tsx';
import { RadioGroup } from '../controls/RadioGroup.tsx';
import { useDispatch, usePage, useSelect, useSettings } from '../page-context.ts';
import { Dialog, DialogActions } from './Dialog.tsx';

export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const dispatch = useDispatch();
  return (
    <Dialog title={SETTINGS_DIALOG.title} onClose={onClose} wide>
      <section>
        <h3>{SETTINGS_DIALOG.devices}</h3>
        <DeviceSelects />
      </section>
      <CaptionSettings />
      <ConsentSetting />
      <DialogActions>
        <button
          type="button"
          class="button"
          onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'shortcuts' } })}
        >
          {SETTINGS_DIALOG.shortcuts}
        </button>
        <button type="button" class="button is-primary" onClick={onClose}>
          {SETTINGS_DIALOG.done}
        </button>
      </DialogActions>
    </Dialog>
  );
}

const { sizes, positions } = SETTINGS_DIALOG;
const SIZES = (['small', 'medium', 'large', 'huge'] as const).map((value) => ({
  value,
  label: sizes[value],
}));
const POSITIONS = (['bottom', 'top'] as const).map((value) => ({ value, label: positions[value] }));
const LINES: readonly { value: Settings['captionLines']; label: string }[] = [
  { value: 2, label: '2' },
  { value: 3, label: '3' },
];

function CaptionSettings() {
  const [settings, change] = useSettings();
  return (
    <section>
      <h3>{SETTINGS_DIALOG.captions}</h3>
      <div class="radio-groups">
        <RadioGroup
          legend={SETTINGS_DIALOG.textSize}
          options={SIZES}
          value={settings.captionSize}
          onChange={(captionSize) => change({ captionSize })}
        />
        <RadioGroup
          legend={SETTINGS_DIALOG.position}
          options={POSITIONS}
          value={settings.captionPosition}
          onChange={(captionPosition) => change({ captionPosition })}
        />
        <RadioGroup
          legend={SETTINGS_DIALOG.lines}
          options={LINES}
          value={settings.captionLines}
          onChange={(captionLines) => change({ captionLines })}
        />
      </div>
    </section>
  );
}

function ConsentSetting() {
  const { meeting } = usePage();
  const isGiven = useSelect((state) => state.consented);
  const kind = useSelect(kindOf);
  return (
    <section>
      <h3>{CONSENT_SETTING.title}</h3>
      <p class="muted">{isGiven ? CONSENT_SETTING.given(kind) : CONSENT_SETTING.missing(kind)}</p>
      <button type="button" class="button" onClick={() => void meeting.setConsent(!isGiven)}>
        {isGiven ? CONSENT_SETTING.withdraw : CONSENT_SETTING.agree}
      </button>
    </section>
  );
}
