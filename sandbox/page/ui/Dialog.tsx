import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { CloseIcon } from './icons.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly small?: boolean;
  readonly children: ComponentChildren;
}

/**
 * The browser's own modal dialog: it keeps the focus inside, returns it when it closes, and makes the rest of the page
 * inert. Escape calls `onClose`; the owner then removes the dialog.
 */
export function Dialog({ title, onClose, small, children }: DialogProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);

  useLayoutEffect(() => {
    const dialog = box.current!;
    const before = document.activeElement;
    if (!dialog.open) dialog.showModal();
    firstField(dialog)?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  return (
    <dialog
      ref={box}
      class={small ? 'dialog is-small' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        // The cancel event of a file picker inside bubbles up to here; only the dialog's own closes it.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {children}
    </dialog>
  );
}

const firstField = (dialog: HTMLElement) =>
  dialog.querySelector<HTMLElement>('[autofocus]') ??
  dialog.querySelector<HTMLElement>(
    '.dialog-body :is(input, textarea, .select-button), .dialog-foot .is-primary, .dialog-foot button',
  );
