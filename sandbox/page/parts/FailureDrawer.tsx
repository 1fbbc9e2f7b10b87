import { useEffect } from 'preact/hooks';
import { useWorkspace } from '../workspace-context.ts';
import { Dialog } from './Dialog.tsx';

/** Switches for what can go wrong at the stand-in Slack. */
export function FailureDrawer({ onClose }: { readonly onClose: () => void }) {
  const { state, actions } = useWorkspace();
  const { active, known } = state.failures;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once, when it opens.
  useEffect(() => void actions.loadFailures(), []);
  const toggle = (name: string, on: boolean) =>
    void actions.setFailures(on ? [...active, name] : active.filter((other) => other !== name));
  return (
    <Dialog title="Failure modes" onClose={onClose}>
      <div class="dialog-body">
        <p class="muted">
          What is switched on here goes wrong from now on, for everybody, until it is switched off.
        </p>
        <div class="choices is-switches">
          {known.map(({ name, description }) => (
            <label key={name} class="choice">
              <input
                type="checkbox"
                role="switch"
                checked={active.includes(name)}
                aria-checked={active.includes(name)}
                onChange={(event) => toggle(name, event.currentTarget.checked)}
              />
              <span>
                <code>{name}</code>
                <small>{description}</small>
              </span>
            </label>
          ))}
        </div>
        {known.length === 0 && <p class="empty">This workspace knows no failure modes.</p>}
      </div>
      <footer class="dialog-foot">
        <button
          type="button"
          class="button"
          disabled={active.length === 0}
          onClick={() => void actions.setFailures([])}
        >
          Switch all off
        </button>
        <button type="button" class="button is-primary" onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}
