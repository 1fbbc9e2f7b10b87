import { toSingleLine } from '../single-line.ts';
import { cueTime } from './cues.ts';
import type { ExportInput } from './types.ts';

/**
 * One row an utterance: start and end ("00:01:02.345"), speaker, text. Begins with a byte order mark, without
 * which spreadsheets misread UTF-8.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export const toCsv = ({ transcript }: ExportInput): string => {
  const rows = transcript.utterances.map(({ party, startMs, endMs, text }) => [
    cueTime(startMs, '.'),
    cueTime(endMs, '.'),
    toSingleLine(transcript.parties[party]!.name),
    text,
  ]);
  const lines = [['Start', 'End', 'Speaker', 'Text'], ...rows].map((row) => row.map(cell).join(','));
  return `\ufeff${lines.join('\r\n')}\r\n`;
};

/** A leading apostrophe keeps spreadsheets from running a formula; full-width signs count as well. */
const cell = (value: string): string => {
  const inert = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
};
