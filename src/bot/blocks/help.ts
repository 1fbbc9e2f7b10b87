import type { KnownBlock } from '@slack/types';
import type { CommandNames } from '../commands.ts';
import { HELP } from '../sentences/home.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { type Built, bold, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

/** Slack's limit for a button's value. */
const MAX_VALUE = 2_000;

interface HelpOptions {
  /** The link of a mention, for which there is a button. */
  readonly linkUrl?: string | null;
  /** Begins the help; a greeting unless given. */
  readonly opening?: string;
}

/** What Parley can do, and how to type it here. */
export const buildHelp = (
  names: CommandNames,
  { linkUrl = null, opening: begins = HELP.greeting }: HelpOptions = {},
): Built => {
  const opening = `${begins} ${HELP.opening}`;
  const lines = HELP.lines(names);
  const blocks: KnownBlock[] = [
    line(words(opening)),
    ...lines.map(([what, does]) => line(bold(what), words(` ${does}`))),
  ];
  if (linkUrl !== null && linkUrl.length <= MAX_VALUE) {
    const transcribe = button(ACTIONS.transcribeLink, HELP.transcribeLink, { value: linkUrl });
    blocks.push({ type: 'actions', elements: [transcribe] });
  }
  const text = [opening, ...lines.map(([what, does]) => `${what} ${does}`)].join('\n');
  return { text: escapeMrkdwn(text), blocks };
};
