import { toSingleLine } from '../single-line.ts';
import { cueTime, toCues } from './cues.ts';
import type { ExportInput } from './types.ts';

/**
 * WebVTT with the speaker as each cue's voice.
 * @see https://www.w3.org/TR/webvtt1/#syntax
 */
export const toVtt = ({ transcript }: ExportInput): string =>
  `${[
    'WEBVTT',
    ...toCues(transcript).map(({ party, startMs, endMs, lines }) => {
      const name = escaped(toSingleLine(transcript.parties[party]!.name));
      const text = lines.map(escaped).join('\n');
      return `${cueTime(startMs, '.')} --> ${cueTime(endMs, '.')}\n<v ${name}>${text}</v>`;
    }),
  ].join('\n\n')}\n`;

/** Also covers `-->`, which must not occur in a cue. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
