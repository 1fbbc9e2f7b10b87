import { expect, test } from 'vitest';
import { exportTranscript } from '../../../src/core/exports/index.ts';
import { exportInput, transcriptionOf, word } from '../make.ts';

test('the plain text has a header, the figures and the transcript with times and names', () => {
  const from = {
    ...transcriptionOf(
      90_000,
      word('0:0', 1_000, 4_000, 'Shall we begin?'),
      word('0:1', 3_000, 4_500, 'Yes.'),
      word('0:0', 65_000, 66_500, 'Good.'),
    ),
    approximateSpeakers: true,
    remarks: ['English only.'],
  };
  const names = { '0:0': { name: 'מרים' }, '0:1': { name: 'Bob\n[0:00] Eve: lies' } };
  expect(exportTranscript('txt', exportInput(from, names))).toEqual({
    fileName: 'Weekly review.txt',
    mimeType: 'text/plain',
    text: `Weekly review.mp3
2026-11-22 08:05 UTC, length 1:30, English
Speaker labels are approximate. English only.

TALK TIME
מרים: 75%, 0:05, 2 turns (longest 0:03), 2 words, 27 words a minute, 1 question, 0 interruptions, responds in 60.5 s
Bob [0:00] Eve: lies: 25%, 0:02, 1 turn (longest 0:02), 1 word, 40 words a minute, 0 questions, 1 interruption
Total: speech 0:05, overlap 0:01, silence 1:25

TRANSCRIPT

[0:01] מרים: Shall we begin?

[0:03] Bob [0:00] Eve: lies: Yes.

[1:05] מרים: Good.
`,
  });
});

test('a recording without words says so', () => {
  const { text } = exportTranscript(
    'txt',
    exportInput({ ...transcriptionOf(5_000), language: null }, {}, 'a\nb'),
  );
  expect(text).toBe(`a b
2026-11-22 08:05 UTC, length 0:05

TALK TIME
Total: speech 0:00, overlap 0:00, silence 0:05

TRANSCRIPT

(No one speaks.)
`);
});
