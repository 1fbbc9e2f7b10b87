import { CALL_HELP } from '../sentences/calls.ts';
import { type Built, code, line, words } from './rich.ts';
import { clean, escapeMrkdwn } from './text.ts';

/** How to call, with examples under the name by which the command was typed. */
export const buildCallHelp = (command: string): Built => {
  const name = clean(command, 40);
  const lines = CALL_HELP.lines.map(([typed, does]) => [`${name} ${typed}`, does] as const);
  return {
    text: escapeMrkdwn([CALL_HELP.opening, ...lines.map((both) => both.join(' '))].join('\n')),
    blocks: [
      line(words(CALL_HELP.opening)),
      ...lines.map(([typed, does]) => line(code(typed), words(` ${does}`))),
    ],
  };
};
