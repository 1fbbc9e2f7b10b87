import { sizeLabel } from '../file-address.ts';
import { CloseIcon } from './icons.tsx';
import type { Attachment } from './use-attachments.ts';

export function AttachmentChip({
  attachment,
  onRemove,
}: {
  attachment: Attachment;
  readonly onRemove: () => void;
}) {
  const { name, sizeBytes, fraction, id } = attachment;
  const state = id ? sizeLabel(sizeBytes) : `${Math.round(fraction * 100)} % of ${sizeLabel(sizeBytes)}`;
  return (
    <li class="chip">
      <span class="chip-name">
        <b dir="auto">{name}</b>
        <small>{state}</small>
      </span>
      {!id && <progress class="chip-progress" value={fraction} max={1} aria-label={`Sending ${name}`} />}
      <button type="button" class="icon-button" aria-label={`Remove ${name}`} onClick={onRemove}>
        <CloseIcon />
      </button>
    </li>
  );
}
