/** A time on the meeting's clock: `4:07`, `1:02:09`. */
export const formatClock = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${twoDigits(m)}:${twoDigits(s)}` : `${m}:${twoDigits(s)}`;
};

/** `2 min 5 s`, for labels that are read aloud. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstGrapheme = (word: string): string =>
  segmenter.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

/** One or two letters for an avatar. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return (firstGrapheme(first) + firstGrapheme(last)).toUpperCase();
};

export interface TextPiece {
  readonly text: string;
  readonly isMatch: boolean;
}

/** Splits a text into what matches a search, whatever the case, and the rest. */
export const splitByMatch = (text: string, query: string): readonly TextPiece[] => {
  const needle = query.trim().toLowerCase();
  const haystack = text.toLowerCase();
  // In a few scripts a lower-case letter has another length; there the whole text is one piece.
  if (needle === '' || haystack.length !== text.length)
    return [{ text, isMatch: needle !== '' && haystack.includes(needle) }];
  const pieces: TextPiece[] = [];
  let end = 0;
  for (let start = haystack.indexOf(needle); start !== -1; start = haystack.indexOf(needle, end)) {
    if (start > end) pieces.push({ text: text.slice(end, start), isMatch: false });
    end = start + needle.length;
    pieces.push({ text: text.slice(start, end), isMatch: true });
  }
  if (end < text.length || pieces.length === 0) pieces.push({ text: text.slice(end), isMatch: false });
  return pieces;
};
