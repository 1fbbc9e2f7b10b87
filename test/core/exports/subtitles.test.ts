import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exportTranscript } from '../../../src/core/exports/index.ts';
import { anyTranscription, exportInput, speech, transcriptionOf, word } from '../make.ts';
import { parseSrt, parseVtt } from './parsers.ts';

const write = (format: 'vtt' | 'srt', ...given: Parameters<typeof exportInput>): string =>
  exportTranscript(format, exportInput(...given)).text;
const cuesOf = (...given: Parameters<typeof exportInput>) => parseVtt(write('vtt', ...given));

const TWO = transcriptionOf(
  4_000_000,
  ...speech('0:0', 1_000, 500, 'Good morning, everybody!'),
  ...speech('0:1', 2_000, 500, 'Morning.'),
  word('0:0', 3_723_004, 3_724_000, 'Bye.'),
);
const NAMES = { '0:0': { name: 'Ann' }, '0:1': { name: 'Bob' } };

test('WebVTT has a cue with a voice for each utterance, overlapping ones by start', () => {
  expect(write('vtt', TWO, NAMES)).toBe(`WEBVTT

00:00:01.000 --> 00:00:02.500
<v Ann>Good morning, everybody!</v>

00:00:02.000 --> 00:00:02.500
<v Bob>Morning.</v>

01:02:03.004 --> 01:02:04.000
<v Ann>Bye.</v>
`);
});

test('SubRip has numbered cues with the name before the text', () => {
  expect(write('srt', TWO, NAMES)).toBe(`1
00:00:01,000 --> 00:00:02,500
Ann: Good morning, everybody!

2
00:00:02,000 --> 00:00:02,500
Bob: Morning.

3
01:02:03,004 --> 01:02:04,000
Ann: Bye.
`);
});

test('a recording without words is a valid file without cues', () => {
  expect(parseVtt(write('vtt', transcriptionOf(1_000)))).toEqual([]);
  expect(parseSrt(write('srt', transcriptionOf(1_000)))).toEqual([]);
});

test('what would be markup or times is text again when read', () => {
  const text = 'a <!channel> & <b>b</b> --> &amp; 00:01 <v Eve>x';
  const names = { '0:0': { name: 'A<n>n\n& --> \u202eCo' } };
  const from = transcriptionOf(9_000, ...speech('0:0', 0, 100, text));
  const [cue, ...rest] = parseVtt(write('vtt', from, names));
  expect(rest).toEqual([]);
  expect(cue).toMatchObject({ voice: 'A<n>n & --> Co' });
  expect(cue?.lines.join(' ')).toBe(text);
  const [line] = parseSrt(write('srt', from, names));
  const shown = text.replace('-->', '→').replaceAll('<', '‹').replaceAll('>', '›');
  expect(`${line?.voice}: ${line?.lines.join(' ')}`).toBe(`A‹n›n & → Co: ${shown}`);
});

test('SubRip shows what players would take for a style and hide', () => {
  const from = transcriptionOf(9_000, ...speech('0:0', 0, 100, '<laughter> {\\an8} so'));
  expect(write('srt', from, { '0:0': { name: 'Ann' } })).toContain('Ann: ‹laughter› (\\an8) so');
});

test('SubRip’s lines have 42 columns at most with the name, which is shortened to half of that', () => {
  const text = Array.from({ length: 40 }, (_, i) => `word${i + 10}`).join(' ');
  const from = transcriptionOf(20_000, ...speech('0:0', 0, 100, text));
  const name = 'Maximiliane Freifrau von und zu Hohenstein-Wittgenstein';
  const lines = write('srt', from, { '0:0': { name } }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(42);
  expect(lines[2]).toMatch(/^Maximiliane Freifrau…: word10/);
  const cues = parseSrt(write('srt', from, { '0:0': { name } }));
  expect(cues.flatMap((cue) => cue.lines).join(' ')).toBe(text);
});

test('names in right-to-left scripts and of emoji survive', () => {
  const names = { '0:0': { name: 'מרים כהן' }, '0:1': { name: '👩‍🚀' } };
  expect(cuesOf(TWO, names).map(({ voice }) => voice)).toEqual(['מרים כהן', '👩‍🚀', 'מרים כהן']);
  expect(parseSrt(write('srt', TWO, names)).map(({ voice }) => voice)).toEqual([
    'מרים כהן',
    '👩‍🚀',
    'מרים כהן',
  ]);
});

describe('cues', () => {
  test('are cut before a word that would end more than 7 s after the start, at the words’ own times', () => {
    const cues = cuesOf(transcriptionOf(20_000, ...speech('0:0', 0, 2_000, 'a b c d e')));
    expect(cues.map(({ startMs, endMs, lines }) => [startMs, endMs, ...lines])).toEqual([
      [0, 6_000, 'a b c'],
      [6_000, 10_000, 'd e'],
    ]);
  });

  test('have two lines of 42 characters at most', () => {
    const text = Array.from({ length: 30 }, (_, i) => `word${i + 10}`).join(' ');
    const cues = cuesOf(transcriptionOf(9_000, ...speech('0:0', 0, 100, text)));
    // Six words of six letters and five blanks are 41 characters.
    expect(cues.map(({ lines }) => lines.map((line) => line.split(' ').length))).toEqual([
      [6, 6],
      [6, 6],
      [6],
    ]);
    expect(cues.flatMap(({ lines }) => lines).join(' ')).toBe(text);
    expect(cues[1]?.startMs).toBe(1_200);
  });

  test('of Chinese have 21 characters a line, which are twice as wide', () => {
    const cues = cuesOf(transcriptionOf(9_000, ...speech('0:0', 0, 100, '好 '.repeat(50).trim())));
    expect(cues.map(({ lines }) => lines.map((line) => line.length))).toEqual([[21, 21], [8]]);
  });

  test('end with a sentence that fills half a line', () => {
    const text = 'This is a sentence long enough. So is this one. Ok. No.';
    const cues = cuesOf(transcriptionOf(9_000, ...speech('0:0', 0, 300, text)));
    expect(cues.map(({ lines }) => lines.join(' '))).toEqual([
      'This is a sentence long enough.',
      'So is this one. Ok. No.',
    ]);
  });

  test('keep a word that is longer than a line whole', () => {
    const long = 'https://example.com/'.padEnd(100, 'x');
    expect(cuesOf(transcriptionOf(9_000, word('0:0', 0, 900, long)))[0]?.lines).toEqual([long]);
  });

  test('of very short words can be seen, and end before the next cue of the party', () => {
    const cues = cuesOf(transcriptionOf(60_000, word('0:0', 0, 0, 'A'), word('0:0', 10_000, 10_100, 'B.')));
    expect(cues.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 500],
      [10_000, 10_500],
    ]);
    const dense = cuesOf(transcriptionOf(60_000, ...speech('0:0', 0, 1, 'word '.repeat(40).trim())));
    for (const [i, cue] of dense.entries())
      expect(cue.endMs).toBeLessThanOrEqual(dense[i + 1]?.startMs ?? 60_000);
  });

  test('of many words at one moment are still valid', () => {
    const words = Array.from({ length: 40 }, (_, i) => word('0:0', 5_000, 5_000, `word${i}`));
    expect(cuesOf(transcriptionOf(60_000, ...words)).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [5_000, 5_001],
      [5_000, 5_001],
      [5_000, 5_001],
      [5_000, 5_500],
    ]);
  });

  test('of one endless word end after 7 s', () => {
    expect(cuesOf(transcriptionOf(60_000, word('0:0', 0, 30_000)))[0]).toMatchObject({
      startMs: 0,
      endMs: 7_000,
    });
  });
});

test('both formats are valid and hold the same cues and every word, whatever was said when', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: true }), (from) => {
      const input = exportInput(from);
      const vtt = parseVtt(exportTranscript('vtt', input).text);
      expect(parseSrt(exportTranscript('srt', input).text)).toEqual(vtt);
      expect(vtt.flatMap(({ lines }) => lines.flatMap((line) => line.split(' '))).sort()).toEqual(
        from.words.map(({ text }) => text).sort(),
      );
      for (const { startMs, endMs, lines } of vtt) {
        expect(endMs - startMs).toBeLessThanOrEqual(7_000);
        expect(lines.length).toBeLessThanOrEqual(2);
      }
      const speakers = new Set(vtt.map(({ voice }) => voice));
      expect(speakers).toEqual(new Set(input.transcript.parties.map(({ name }) => name)));
    }),
  );
});
