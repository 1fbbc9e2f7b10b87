import { useEffect } from 'preact/hooks';
import { failureDialog } from '../sentences.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Switches for the failures that the simulated services can produce. */
export function FailureDialog({ onClose }: { readonly onClose: () => void }) {
  const { state, actions } = useWorkspace();
  const { active, known } = state.failures;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens.
  useEffect(() => void actions.loadFailures(), []);
  const toggle = (name: string, on: boolean) =>
    void actions.setFailures(on ? [...active, name] : active.filter((other) => other !== name));
  return (
    <Dialog title={failureDialog.title} onClose={onClose}>
      <div class="dialog-body">
        <p class="muted">{failureDialog.intro}</p>
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
        {known.length === 0 && <p class="empty">{failureDialog.none}</p>}
      </div>
      <footer class="dialog-foot">
        <button
          type="button"
          class="button"
          disabled={active.length === 0}
          onClick={() => void actions.setFailures([])}
        >
          {failureDialog.allOff}
        </button>
        <button type="button" class="button is-primary" onClick={onClose}>
          {failureDialog.done}
        </button>
      </footer>
    </Dialog>
  );
}
