import { describe, expect, it } from 'vitest';
import { Captions } from '../../../src/speech/live/captions.ts';
import { Timeline } from '../../../src/speech/live/timeline.ts';
import { type EngineResults, parseMessage } from '../../../src/speech/live/wire.ts';

/** Captions of a speaker who began at 10 s by the conversation's clock, at 1,000 samples a second. */
const captionsOf = (): Captions => {
  const timeline = new Timeline(1_000);
  timeline.add(0, 10_000);
  return new Captions(1_000, timeline);
};

type Word = readonly [text: string, startS: number, endS: number];
const results = (
  startS: number,
  endS: number,
  isFinal: boolean,
  ...words: readonly Word[]
): EngineResults => ({
  startS,
  endS,
  isFinal,
  words: words.map(([text, from, to]) => ({ text, startS: from, endS: to, confidence: 0.9 })),
});
/** The same by an engine that is not sure of it. */
const doubtful = (of: EngineResults): EngineResults => ({
  ...of,
  words: of.words.map((word) => ({ ...word, confidence: 0.4 })),
});
const SENT = 100_000;

describe('captions', () => {
  it('carry the conversation’s times and one id until their final', () => {
    const captions = captionsOf();
    expect(captions.apply(results(0, 1, false, ['Good', 0.2, 0.5]), 0, SENT)).toEqual({
      id: '1',
      text: 'Good',
      isFinal: false,
      words: [{ text: 'Good', startMs: 10_200, endMs: 10_500, confidence: 0.9 }],
    });
    expect(captions.apply(results(0, 2, true, ['Good', 0.2, 0.5], ['day.', 0.6, 1]), 0, SENT)).toMatchObject({
      id: '1',
      text: 'Good day.',
      isFinal: true,
    });
    expect(captions.settled).toBe(2_000);
    expect(captions.apply(results(2, 3, false, ['And', 2.1, 2.3]), 0, SENT)).toMatchObject({ id: '2' });
  });

  it('a duplicate final changes nothing, on this connection or the next', () => {
    const captions = captionsOf();
    const final = results(0, 2, true, ['one', 0.2, 0.5]);
    captions.apply(final, 0, SENT);
    expect(captions.apply(final, 0, SENT)).toBeNull();
    expect(captions.apply(results(0, 1, true, ['one', 0.2, 0.5]), 500, SENT)).toBeNull();
    expect(captions.settled).toBe(2_000);
  });

  it('of a span that overlaps what is final, only the words after it are new', () => {
    const captions = captionsOf();
    captions.apply(results(0, 2, true, ['one', 0.2, 0.5], ['two', 1.4, 2]), 0, SENT);
    const overlapping = results(0, 2, true, ['two', 0.4, 1.03], ['three', 1.02, 1.4]);
    expect(captions.apply(overlapping, 1_000, SENT)?.text).toBe('three');
    expect(captions.settled).toBe(3_000);
  });

  it('keeps a word that begins a little before the final that it follows', () => {
    const captions = captionsOf();
    captions.apply(results(0, 2, true, ['one', 1.5, 2]), 0, SENT);
    expect(captions.apply(results(2, 3, true, ['a', 1.94, 2.01], ['b', 2.05, 2.4]), 0, SENT)?.text).toBe(
      'a b',
    );
  });

  it('withdraws doubtful words that were interim only, with a final of no words', () => {
    const captions = captionsOf();
    captions.apply(doubtful(results(0, 1, false, ['uh', 0.2, 0.4])), 0, SENT);
    expect(captions.apply(results(0, 2, true), 0, SENT)).toEqual({
      id: '1',
      text: '',
      isFinal: true,
      words: [],
    });
    expect(captions.apply(results(2, 5, true), 0, SENT)).toBeNull();
    expect(captions.settled).toBe(5_000);
  });

  it('keeps confident words that were interim only, when the final has none', () => {
    const captions = captionsOf();
    captions.apply(results(0, 2, false, ['Good', 0.2, 0.5], ['day.', 0.6, 1]), 0, SENT);
    expect(captions.apply(results(0, 3, true), 0, SENT)).toMatchObject({
      id: '1',
      text: 'Good day.',
      isFinal: true,
    });
    expect(captions.settled).toBe(3_000);
    expect(captions.apply(results(3, 5, true), 0, SENT)).toBeNull();
  });

  it('keeps those of them that a final with words ended before', () => {
    const captions = captionsOf();
    captions.apply(results(0, 3, false, ['one', 0.2, 0.5], ['two', 2, 2.4]), 0, SENT);
    expect(captions.apply(results(0, 1.5, true, ['One.', 0.2, 0.5]), 0, SENT)?.text).toBe('One.');
    expect(captions.apply(results(1.5, 3, true), 0, SENT)?.text).toBe('two');
    // A final that has other words is a correction.
    captions.apply(results(3, 5, false, ['tree', 3.2, 3.5], ['fore', 4, 4.4]), 0, SENT);
    expect(captions.apply(results(3, 5, true, ['Three.', 3.2, 3.5]), 0, SENT)?.text).toBe('Three.');
  });

  it('are final after a pause that the engine does not answer, up to the last word of it', () => {
    const captions = captionsOf();
    captions.apply(results(0, 3, false, ['one', 0.2, 0.5], ['two', 2, 2.4]), 0, SENT);
    expect(captions.settleShown(3_200)).toMatchObject({ id: '1', text: 'one two', isFinal: true });
    expect(captions.settled).toBe(2_400);
    // The answer comes after all, with more than was shown.
    const late = results(0, 3.2, true, ['One', 0.2, 0.5], ['two', 2, 2.4], ['three.', 2.7, 3.1]);
    expect(captions.apply(late, 0, SENT)).toMatchObject({ id: '2', text: 'three.' });
  });

  it('are withdrawn after such a pause when they are doubtful, and may still come', () => {
    const captions = captionsOf();
    captions.apply(doubtful(results(0, 1, false, ['uh', 0.2, 0.4])), 0, SENT);
    expect(captions.settleShown(1_000)).toMatchObject({ id: '1', words: [], isFinal: true });
    expect(captions.settled).toBe(0);
    expect(captions.settleShown(1_000)).toBeNull();
    expect(captions.apply(results(0, 1, true, ['Ah.', 0.2, 0.4]), 0, SENT)).toMatchObject({ id: '2' });
  });

  it('shows no less of a sentence when another connection recognises it from its beginning', () => {
    const captions = captionsOf();
    captions.apply(results(0, 3, false, ['one', 0.2, 0.5], ['two', 1, 2]), 0, SENT);
    expect(captions.apply(results(0, 1, false, ['one', 0.2, 0.5]), 0, SENT)).toBeNull();
    expect(captions.apply(results(0, 3.2, false, ['one', 0.2, 0.5], ['too', 1, 2]), 0, SENT)?.id).toBe('1');
  });

  it('ignores the part of a final for audio that was not sent', () => {
    const captions = captionsOf();
    captions.apply(results(0, 2.5, true, ['one', 0.2, 0.5]), 0, 2_000);
    expect(captions.settled).toBe(2_000);
  });
});

describe('the engine’s messages', () => {
  const message = (over: object): string =>
    JSON.stringify({
      type: 'Results',
      start: 1.5,
      duration: 0.5,
      is_final: true,
      channel: { alternatives: [{ words: [{ word: 'hi', start: 1.5, end: 1.9, confidence: 0.8 }] }] },
      ...over,
    });

  it('are parsed as far as they are used', () => {
    expect(parseMessage(message({ speech_final: true, whatever: 1 }))).toEqual({
      type: 'results',
      startS: 1.5,
      endS: 2,
      isFinal: true,
      words: [{ text: 'hi', startS: 1.5, endS: 1.9, confidence: 0.8 }],
    });
    expect(parseMessage('{"type":"Metadata","request_id":"r"}')).toEqual({
      type: 'metadata',
      isComplete: true,
    });
    expect(parseMessage('{"type":"Metadata","sha256":"incomplete"}')).toEqual({
      type: 'metadata',
      isComplete: false,
    });
  });

  it.each([
    ['今天开会。', ['今', '天', '开', '会。']],
    ['我们用 Kubernetes 部署 3 个服务', ['我', '们', '用', 'Kubernetes', '部', '署', '3', '个', '服', '务']],
    ['我们用Kubernetes部署3个服务', ['我', '们', '用', 'Kubernetes', '部', '署', '3', '个', '服', '务']],
    ['会議は15時です', ['会', '議', 'は', '15', '時', 'で', 'す']],
    ['Guten Tag, 今日は', ['Guten', 'Tag,', '今', '日', 'は']],
  ])('%s keeps the blanks of the engine’s transcript, and no other', (transcript, texts) => {
    const words = texts.map((word, i) => ({ word, start: i / 10, end: (i + 1) / 10, confidence: 0.9 }));
    const parsed = parseMessage(
      message({ start: 0, duration: 2, channel: { alternatives: [{ transcript, words }] } }),
    );
    if (parsed.type !== 'results') throw new Error('no results');
    expect(captionsOf().apply(parsed, 0, SENT)?.text).toBe(transcript);
  });

  it.each([
    [
      'an odd word among others',
      { channel: { alternatives: [{ words: [{ word: 7 }, null, { word: 'hi', start: 0, end: 1 }] }] } },
      1,
    ],
    ['a word without text', { channel: { alternatives: [{ words: [{ start: 0, end: 1 }] }] } }, 0],
    ['no alternative at all', { channel: { alternatives: [] } }, 0],
  ])('%s costs nothing else', (_, over, words) => {
    const parsed = parseMessage(message(over));
    expect(parsed.type === 'results' && parsed.words.length).toBe(words);
  });

  it.each([
    '',
    'null',
    '[]',
    '{"type":"UtteranceEnd"}',
    message({ start: -1 }),
    message({ channel: [] }),
    '{',
  ])('%j is ignored', (text) => {
    expect(parseMessage(text)).toEqual({ type: 'other' });
  });
});
