import type { ExportFormat } from '../conversation/types.ts';
import { toCsv } from './csv.ts';
import { toJson } from './json.ts';
import { safeFileName } from './safe-file-name.ts';
import { toSrt } from './srt.ts';
import { toTxt } from './txt.ts';
import type { ExportedFile, ExportInput } from './types.ts';
import { toVtt } from './vtt.ts';

export { safeFileName } from './safe-file-name.ts';
export type { ExportedFile, ExportInput } from './types.ts';

const FORMATS: Readonly<
  Record<ExportFormat, { readonly mimeType: string; readonly write: (input: ExportInput) => string }>
> = {
  txt: { mimeType: 'text/plain', write: toTxt },
  vtt: { mimeType: 'text/vtt', write: toVtt },
  srt: { mimeType: 'application/x-subrip', write: toSrt },
  json: { mimeType: 'application/json', write: toJson },
  csv: { mimeType: 'text/csv', write: toCsv },
};

/** The transcript as a file for other programs and for people. `text` is to be saved as UTF-8, as it is. */
export const exportTranscript = (format: ExportFormat, input: ExportInput): ExportedFile => {
  const { mimeType, write } = FORMATS[format];
  return { fileName: safeFileName(input.title, format), mimeType, text: write(input) };
};
