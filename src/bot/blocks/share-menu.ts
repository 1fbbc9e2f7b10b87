import type { StaticSelect } from '@slack/types';
import { EXPORT_FORMATS, type ExportFormat } from '../../core/conversation/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import { SHARE } from '../sentences/results.ts';
import { ACTIONS } from './actions.ts';

/** Who gets the file: the one person, or everyone in the thread. */
const WAYS = ['send', 'post'] as const;

/** What was chosen in the menu. */
export interface Share {
  readonly way: (typeof WAYS)[number];
  readonly format: ExportFormat;
  readonly conversationId: ConversationId;
}

/** One menu for every format and both ways. */
export const shareMenu = (conversationId: ConversationId): StaticSelect => ({
  type: 'static_select',
  action_id: ACTIONS.shareTranscript,
  placeholder: { type: 'plain_text', text: SHARE.menu },
  option_groups: WAYS.map((way) => ({
    label: { type: 'plain_text', text: SHARE[way] },
    options: EXPORT_FORMATS.map((format) => ({
      text: { type: 'plain_text', text: SHARE.format(format) },
      value: `${way}:${format}:${conversationId}`,
    })),
  })),
});

/** Null for a value that no menu of ours has. */
export const parseShare = (value: string): Share | null => {
  const [way, format, ...id] = value.split(':');
  const share = {
    way: WAYS.find((one) => one === way),
    format: EXPORT_FORMATS.find((one) => one === format),
    conversationId: id.join(':') as ConversationId,
  };
  return share.way === undefined || share.format === undefined ? null : (share as Share);
};
