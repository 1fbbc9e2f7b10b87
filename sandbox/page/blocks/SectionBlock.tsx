import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { BlockElement } from './elements/BlockElement.tsx';
import type { Block, TextObject } from './types.ts';

export function SectionBlock({ block, blockId }: { block: Block; blockId: string }) {
  return (
    <div class="block-section">
      <div class="block-section-text">
        {block.text && <RichText of={block.text} />}
        {block.fields && (
          <div class="block-fields">
            {block.fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no identity but their place.
              <RichText key={index} of={field} />
            ))}
          </div>
        )}
      </div>
      {block.accessory && (
        <div class="block-accessory">
          <BlockElement blockId={blockId} element={block.accessory} />
        </div>
      )}
    </div>
  );
}

export function RichText({ of }: { of: TextObject }) {
  return <Mrkdwn text={of.text} plain={of.type === 'plain_text'} emoji={of.emoji ?? true} />;
}
