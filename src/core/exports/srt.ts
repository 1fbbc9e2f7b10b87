import { toSingleLine } from '../single-line.ts';
import { cueTime, toCues } from './cues.ts';
import type { ExportInput } from './types.ts';

/** SubRip, which knows no speakers: each cue's first line begins with the name. */
export const toSrt = ({ transcript }: ExportInput): string =>
  toCues(transcript)
    .map(({ party, startMs, endMs, lines }, i) => {
      const text = `${toSingleLine(transcript.parties[party]!.name)}: ${lines.join('\n')}`;
      return `${i + 1}\n${cueTime(startMs, ',')} --> ${cueTime(endMs, ',')}\n${plain(text)}\n`;
    })
    .join('\n');

/** The format has no way to escape, and `-->` would read as times. */
const plain = (text: string): string => text.replaceAll('-->', '→');
