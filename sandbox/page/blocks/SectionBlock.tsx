import { Mrkdwn } from '../text/Mrkdwn.tsx';
import { BlockElement } from './elements/BlockElement.tsx';
import type { Block, TextObject } from './types.ts';

/** Text, fields and one accessory element. */
export function SectionBlock({ block, blockId }: { block: Block; blockId: string }) {
  return (
    <div class="block-section">
      <div class="block-section-text">
        {block.text && <TextObjectView of={block.text} />}
        {block.fields && (
          <div class="block-fields">
            {block.fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: fields have no identity but their position.
              <TextObjectView key={index} of={field} />
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

/** A text object of Block Kit: mrkdwn, or plain text with emoji. */
export function TextObjectView({ of }: { of: TextObject }) {
  return <Mrkdwn text={of.text} plain={of.type === 'plain_text'} emoji={of.emoji ?? true} />;
}
