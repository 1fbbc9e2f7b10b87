import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { BlockErrorBoundary } from './BlockErrorBoundary.tsx';
import { ContextBlock } from './ContextBlock.tsx';
import { BlockElement } from './elements/BlockElement.tsx';
import { ImageBlock } from './ImageBlock.tsx';
import { InputBlock } from './InputBlock.tsx';
import { LibraryBlock } from './LibraryBlock.tsx';
import { SectionBlock } from './SectionBlock.tsx';
import { TableBlock } from './TableBlock.tsx';
import { type Block, blockIdOf } from './types.ts';

/** Block Kit. Needs a `BlockHostProvider` above it. */
export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <BlockErrorBoundary key={blockIdOf(block, index)} type={block.type}>
          <OneBlock block={block} blockId={blockIdOf(block, index)} />
        </BlockErrorBoundary>
      ))}
    </div>
  );
}

function OneBlock({ block, blockId }: { block: Block; blockId: string }) {
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} blockId={blockId} />;
    case 'header':
      return (
        <h3 class="block-header">
          <Mrkdwn plain text={block.text?.text ?? ''} />
        </h3>
      );
    case 'divider':
      return <hr class="block-divider" />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'image':
      return <ImageBlock block={block} />;
    case 'actions':
    case 'context_actions':
      return (
        <div class="block-actions">
          {block.elements?.map((element, index) => (
            <BlockElement key={element.action_id ?? index} blockId={blockId} element={element} />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} blockId={blockId} />;
    case 'table':
      return <TableBlock block={block} />;
    default:
      return <LibraryBlock block={block} />;
  }
}
