import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { OpenView } from '../../slack/control/contract.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { BlockHostProvider } from '../blocks/block-host.tsx';
import { asBlocks, type TextObject } from '../blocks/types.ts';
import { type Edits, missingValues, valuesOf } from '../blocks/values.ts';
import { blockKit } from '../sentences.ts';
import { Dialog } from '../ui/Dialog.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

interface Modal {
  readonly title?: TextObject;
  readonly blocks?: readonly object[];
  readonly submit?: TextObject;
  readonly close?: TextObject;
}

/** The modals the app has opened for the current person, each above the one before. */
export function ModalStack() {
  const { state } = useWorkspace();
  return (state.views[state.me] ?? []).map((open) => <ModalView key={open.id} open={open} />);
}

/** A modal of the app. What is filled in survives an update of the view, as it does in Slack. */
function ModalView({ open }: { open: OpenView }) {
  const { actions } = useWorkspace();
  const modal = open.view as Modal;
  const blocks = useMemo(() => asBlocks(modal.blocks), [modal.blocks]);
  const target = useMemo(() => ({ viewId: open.id }), [open.id]);
  const [edits, setEdits] = useState<Edits>({});
  const [missing, setMissing] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const errors = useMemo(() => ({ ...open.errors, ...missing }), [open.errors, missing]);

  const submit = async () => {
    if (busy) return;
    const unfilled = missingValues(blocks, edits);
    setMissing(unfilled);
    if (Object.keys(unfilled).length > 0) return;
    setBusy(true);
    await actions.submit(open.id, valuesOf(blocks, edits));
    setBusy(false);
  };

  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (Object.keys(errors).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [errors]);

  return (
    <Dialog title={modal.title?.text ?? ''} onClose={() => void actions.closeView(open.id)}>
      <form
        ref={form}
        class="dialog-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div class="dialog-body">
          <BlockHostProvider target={target} blocks={blocks} edits={edits} onEdits={setEdits} errors={errors}>
            <Blocks blocks={blocks} />
          </BlockHostProvider>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={() => void actions.closeView(open.id)}>
            {modal.close?.text ?? blockKit.close}
          </button>
          {modal.submit && (
            <button type="submit" class="button is-primary" aria-disabled={busy} aria-busy={busy}>
              {modal.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
