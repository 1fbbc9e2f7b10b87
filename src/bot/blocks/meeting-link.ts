import type { ActionsBlock, KnownBlock, ModalView } from '@slack/types';
import { BUTTONS } from '../sentences/common.ts';
import { JOIN_LINK } from '../sentences/meetings.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { type Built, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

const blocksOf = (url: string): KnownBlock[] => [line(words(JOIN_LINK.note)), linkButton(url)];

/** The button that opens the page of a meeting or a call. */
export const linkButton = (url: string): ActionsBlock => ({
  type: 'actions',
  elements: [button(ACTIONS.openAddress, JOIN_LINK.button, { style: 'primary', url })],
});

/** The same for screen readers, which read a message's text instead of its blocks. */
export const linkText = (url: string): string =>
  // A bar would end the address early.
  `<${escapeMrkdwn(url.replaceAll('|', '%7C'))}|${JOIN_LINK.button}>`;

/** A member's own link into a meeting or a call. For no one else: the first to open it joins under their name. */
export const buildMeetingLink = (url: string): Built => ({
  text: `${linkText(url)}. ${JOIN_LINK.note}`,
  blocks: blocksOf(url),
});

/** The same as a dialog, where there is no channel to post in. */
export const buildMeetingLinkView = (url: string): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: JOIN_LINK.title },
  close: { type: 'plain_text', text: BUTTONS.close },
  blocks: blocksOf(url),
});
