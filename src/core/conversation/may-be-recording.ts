/** Endings under which recordings are commonly posted. What is inside is judged later, by content. */
// Without `ts`: it is far more often TypeScript than a transport stream, and the declared type tells them apart.
const EXTENSIONS = new Set(
  (
    'aac ac3 aif aiff amr au caf flac gsm m4a m4b mka mp2 mp3 oga ogg opus ra wav wma weba ' +
    '3g2 3gp asf avi flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv vob webm wmv'
  ).split(' '),
);

/**
 * Whether a posted file is worth answering in its thread at all. Generous with names and declared types, since
 * a wrong guess ends in a clear sentence; silent about everything else, since people post many files.
 */
export const mayBeRecording = (file: {
  readonly name: string;
  readonly mimeType: string | null;
}): boolean => {
  if (/^(audio|video)\//.test(file.mimeType ?? '')) return true;
  const extension = /\.([a-z0-9]+)$/i.exec(file.name)?.[1]?.toLowerCase();
  return extension !== undefined && EXTENSIONS.has(extension);
};
