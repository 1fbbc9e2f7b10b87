/** A time on the meeting's clock, as people read it: `4:07`, `1:02:09`. */
export const clockText = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};

/** `2 min 5 s`, for labels that are read aloud. */
export const spokenDuration = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const firstOf = (word: string): string =>
  segments.segment(word)[Symbol.iterator]().next().value?.segment ?? '';

/** One or two letters that stand for a name where there is no picture. */
export const initialsOf = (name: string): string => {
  const words = name.trim().split(/\s+/);
  const [first = '', last = ''] = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return (firstOf(first) + firstOf(last)).toUpperCase();
};

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** A text in pieces, those marked that match what is searched for, whatever the case. */
export const findIn = (text: string, sought: string): readonly Piece[] => {
  const needle = sought.trim().toLowerCase();
  const hay = text.toLowerCase();
  // In a few scripts a lower-case letter has another length; there the whole text is one piece.
  if (needle === '' || hay.length !== text.length)
    return [{ text, found: needle !== '' && hay.includes(needle) }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = hay.indexOf(needle); at !== -1; at = hay.indexOf(needle, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), found: false });
    pieces.push({ text: text.slice(at, at + needle.length), found: true });
    from = at + needle.length;
  }
  if (from < text.length || pieces.length === 0) pieces.push({ text: text.slice(from), found: false });
  return pieces;
};
