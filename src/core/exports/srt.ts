import { firstCharacters, toSingleLine } from '../single-line.ts';
import { columnsOf, cueTime, LINE_COLUMNS, toCues } from './cues.ts';
import type { ExportInput } from './types.ts';

/** SubRip, which knows no speakers: each cue's first line begins with the name, within the line's columns. */
export const toSrt = ({ transcript }: ExportInput): string =>
  toCues(transcript, (party) => `${shortName(transcript.parties[party]!.name)}:`)
    .map(
      ({ startMs, endMs, lines }, i) =>
        `${i + 1}\n${cueTime(startMs, ',')} --> ${cueTime(endMs, ',')}\n${plain(lines.join('\n'))}\n`,
    )
    .join('\n');

/** Half of a line, so that at least as much is left for what is said. */
const MAX_NAME_COLUMNS = LINE_COLUMNS / 2;

const shortName = (name: string): string => {
  const line = toSingleLine(name);
  if (columnsOf(line) <= MAX_NAME_COLUMNS) return line;
  return `${firstCharacters(line, MAX_NAME_COLUMNS - 1, columnsOf).trimEnd()}…`;
};

/** The format has no way to escape: players take `<…>` and `{…}` for styles and hide them, and `-->` for times. */
const plain = (text: string): string =>
  text
    .replaceAll('-->', '→')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('{', '(')
    .replaceAll('}', ')');
