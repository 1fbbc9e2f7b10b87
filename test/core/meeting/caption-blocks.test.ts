import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemberId } from '../../../src/core/ids.ts';
import { captionParagraphs, createCaptionBlocks } from '../../../src/core/meeting/caption-blocks.ts';
import type { MeetingLine } from '../../../src/core/meeting/lines.ts';

const line = (number: number, startMs: number, text = `l${number}`, party = 0): MeetingLine => ({
  number,
  id: `id${number}`,
  party,
  startMs,
  endMs: startMs + 500,
  text,
  words: [],
});
const divide = (lines: readonly MeetingLine[]) => {
  const stretches = createCaptionBlocks();
  for (const each of lines) stretches.add(each);
  return stretches.all;
};
const parties = ['Ann', 'Bob'].map((name) => ({ personId: name as MemberId, name }));

describe('stretches of captions', () => {
  it('end after two minutes, and where a message is full', () => {
    expect(divide([line(1, 0), line(2, 119_999), line(3, 120_000)]).map(({ lines }) => lines.length)).toEqual(
      [2, 1],
    );
    const long = 'x'.repeat(1_400);
    expect(divide([1, 2, 3].map((n) => line(n, n * 1_000, long))).map(({ lines }) => lines.length)).toEqual([
      2, 1,
    ]);
  });

  it('take a line that became final late where it belongs, and say that they changed', () => {
    const all = divide([line(1, 0), line(2, 60_000), line(3, 130_000), line(4, 30_000)]);
    expect(all.map(({ lines }) => lines.map(({ number }) => number))).toEqual([[1, 4, 2], [3]]);
    expect(all.map(({ revision }) => revision)).toEqual([4, 3]);
  });

  it('are in order by time, lose nothing, and keep their lines when more are added', () => {
    const lines = fc
      .array(
        fc.record({ startMs: fc.integer({ min: 0, max: 900_000 }), size: fc.integer({ min: 1, max: 900 }) }),
        {
          maxLength: 80,
        },
      )
      .map((all) => all.map(({ startMs, size }, i) => line(i + 1, startMs, 'y'.repeat(size))));
    fc.assert(
      fc.property(lines, fc.nat(80), (all, cut) => {
        const divided = divide(all);
        const shown = divided.flatMap(({ lines: its }) => its);
        expect(shown.map(({ startMs }) => startMs)).toEqual(
          all.map(({ startMs }) => startMs).sort((a, b) => a - b),
        );
        // The same messages after a crash, whenever it happens.
        const before = divide(all.slice(0, cut));
        for (const [index, { lines: its }] of before.entries()) {
          expect(divided[index]!.lines.filter(({ number }) => number <= cut)).toEqual(its);
        }
      }),
    );
  });

  it('read as paragraphs: what one says on end is one line', () => {
    const [stretch] = divide([
      line(1, 0, 'So I think'),
      line(2, 800, 'we should.'),
      line(3, 1_500, 'Yes.', 1),
      line(4, 9_000, 'And then?', 1),
      line(5, 9_900, 'Then', 2),
    ]);
    expect(captionParagraphs(stretch!, parties)).toEqual([
      { name: 'Ann', startMs: 0, text: 'So I think we should.' },
      { name: 'Bob', startMs: 1_500, text: 'Yes.' },
      { name: 'Bob', startMs: 9_000, text: 'And then?' },
      { name: 'Speaker 3', startMs: 9_900, text: 'Then' },
    ]);
  });

  it('join lines with the blanks of their script', () => {
    const [stretch] = divide([line(1, 0, '今天开会。'), line(2, 800, '下午三点。'), line(3, 1_500, 'OK.')]);
    expect(captionParagraphs(stretch!, parties)).toEqual([
      { name: 'Ann', startMs: 0, text: '今天开会。下午三点。 OK.' },
    ]);
  });
});
