import { fileAddress, fileAddressOfId } from '../file-address.ts';
import { findFile } from '../state.ts';
import { InlineText, Link } from '../text/Mrkdwn.tsx';
import { useWorkspace } from '../workspace-context.ts';
import type { Block, SlackFileRef } from './types.ts';

export function ImageBlock({ block }: { block: Block }) {
  return (
    <figure class="block-image">
      {block.title && (
        <figcaption>
          <InlineText plain text={block.title.text} />
        </figcaption>
      )}
      <BlockImage of={block} className="block-image-picture" zoom />
    </figure>
  );
}

interface Picture {
  readonly alt_text?: string;
  readonly image_url?: string;
  readonly slack_file?: SlackFileRef;
}

/**
 * Pictures come from the workspace's own files. One at a public address is named and linked, not loaded: the page
 * asks nobody else for anything.
 */
export function BlockImage({ of, className, zoom }: { of: Picture; className: string; zoom?: boolean }) {
  const address = useFileAddress(of.slack_file);
  const alt = of.alt_text ?? '';
  if (address) {
    const picture = <img class={className} src={address} alt={alt} />;
    return zoom ? (
      <a href={address} target="_blank" rel="noreferrer" class="zoom">
        {picture}
      </a>
    ) : (
      picture
    );
  }
  if (!of.image_url) return <span class="block-image-missing">Picture not found: {alt}</span>;
  return <Link href={of.image_url}>Picture: {alt || of.image_url}</Link>;
}

function useFileAddress(ref: SlackFileRef | undefined): string | null {
  const { state } = useWorkspace();
  // A file is named by its id, or by its private address, which has the id as one of its parts.
  const id = ref?.id ?? /\b(F[A-Z0-9]{4,})\b/.exec(ref?.url ?? '')?.[1];
  if (!id) return null;
  const file = findFile(state, id);
  return file ? fileAddress(file, state.me) : fileAddressOfId(id, state.me);
}
