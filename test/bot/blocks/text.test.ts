import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutEscaped, escapeMrkdwn, MAX_TEXT } from '../../../src/bot/blocks/text.ts';

/** Letters of many scripts, what has to be escaped, and characters of two units. */
const written = fc.string({
  unit: fc.constantFrom('a', ' ', '&', '<', '>', 'ü', 'ж', '語', 'ア', '한', 'ع', 'ह', '😀', '𠮷'),
  minLength: 0,
  maxLength: 6_000,
});

test('a text of any script is within Slack’s limit once it is escaped, and has no half of anything', () => {
  fc.assert(
    fc.property(written, (text) => {
      const cut = cutEscaped(escapeMrkdwn(text), MAX_TEXT);
      expect(cut.length).toBeLessThanOrEqual(4_000);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      if (escapeMrkdwn(text).length <= 4_000) expect(cut).toBe(escapeMrkdwn(text));
    }),
    { numRuns: 200 },
  );
});

test('a mention is cut as a whole', () => {
  expect(cutEscaped('In <#C0123456789>: words', 12)).toBe('In…');
});
