import { describe, expect, it } from 'vitest';
import type { Caption } from '../../../../src/media/signalling/messages.ts';
import {
  type Captions,
  DISPLAY_MS,
  groupIntoParagraphs,
  lineCounts,
  NO_CAPTIONS,
  visibleCaptions,
  withCaption,
  withTranscript,
} from '../../../../src/pages/meeting/state/captions.ts';

const caption = (id: string, text: string, change: Partial<Caption> = {}): Caption => ({
  partyIndex: 0,
  id,
  text,
  committed: 0,
  startMs: 0,
  endMs: 0,
  isFinal: false,
  ...change,
});
const withAll = (...captions: Caption[]): Captions =>
  captions.reduce((all, each, index) => withCaption(all, each, index), NO_CAPTIONS);
const texts = (captions: Captions, nowMs = 0): string[] =>
  visibleCaptions(captions, nowMs).map(({ text }) => text);
const line = (id: string, startMs: number, partyIndex = 0) => ({
  partyIndex,
  id,
  text: id,
  startMs,
  endMs: startMs + 1,
});

it.each([
  [1, 3, [3]],
  [2, 3, [1, 2]],
  [2, 2, [1, 1]],
  [0, 3, []],
])('%i captions share %i lines, and the newest gets most', (count, lines, each) => {
  expect(lineCounts(count, lines)).toEqual(each);
});

describe('live captions', () => {
  it('change their uncommitted words alone', () => {
    const state = withAll(
      caption('a', 'Good mourning', { committed: 4 }),
      caption('a', 'Good morning all', { committed: 12 }),
    );
    expect(texts(state)).toEqual(['Good morning all']);
    expect(texts(withCaption(state, caption('a', 'Could morning', { committed: 13 }), 2))).toEqual([
      'Good morning all',
    ]);
  });

  it('never change once they are final, whatever arrives late', () => {
    const final = withAll(caption('a', 'Done.', { isFinal: true, committed: 5 }));
    const late = withCaption(final, caption('a', 'Done. And more'), 1);
    expect(late).toBe(final);
    expect(late.lines.map(({ text }) => text)).toEqual(['Done.']);
  });

  it('are visible for the newest two speakers, in the order in which they began, unless empty', () => {
    const state = withAll(caption('a', 'One'), caption('b', 'Two'), caption('c', ' '), caption('d', 'Four'));
    expect(texts(state)).toEqual(['Two', 'Four']);
    expect(texts(withCaption(state, caption('b', 'Two!'), 9))).toEqual(['Two!', 'Four']);
  });

  it('go when they were visible long enough', () => {
    const state = withAll(caption('a', 'One'));
    expect(texts(state, DISPLAY_MS - 1)).toEqual(['One']);
    expect(texts(state, DISPLAY_MS)).toEqual([]);
    expect(withCaption(state, caption('b', 'Two'), DISPLAY_MS).live).toHaveLength(1);
  });
});

describe('the transcript', () => {
  it('has each line once, in the order of the meeting, however it came', () => {
    const live = withAll(caption('b', 'b', { isFinal: true, startMs: 20 }));
    const state = withTranscript(live, {
      lines: [line('c', 30), line('a', 10), line('b', 20)],
      last: 3,
      more: false,
      parties: [],
    });
    expect(state.lines.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(state.since).toBe(3);
    const again = withCaption(state, caption('c', 'other', { isFinal: true }), 0);
    expect(again.lines).toBe(state.lines);
  });

  it('has no line for a final without text, which withdraws what was shown', () => {
    const captions = withAll(caption('a', 'uh'), caption('a', '', { isFinal: true }));
    expect(captions.lines).toEqual([]);
    expect(texts(captions)).toEqual([]);
  });

  it('is grouped into paragraphs of one party each', () => {
    const lines = [line('a', 0, 1), line('b', 1, 1), line('c', 2, 2), line('d', 3, 1)];
    expect(
      groupIntoParagraphs(lines).map(({ partyIndex, lines: grouped }) => [partyIndex, grouped.length]),
    ).toEqual([
      [1, 2],
      [2, 1],
      [1, 1],
    ]);
    expect(groupIntoParagraphs([])).toEqual([]);
  });
});
