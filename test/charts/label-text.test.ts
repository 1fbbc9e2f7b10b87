import { describe, expect, test } from 'vitest';
import { fitText, textWidthEm } from '../../src/charts/label-text.ts';

describe('fitText', () => {
  test.each([
    ['a short name stays as it is', 'Ann', 10, 'Ann'],
    ['a long name ends with an ellipsis', 'Bartholomew', 5, 'Barthol…'],
    ['no space stands before the ellipsis', 'Anna Bartholomew', 4.2, 'Anna…'],
    ['Han characters count double', '東京都知事山田太郎', 5, '東京都…'],
    ['an emoji sequence is not cut inside', '👩‍💻👩‍💻👩‍💻👩‍💻', 4, '👩‍💻👩‍💻…'],
    ['line breaks and tabs become spaces', ' Ann\n\tLee ', 10, 'Ann Lee'],
    ['marks that would turn the text around are dropped', 'Ann\u202e eeL', 10, 'Ann eeL'],
    ['nothing stays nothing', ' \n', 10, ''],
  ])('%s', (_, text, em, expected) => {
    expect(fitText(text, em)).toBe(expected);
  });

  test('right-to-left names are isolated, so that the ellipsis stands at their end', () => {
    expect(fitText('שרה', 10)).toBe('\u2068שרה\u2069');
    expect(fitText('محمد بن عبد الرحمن', 5)).toMatch(/^\u2068محمد.*…\u2069$/u);
  });

  test.each(['W'.repeat(40), 'i'.repeat(90), '한'.repeat(40), '🦊'.repeat(40), 'Ж'.repeat(40)])(
    'the result for %s is never wider than the limit',
    (text) => {
      const fitted = fitText(text, 11);
      expect(textWidthEm(fitted)).toBeLessThanOrEqual(11);
      expect(textWidthEm(fitted)).toBeGreaterThan(8);
    },
  );
});
