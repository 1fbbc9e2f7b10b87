import { useSettings } from '../page-context.ts';
import { SHORTCUTS } from '../use-shortcuts.ts';
import { Dialog } from './Dialog.tsx';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const [{ keys }, set] = useSettings();
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl class="keys">
        {SHORTCUTS.map(({ key, does }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input type="checkbox" checked={keys} onChange={() => set({ keys: !keys })} />
        <span>Use these shortcuts</span>
      </label>
      <div class="dialog-actions">
        <button type="button" class="button is-main" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
