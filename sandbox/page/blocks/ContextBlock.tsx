import { BlockImage } from './ImageBlock.tsx';
import { RichText } from './SectionBlock.tsx';
import type { Block, TextObject } from './types.ts';

export function ContextBlock({ block }: { block: Block }) {
  return (
    <div class="block-context">
      {block.elements?.map((element, index) =>
        element.type === 'image' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: context elements have no identity but their place.
          <BlockImage key={index} of={element} className="block-context-image" />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: context elements have no identity but their place.
          <RichText key={index} of={element as TextObject} />
        ),
      )}
    </div>
  );
}
