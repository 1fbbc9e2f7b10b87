import { useId } from 'preact/hooks';
import { blockKit } from '../sentences.ts';
import { InlineText } from '../text/Mrkdwn.tsx';
import { useBlockHost } from './block-host.tsx';
import { BlockElement } from './elements/BlockElement.tsx';
import type { Block } from './types.ts';

/** A labelled input with its hint and, after a rejected submission, its error. */
export function InputBlock({ block, blockId }: { block: Block; blockId: string }) {
  const id = useId();
  const error = useBlockHost().errors[blockId];
  if (!block.element) return null;
  const describedBy = [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(' ');
  // Radio buttons and checkboxes are groups with a name; everything else is one field with a label.
  const isGroup = block.element.type === 'radio_buttons' || block.element.type === 'checkboxes';
  const label = (
    <>
      <InlineText plain text={block.label?.text ?? ''} />
      {block.optional && <span class="optional"> {blockKit.optional}</span>}
    </>
  );
  return (
    <div class={error ? 'block-input has-error' : 'block-input'} data-block-id={blockId}>
      {isGroup ? (
        <span class="label" id={`${id}-label`}>
          {label}
        </span>
      ) : (
        <label class="label" id={`${id}-label`} for={id}>
          {label}
        </label>
      )}
      <BlockElement
        blockId={blockId}
        element={block.element}
        field={{
          id,
          labelledBy: `${id}-label`,
          describedBy,
          invalid: error !== undefined,
          dispatch: block.dispatch_action ?? false,
        }}
      />
      {block.hint && (
        <p class="hint" id={`${id}-hint`}>
          <InlineText plain text={block.hint.text} />
        </p>
      )}
      {error && (
        <p class="error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
