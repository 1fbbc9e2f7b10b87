import type { ActionsBlock, KnownBlock, ModalView } from '@slack/types';
import { ACTIONS } from './actions.ts';
import { type Built, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

const OPEN = 'Open in the browser';
export const YOURS_ALONE =
  'This link is yours alone: it works for a few minutes, in the browser that opens it first. ' +
  'Whoever else wants to come in clicks “Join” as well, and so do you on another device.';

const blocksOf = (url: string): KnownBlock[] => [line(words(YOURS_ALONE)), linkButton(url)];

/** The button that leads into the room of a meeting or a call. */
export const linkButton = (url: string): ActionsBlock => ({
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
});

/** The same for screen readers, which read a message's text instead of its blocks. */
export const linkText = (url: string): string =>
  // A bar would end the address early.
  `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}|${OPEN}>`;

/** A member's own way into a meeting or a call. For nobody else's eyes: whoever opens the address first comes in under their name. */
export const buildMeetingLink = (url: string): Built => ({
  text: `${linkText(url)}. ${YOURS_ALONE}`,
  blocks: blocksOf(url),
});

/** The same where there is no channel to say it in. */
export const buildMeetingLinkView = (url: string): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: 'Join' },
  close: { type: 'plain_text', text: 'Close' },
  blocks: blocksOf(url),
});
