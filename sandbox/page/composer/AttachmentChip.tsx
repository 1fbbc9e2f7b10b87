import { composer } from '../sentences.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { formatSize } from '../workspace/file-url.ts';
import type { Attachment } from './use-attachments.ts';

export function AttachmentChip({
  attachment,
  onRemove,
}: {
  attachment: Attachment;
  readonly onRemove: () => void;
}) {
  const { name, sizeBytes, fraction, id } = attachment;
  const state = id
    ? formatSize(sizeBytes)
    : composer.progress(Math.round(fraction * 100), formatSize(sizeBytes));
  return (
    <li class="chip">
      <span class="chip-name">
        <b dir="auto">{name}</b>
        <small>{state}</small>
      </span>
      {!id && <progress class="chip-progress" value={fraction} max={1} aria-label={composer.sending(name)} />}
      <button type="button" class="icon-button" aria-label={composer.remove(name)} onClick={onRemove}>
        <CloseIcon />
      </button>
    </li>
  );
}
