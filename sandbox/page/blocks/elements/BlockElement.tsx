import { blockKit } from '../../sentences.ts';
import { BlockImage } from '../ImageBlock.tsx';
import { menuOf } from '../values.ts';
import { ButtonElement } from './ButtonElement.tsx';
import { ChoicesElement } from './ChoicesElement.tsx';
import { DateElement } from './DateElement.tsx';
import { FileInputElement } from './FileInputElement.tsx';
import { MenuElement } from './MenuElement.tsx';
import { OverflowElement } from './OverflowElement.tsx';
import type { ElementProps } from './props.ts';
import { TextElement } from './TextElement.tsx';

/** One element of Block Kit. */
export function BlockElement(props: ElementProps) {
  const { type } = props.element;
  if (menuOf(type)) return <MenuElement {...props} />;
  switch (type) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return <ButtonElement {...props} />;
    case 'image':
      return <BlockImage of={props.element} className="block-accessory-image" />;
    case 'overflow':
      return <OverflowElement {...props} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <ChoicesElement {...props} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return <TextElement {...props} />;
    case 'datepicker':
    case 'timepicker':
    case 'datetimepicker':
      return <DateElement {...props} />;
    case 'file_input':
      return <FileInputElement {...props} />;
    default:
      return <span class="block-failed">{blockKit.unsupportedElement(type)}</span>;
  }
}
