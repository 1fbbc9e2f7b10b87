import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXPORT_FORMATS } from '../../../src/core/conversation/types.ts';
import { exportTranscript, safeFileName } from '../../../src/core/exports/index.ts';
import { exportInput, transcriptionOf } from '../make.ts';

test.each([
  ['Weekly review.mp3', 'Weekly review.txt'],
  ['Weekly review', 'Weekly review.txt'],
  ['Release 1.2', 'Release 1.2.txt'],
  ['../../etc/passwd.wav', 'etc-passwd.txt'],
  ['C:\\Users\\ann\\call.m4a', 'C -Users-ann-call.txt'],
  ['Q3/Q4', 'Q3-Q4.txt'],
  ['.hidden', 'hidden.txt'],
  ['a\nb\u0000c\td', 'a b c d.txt'],
  ['invoice\u202egpj.wav', 'invoicegpj.txt'],
  ['what? "yes": <no>|*', 'what yes no.txt'],
  ['con', '_con.txt'],
  ['LPT1.old', '_LPT1.old.txt'],
  ['', 'transcript.txt'],
  [' .. ', 'transcript.txt'],
  ['///', 'transcript.txt'],
  ['\ud800', '\ufffd.txt'],
  ['ישיבה שבועית.ogg', 'ישיבה שבועית.txt'],
  ['👩‍🚀 می‌خواهم.webm', '👩‍🚀 می‌خواهم.txt'],
])('%j becomes %j', (title, name) => {
  expect(safeFileName(title, 'txt')).toBe(name);
});

test('long names are cut to 160 bytes between whole characters', () => {
  expect(safeFileName('x'.repeat(500), 'srt')).toBe(`${'x'.repeat(160)}.srt`);
  // 18 bytes each.
  expect(safeFileName('👩‍👧‍👦'.repeat(50), 'srt')).toBe(`${'👩‍👧‍👦'.repeat(8)}.srt`);
});

test('any title makes a name that is no path, not hidden and short enough', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (title) => {
      const name = safeFileName(title, 'csv');
      expect(name).toMatch(/^[^.\s].*\.csv$/u);
      expect(name).not.toMatch(/[/\\<>:"|?*\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(170);
    }),
  );
});

test('every format has its own extension and type', () => {
  const files = EXPORT_FORMATS.map((format) => exportTranscript(format, exportInput(transcriptionOf(1_000))));
  expect(files.map(({ fileName, mimeType }) => [fileName, mimeType])).toEqual([
    ['Weekly review.txt', 'text/plain'],
    ['Weekly review.vtt', 'text/vtt'],
    ['Weekly review.srt', 'application/x-subrip'],
    ['Weekly review.json', 'application/json'],
    ['Weekly review.csv', 'text/csv'],
  ]);
});
