import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { OpenView } from '../../slack/control/contract.ts';
import { Blocks } from '../blocks/Blocks.tsx';
import { BlockHostProvider } from '../blocks/host.tsx';
import { asBlocks, type TextObject } from '../blocks/types.ts';
import { type Edits, missingValues, valuesOf } from '../blocks/values.ts';
import { useWorkspace } from '../workspace-context.ts';
import { Dialog } from './Dialog.tsx';

interface Modal {
  readonly title?: TextObject;
  readonly blocks?: readonly object[];
  readonly submit?: TextObject;
  readonly close?: TextObject;
}

/** A modal of the app. What a person has filled in survives an update of the view, as it does in Slack. */
export function ModalView({ open }: { open: OpenView }) {
  const { actions } = useWorkspace();
  const modal = open.view as Modal;
  const blocks = useMemo(() => asBlocks(modal.blocks), [modal.blocks]);
  const where = useMemo(() => ({ viewId: open.id }), [open.id]);
  const [edits, setEdits] = useState<Edits>({});
  const [missing, setMissing] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const errors = useMemo(() => ({ ...open.errors, ...missing }), [open.errors, missing]);

  const submit = async () => {
    if (busy) return;
    const now = missingValues(blocks, edits);
    setMissing(now);
    if (Object.keys(now).length > 0) return;
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
          <BlockHostProvider where={where} blocks={blocks} edits={edits} onEdits={setEdits} errors={errors}>
            <Blocks blocks={blocks} />
          </BlockHostProvider>
        </div>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={() => void actions.closeView(open.id)}>
            {modal.close?.text ?? 'Close'}
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
