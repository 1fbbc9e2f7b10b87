import { BlockImage } from './ImageBlock.tsx';
import { TextObjectView } from './SectionBlock.tsx';
import type { Block, TextObject } from './types.ts';

/** Small text and images in one row. */
export function ContextBlock({ block }: { block: Block }) {
  return (
    <div class="block-context">
      {block.elements?.map((element, index) =>
        element.type === 'image' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: context elements have no identity but their position.
          <BlockImage key={index} of={element} className="block-context-image" />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: context elements have no identity but their position.
          <TextObjectView key={index} of={element as TextObject} />
        ),
      )}
    </div>
  );
}
