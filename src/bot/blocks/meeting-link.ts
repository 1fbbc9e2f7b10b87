import type { KnownBlock, ModalView } from '@slack/types';
import { ACTIONS } from './actions.ts';
import { type Built, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

const OPEN = 'Open the meeting';
const SENTENCE =
  'This link into the meeting is yours alone and works for a few minutes. Please do not pass it on: ' +
  'whoever else wants to come in clicks “Join” as well.';

const blocksOf = (url: string): KnownBlock[] => [
  line(words(SENTENCE)),
  {
    type: 'actions',
    elements: [
      {
        type: 'button',
        style: 'primary',
        action_id: ACTIONS.openAddress,
        text: { type: 'plain_text', text: OPEN },
        url,
      },
    ],
  },
];

/** A member's own way into a meeting. For nobody else's eyes: whoever opens the address comes in under their name. */
export const buildMeetingLink = (url: string): Built => ({
  // Screen readers read this instead of the blocks. A bar would end the address early.
  text: `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}|${OPEN}>. ${SENTENCE}`,
  blocks: blocksOf(url),
});

/** The same where there is no channel to say it in. */
export const buildMeetingLinkView = (url: string): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Join the meeting' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: blocksOf(url),
});
