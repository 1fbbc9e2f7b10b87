import type { KnownBlock } from '@slack/types';
import { ACTIONS } from './actions.ts';
import { type Built, bold, line, words } from './rich.ts';
import { escapeMrkdwn } from './text.ts';

/** Slack's limit for a button's value. */
const MAX_VALUE = 2_000;

const OPENING = 'Post an audio or video file here, and its thread gets who said what and who spoke how much.';
const COMMAND_LINES: readonly (readonly [string, string])[] = [
  ['/transcribe link', 'does the same for a recording behind a public link.'],
  ['Transcribe', 'in the menu of any message takes the file or link in it.'],
  ['/meet title', 'opens a meeting with live captions, and its thread gets the same when it ends.'],
  ['/call number', 'or /call @teammate rings a telephone, captions both sides, and brings the transcript.'],
  ['Name speakers', 'under a result turns “Speaker 1” into a person, and merges voices.'],
];

/** What Parley can do, for somebody who asked. With a link, the button that transcribes it. */
export const buildHelp = (linkUrl: string | null = null): Built => {
  const blocks: KnownBlock[] = [
    line(words(`Hello! ${OPENING}`)),
    ...COMMAND_LINES.map(([what, does]) => line(bold(what), words(` ${does}`))),
  ];
  if (linkUrl !== null && linkUrl.length <= MAX_VALUE) {
    blocks.push({
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: ACTIONS.transcribeLink,
          text: { type: 'plain_text', text: 'Transcribe this link' },
          value: linkUrl,
        },
      ],
    });
  }
  const text = [`Hello! ${OPENING}`, ...COMMAND_LINES.map(([what, does]) => `${what} ${does}`)].join('\n');
  return { text: escapeMrkdwn(text), blocks };
};
