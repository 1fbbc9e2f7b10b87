/**
 * The word error rate of `hypothesis` against `reference`: substitutions, insertions and deletions over the
 * number of words in the reference. Case, punctuation and the way numbers are written do not count.
 * 0 is perfect; it can exceed 1. An empty reference gives 0 for nothing transcribed and 1 otherwise.
 */
export const wordErrorRate = (reference: string, hypothesis: string): number => {
  const expected = normalisedWords(reference);
  const transcribed = normalisedWords(hypothesis);
  if (expected.length === 0) return transcribed.length === 0 ? 0 : 1;
  return editDistance(expected, transcribed) / expected.length;
};

/** Lower case, without punctuation, digits as words: "It's 42%." becomes its, forty, two, percent. */
export const normalisedWords = (text: string): string[] =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/(\d),(?=\d{3})/g, '$1')
    .replace(/(\d):(?=\d)/g, '$1 ')
    .replace(/(\d)\.(?=\d)/g, '$1 point ')
    .replace(/%/g, ' percent')
    .replace(/\$\s*(\d+)/g, '$1 dollars')
    .replace(/&/g, ' and ')
    .replace(/(\d+)(st|nd|rd|th)\b/g, (_, digits: string) => ` ${ordinal(Number(digits))} `)
    .replace(/\d+/g, (digits) => ` ${spelled(Number(digits))} `)
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '');

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = ' ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ordinals: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
};

const spelled = (value: number): string => {
  if (value < 20) return units[value] as string;
  if (value < 100)
    return [tens[Math.floor(value / 10)], value % 10 ? units[value % 10] : ''].join(' ').trim();
  // Years are read in pairs: 1984, 2026.
  if (value >= 1100 && value < 10_000 && value % 1000 >= 10 && value % 100 !== 0)
    return `${spelled(Math.floor(value / 100))} ${spelled(value % 100)}`;
  for (const [size, name] of [
    [1_000_000, 'million'],
    [1000, 'thousand'],
    [100, 'hundred'],
  ] as const)
    if (value >= size) {
      const rest = value % size;
      return `${spelled(Math.floor(value / size))} ${name}${rest ? ` ${spelled(rest)}` : ''}`;
    }
  return String(value);
};

const ordinal = (value: number): string => {
  const words = spelled(value).split(' ');
  const last = words.pop() as string;
  return [...words, ordinals[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`)].join(
    ' ',
  );
};

const editDistance = (a: readonly string[], b: readonly string[]): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, word] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries())
      next.push(Math.min(row[j]! + (word === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    row = next;
  }
  return row[b.length] as number;
};
