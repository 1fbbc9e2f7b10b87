import { mayBeRecording } from '../conversation/may-be-recording.ts';
import { firstCharacters, toSingleLine } from '../single-line.ts';

/** File systems allow 255 bytes; this leaves room for suffixes like " (2)". */
const MAX_NAME_BYTES = 160;
/** Windows reserves these for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * A file name for every system from a conversation's title: `("../Q3 review.mp3", "txt")` is
 * "Q3 review.txt". Never empty, hidden, a path or a device; whole characters only.
 */
export const safeFileName = (title: string, extension: string): string => {
  const bare = mayBeRecording({ name: title.trim(), mimeType: null })
    ? title.trim().replace(/\.[a-z0-9]+$/i, '')
    : title;
  const name = toSingleLine(bare)
    .split(/[\\/]/)
    .filter((part) => !/^[.\s]*$/.test(part))
    .join('-')
    .replace(/[<>:"|?*\u200b\u200e\u200f\u061c\ufeff]/gu, ' ')
    .replace(/\s+/g, ' ');
  const short = firstCharacters(name, MAX_NAME_BYTES, bytesOf).replace(/^[.\s]+|[.\s]+$/g, '');
  return `${short === '' ? 'transcript' : DEVICE.test(short.split('.')[0]!) ? `_${short}` : short}.${extension}`;
};

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
