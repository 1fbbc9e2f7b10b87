import type { KnownBlock } from '@slack/types';
import { HELP } from '../sentences/home.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { type Built, bold, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

/** Slack's limit for a button's value. */
const MAX_VALUE = 2_000;

/** What Parley can do, in answer to a mention. With a link, the button that transcribes it. */
export const buildHelp = (linkUrl: string | null = null): Built => {
  const opening = `${HELP.greeting} ${HELP.opening}`;
  const blocks: KnownBlock[] = [
    line(words(opening)),
    ...HELP.lines.map(([what, does]) => line(bold(what), words(` ${does}`))),
  ];
  if (linkUrl !== null && linkUrl.length <= MAX_VALUE) {
    const transcribe = button(ACTIONS.transcribeLink, HELP.transcribeLink, { value: linkUrl });
    blocks.push({ type: 'actions', elements: [transcribe] });
  }
  const text = [opening, ...HELP.lines.map(([what, does]) => `${what} ${does}`)].join('\n');
  return { text: escapeMrkdwn(text), blocks };
};
