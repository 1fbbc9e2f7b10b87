/** The letters on a phone's keys. @see ITU-T E.161 */
const KEYS = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];

const keyOf = (letter: string): string => String(KEYS.findIndex((letters) => letters.includes(letter)));

/** A number with fewer digits before its letters is a word: `2 b`. */
const MIN_DIGITS = 3;
const MAX_GROUPS = 6;
const MAX_GROUP_LENGTH = 30;

/** `1-800-FLOWERS`, with every letter as its key, in each way to divide the text; the longest first. */
export const parseSpelledNumber = (
  text: string,
): readonly { readonly number: string; readonly rest: string }[] => {
  const found: { readonly number: string; readonly rest: string }[] = [];
  let number = '';
  let isSpelled = false;
  for (const { 0: group, index } of [...text.matchAll(/\S+/g)].slice(0, MAX_GROUPS)) {
    const part = group.replace(/[,;:.!?]+$/, '');
    if (!isPart(part, number)) break;
    isSpelled ||= /[a-z]/i.test(part);
    number += part
      .toUpperCase()
      .replace(/[^+\dA-Z]/g, '')
      .replace(/[A-Z]/g, keyOf);
    if (isSpelled) found.unshift({ number, rest: text.slice(index + group.length) });
    if (part !== group) break;
  }
  return found;
};

/** Letters stand after digits and a dash in one group, or as capitals in groups of their own. */
const isPart = (part: string, before: string): boolean => {
  if (part.length > MAX_GROUP_LENGTH) return false;
  if (before === '' && !/^[+(]?\d/.test(part)) return false;
  if (/^[+(]{0,2}[\d()./-]+$/.test(part)) return true;
  const hasDigits = before.replace(/\D/g, '').length >= MIN_DIGITS;
  if (hasDigits && /^[A-Z]+(?:-[A-Z]+)*$/.test(part)) return true;
  return /^[+(]?(?:\d[\d()./]*[-.]?){0,3}\d{3}\)?[-.]?[a-z]+(?:-[a-z]+)*$/i.test(part);
};
