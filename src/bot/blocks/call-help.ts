import { type Built, code, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

const OPENING =
  'Parley rings a telephone, shows live captions in the thread, and brings the transcript when the call ends. ' +
  'You see what it understood, and confirm, before anything rings.';

const COMMAND_LINES: readonly (readonly [typed: string, does: string])[] = [
  ['+44 20 7946 0000 about the invoice', 'rings a number, and the call is about the invoice.'],
  ['@teammate', 'rings the number in a colleague’s Slack profile, or the one that they saved.'],
  ['my number +44 20 7946 0000', 'saves your own number, so that you can talk from your phone.'],
  ['my number', 'shows it, and “my number forget” forgets it.'],
  [
    'settings',
    'is for admins: who may call, what people on the phone hear first, what becomes of recordings.',
  ],
];

/** How to call, with examples, under the name by which the command was typed. */
export const buildCallHelp = (command: string): Built => {
  const name = clean(command, 40);
  return {
    text: escapeMrkdwn(
      [OPENING, ...COMMAND_LINES.map(([typed, does]) => `${name} ${typed} ${does}`)].join('\n'),
    ),
    blocks: [
      line(words(OPENING)),
      ...COMMAND_LINES.map(([typed, does]) => line(code(`${name} ${typed}`), words(` ${does}`))),
    ],
  };
};
