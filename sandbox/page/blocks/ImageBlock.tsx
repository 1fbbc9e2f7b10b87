import { blockKit } from '../sentences.ts';
import { InlineText, Link } from '../text/Mrkdwn.tsx';
import { fileUrl, fileUrlOfId } from '../workspace/file-url.ts';
import { findFile } from '../workspace/selectors.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import type { Block, SlackFileRef } from './types.ts';

export function ImageBlock({ block }: { block: Block }) {
  return (
    <figure class="block-image">
      {block.title && (
        <figcaption>
          <InlineText plain text={block.title.text} />
        </figcaption>
      )}
      <BlockImage of={block} className="block-image-file" isLink />
    </figure>
  );
}

interface ImageSource {
  readonly alt_text?: string;
  readonly image_url?: string;
  readonly slack_file?: SlackFileRef;
}

/**
 * Images are loaded from the workspace's own files. One at a public URL is linked instead: the page loads nothing from
 * elsewhere.
 */
export function BlockImage({
  of,
  className,
  isLink,
}: {
  of: ImageSource;
  className: string;
  isLink?: boolean;
}) {
  const url = useFileUrl(of.slack_file);
  const alt = of.alt_text ?? '';
  if (url) {
    const image = <img class={className} src={url} alt={alt} />;
    return isLink ? (
      <a href={url} target="_blank" rel="noreferrer" class="image-link">
        {image}
      </a>
    ) : (
      image
    );
  }
  if (!of.image_url) return <span class="block-image-missing">{blockKit.imageMissing(alt)}</span>;
  return <Link href={of.image_url}>{blockKit.imageElsewhere(alt || of.image_url)}</Link>;
}

function useFileUrl(ref: SlackFileRef | undefined): string | null {
  const { state } = useWorkspace();
  // Blocks name a file by its id or by its private URL, which contains the id.
  const id = ref?.id ?? /\b(F[A-Z0-9]{4,})\b/.exec(ref?.url ?? '')?.[1];
  if (!id) return null;
  const file = findFile(state, id);
  return file ? fileUrl(file, state.me) : fileUrlOfId(id, state.me);
}
