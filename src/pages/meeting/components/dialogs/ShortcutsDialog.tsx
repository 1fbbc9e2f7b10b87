import { SHORTCUTS, SHORTCUTS_DIALOG } from '../../sentences.ts';
import { useSettings } from '../page-context.ts';
import { Dialog, DialogActions } from './Dialog.tsx';

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [{ shortcuts }, change] = useSettings();
  return (
    <Dialog title={SHORTCUTS_DIALOG.title} onClose={onClose}>
      <dl class="shortcuts">
        {SHORTCUTS.map(({ key, action }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input type="checkbox" checked={shortcuts} onChange={() => change({ shortcuts: !shortcuts })} />
        <span>{SHORTCUTS_DIALOG.enabled}</span>
      </label>
      <DialogActions>
        <button type="button" class="button is-primary" onClick={onClose}>
          {SHORTCUTS_DIALOG.done}
        </button>
      </DialogActions>
    </Dialog>
  );
}
