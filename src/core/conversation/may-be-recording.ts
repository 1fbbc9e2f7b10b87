/** Endings under which recordings are commonly posted. What is inside is judged later, by content. */
// Without `ts`: it is far more often TypeScript than a transport stream, and the declared type tells them apart.
const EXTENSIONS = new Set(
  (
    'aac ac3 adts aif aifc aiff amr ape au awb bwf caf ds2 dss eac3 flac gsm m4a m4b m4r mka mp1 mp2 mp3 mpga oga ogg ' +
    'opus ra rf64 snd spx tta voc w64 wav wave weba wma wv ' +
    '3ga 3g2 3gp asf avi f4v flv m2ts m2v m4v mkv mov mp4 mpeg mpg mpv mts mxf ogv qt vob webm wmv'
  ).split(' '),
);

interface NamedFile {
  readonly name: string;
  /** As the chat service declares it; null when it says nothing. */
  readonly mimeType: string | null;
}

/**
 * Whether a posted file is worth answering in its thread at all. Generous with names and declared types, since
 * a wrong guess ends in a clear sentence; silent about everything else, since people post many files.
 */
export const mayBeRecording = (file: NamedFile): boolean => {
  if (/^(audio|video)\//.test(file.mimeType ?? '')) return true;
  const extension = /\.([a-z0-9]+)\s*$/i.exec(file.name)?.[1]?.toLowerCase();
  return extension !== undefined && EXTENSIONS.has(extension);
};

/** Whether nothing says what a file is, so that only its content can: `New Recording 5`, as phones name them. */
const isOfUnknownKind = ({ mimeType }: NamedFile): boolean =>
  mimeType === null || mimeType === '' || mimeType === 'application/octet-stream';

/**
 * How Parley came by some files: `posted` where Parley is, `addressed` to Parley itself (a direct message, a mention), or
 * `chosen` by a person who asked for a transcript of this very message.
 */
export type Approach = 'posted' | 'addressed' | 'chosen';

/**
 * The files that are tried as recordings. Posted in passing: those whose name or declared type says so. Addressed: the
 * same, or where there is none, those of which nothing is known. Chosen: all.
 */
export const recordingsAmong = <F extends NamedFile>(
  files: readonly F[],
  approach: Approach,
): readonly F[] => {
  if (approach === 'chosen') return files;
  const likely = files.filter(mayBeRecording);
  return approach === 'posted' || likely.length > 0 ? likely : files.filter(isOfUnknownKind);
};
