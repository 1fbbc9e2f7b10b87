import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportTranscript } from '../../../src/core/exports/index.ts';
import { exportInput, transcriptionOf, word } from '../make.ts';
import { parseCsv } from './parsers.ts';

const write = (...given: Parameters<typeof exportInput>): string =>
  exportTranscript('csv', exportInput(...given)).text;
/** The row of a speaker called `name` who says `text`. */
const row = (text: string, name = 'Ann') =>
  parseCsv(write(transcriptionOf(9_000, word('0:0', 1_000, 2_345, text)), { '0:0': { name } }))[1];

test('a table has a byte order mark, a header and one row an utterance, with CRLF', () => {
  const from = transcriptionOf(
    9_000,
    word('0:0', 1_000, 2_345, 'Hi, all.'),
    word('0:1', 2_000, 2_500, 'Hi.'),
  );
  expect(write(from)).toBe(
    '\ufeffStart,End,Speaker,Text\r\n' +
      '00:00:01.000,00:00:02.345,Speaker 1,"Hi, all."\r\n' +
      '00:00:02.000,00:00:02.500,Speaker 2,Hi.\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y"),z', '＝1', '－1', '＋1', '＠x'])(
  'a cell %j is no formula',
  (formula) => {
    expect(row(formula)?.[3]).toBe(`'${formula}`);
    expect(row('Hi.', formula)?.[2]).toBe(`'${formula}`);
  },
);

test('a tab or line break at the beginning is gone', () => {
  expect(row('\t=1\r\n2')?.[3]).toBe("'=1 2");
});

test('names and text come back as they were said', () => {
  expect(row('He said "no", twice; <!channel> מה?', '"👩‍🚀", Zoë')).toEqual([
    '00:00:01.000',
    '00:00:02.345',
    '"👩‍🚀", Zoë',
    'He said "no", twice; <!channel> מה?',
  ]);
});

test('any text makes one row of four cells, none of which a spreadsheet would run', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string(), (text, name) => {
      fc.pre(/\S/u.test(text));
      const cells = row(`x${text}`, name)!;
      expect(cells).toHaveLength(4);
      for (const cell of [...cells, row(text, name)?.[3] ?? '']) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});
