import { describe, expect, test } from 'vitest';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { SpeakerNames, Transcription } from '../../../src/core/transcription.ts';
import { speech, transcriptionOf, word } from '../make.ts';

/** `name start-end text`, a line an utterance. */
const lines = (from: Transcription, names: SpeakerNames = {}): string[] => {
  const { parties, utterances } = toTranscript(from, names);
  return utterances.map((one) => `${parties[one.party]!.name} ${one.startMs}-${one.endMs} ${one.text}`);
};
const partyNames = (from: Transcription, names: SpeakerNames = {}): string[] =>
  toTranscript(from, names).parties.map(({ name }) => name);

describe('utterances', () => {
  test('join words while the silence between two is at most 500 ms', () => {
    const words = [
      word('0:0', 0, 400, 'one'),
      word('0:0', 900, 1_200, 'two'),
      word('0:0', 1_701, 2_000, 'three'),
    ];
    expect(lines(transcriptionOf(5_000, ...words))).toEqual([
      'Speaker 1 0-1200 one two',
      'Speaker 1 1701-2000 three',
    ]);
  });

  test('end at their own last word, however long no other party begins', () => {
    const from = transcriptionOf(
      71_000,
      word('0:0', 0, 10_000, 'long'),
      word('0:1', 71_000 - 500, 71_000, 'late'),
    );
    expect(lines(from)).toEqual(['Speaker 1 0-10000 long', 'Speaker 2 70500-71000 late']);
  });

  test('of two parties may overlap, and one party talks on through the other', () => {
    const from = transcriptionOf(
      9_000,
      ...speech('0:0', 0, 1_000, 'a b c d'),
      word('0:1', 1_500, 1_900, 'mhm'),
    );
    expect(lines(from)).toEqual(['Speaker 1 0-4000 a b c d', 'Speaker 2 1500-1900 mhm']);
  });

  test('end with the word that ends last, which need not be the last to start', () => {
    const from = transcriptionOf(9_000, word('0:0', 0, 3_000, 'whole'), word('0:0', 100, 500, 'part'));
    expect(lines(from)).toEqual(['Speaker 1 0-3000 whole part']);
  });

  test('stand by start, then end, then party', () => {
    const from = transcriptionOf(
      9_000,
      word('0:1', 0, 10, 'first'),
      word('0:0', 2_000, 3_000, 'x'),
      word('0:1', 2_000, 3_000, 'y'),
      word('0:2', 2_000, 2_500, 'z'),
    );
    expect(lines(from)).toEqual([
      'Speaker 1 0-10 first',
      'Speaker 2 2000-2500 z',
      'Speaker 1 2000-3000 y',
      'Speaker 3 2000-3000 x',
    ]);
  });

  test('write scripts without spaces without spaces', () => {
    const from = transcriptionOf(9_000, ...speech('0:0', 0, 100, '今 日 は OK です か？ Gut so'));
    expect(toTranscript(from, {}).utterances[0]).toMatchObject({
      text: '今日は OK ですか？ Gut so',
      wordCount: 8,
    });
  });

  test('keep the words with their times', () => {
    expect(
      toTranscript(transcriptionOf(9_000, word('0:0', 5, 9, 'hi')), {}).utterances[0]?.words,
    ).toMatchObject([{ text: 'hi', startMs: 5, endMs: 9 }]);
  });
});

describe('faults of an engine', () => {
  test('words in any order come out by time', () => {
    const from = transcriptionOf(9_000, word('0:0', 500, 900, 'two'), word('0:0', 0, 400, 'one'));
    expect(lines(from)).toEqual(['Speaker 1 0-900 one two']);
  });

  test.each([
    ['a negative start is the beginning', word('0:0', -300, 400), '0-400'],
    ['both times negative are a moment at the beginning', word('0:0', -300, -200), '0-0'],
    ['an end before the start is a moment at the start', word('0:0', 700, 100), '700-700'],
    ['a start that is no number is the end', word('0:0', Number.NaN, 800), '800-800'],
    ['an end that is no number is the start', word('0:0', 800, Number.POSITIVE_INFINITY), '800-800'],
    ['an end beyond all recordings is the start', word('0:0', 800, 1e15), '800-800'],
    ['fractions are rounded to the millisecond', word('0:0', 10.4, 99.5), '10-100'],
    ['an end past the duration is cut', word('0:0', 4_900, 5_030), '4900-5000'],
  ])('%s', (_, bad, times) => {
    const transcript = toTranscript(transcriptionOf(5_000, bad), {});
    expect(transcript.durationMs).toBe(5_000);
    expect(transcript.utterances.map((one) => `${one.startMs}-${one.endMs} ${one.text}`)).toEqual([
      `${times} word`,
    ]);
  });

  test('a word without any time goes where the one before it ends', () => {
    const lost = word('0:0', Number.NaN, Number.NaN, 'lost');
    expect(
      lines(transcriptionOf(9_000, word('0:0', 0, 1_000, 'a'), lost, word('0:0', 1_100, 1_500, 'b'))),
    ).toEqual(['Speaker 1 0-1500 a lost b']);
  });

  test.each([0, -1, Number.NaN, 1_000])(
    'a duration of %s grows to hold a word that starts after it',
    (durationMs) => {
      expect(toTranscript(transcriptionOf(durationMs, word('0:0', 2_000, 2_500)), {})).toMatchObject({
        durationMs: 2_500,
        utterances: [{ startMs: 2_000, endMs: 2_500 }],
      });
    },
  );

  test('words without a letter are no words', () => {
    expect(toTranscript(transcriptionOf(9_000, word('0:0', 0, 10, ' \n')), {})).toMatchObject({
      parties: [],
      utterances: [],
    });
  });

  test('line breaks and control characters in words are blanks', () => {
    expect(lines(transcriptionOf(9_000, word('0:0', 0, 10, ' a\n\u0000b\u202e ')))).toEqual([
      'Speaker 1 0-10 a b',
    ]);
  });

  test('zero words make an empty transcript of the whole duration', () => {
    expect(toTranscript(transcriptionOf(4_000), {})).toMatchObject({
      durationMs: 4_000,
      parties: [],
      utterances: [],
    });
  });

  test('one word makes one utterance', () => {
    expect(lines(transcriptionOf(4_000, word('0:0', 1_000, 1_400, 'Yes.')))).toEqual([
      'Speaker 1 1000-1400 Yes.',
    ]);
  });
});

describe('voices', () => {
  test('are numbered by their first words, whatever the engine calls them', () => {
    const from = transcriptionOf(
      9_000,
      word('1:7', 3_000, 3_100, 'c'),
      word('0:2', 0, 100, 'a'),
      word('0:0', 1_000, 1_100, 'b'),
    );
    expect(lines(from)).toEqual(['Speaker 1 0-100 a', 'Speaker 2 1000-1100 b', 'Speaker 3 3000-3100 c']);
    expect(toTranscript(from, {}).parties.map(({ voices }) => voices)).toEqual([['0:2'], ['0:0'], ['1:7']]);
  });

  test('that start at the same moment are numbered by channel, in whatever order the engine lists them', () => {
    const from = transcriptionOf(9_000, word('1:0', 0, 500, 'b'), word('0:0', 0, 500, 'a'));
    expect(toTranscript(from, {}).parties.map(({ voices }) => voices)).toEqual([['0:0'], ['1:0']]);
  });

  test('of a two-channel file without speakers are one a channel', () => {
    const from = transcriptionOf(
      9_000,
      word('1:?', 0, 500, 'Hello?'),
      word('0:?', 1_000, 1_500, 'Hi.'),
      word('1:?', 8_000, 8_500, 'Bye.'),
    );
    expect(lines(from)).toEqual([
      'Speaker 1 0-500 Hello?',
      'Speaker 2 1000-1500 Hi.',
      'Speaker 1 8000-8500 Bye.',
    ]);
    expect(toTranscript(from, {}).parties.map(({ voices }) => voices)).toEqual([['1:?'], ['0:?']]);
  });

  test('take in words without a speaker from near by, in the same channel, the nearer neighbour first', () => {
    const from = transcriptionOf(
      9_000,
      word('0:0', 0, 1_000, 'a'),
      word('0:?', 1_100, 1_200, 'to-a'),
      word('0:?', 2_700, 2_800, 'to-b'),
      word('1:5', 1_250, 2_690, 'elsewhere'),
      word('0:1', 3_000, 4_000, 'b'),
      word('0:?', 6_000, 6_100, 'just-near'),
    );
    expect(toTranscript(from, {}).parties.map(({ voices }) => voices)).toEqual([['0:0'], ['1:5'], ['0:1']]);
    expect(lines(from)).toEqual([
      'Speaker 1 0-1200 a to-a',
      'Speaker 2 1250-2690 elsewhere',
      'Speaker 3 2700-4000 to-b b',
      'Speaker 3 6000-6100 just-near',
    ]);
  });

  test('keep their numbers when a word is unattributed: it is the last voice', () => {
    const from = transcriptionOf(
      30_000,
      word('0:0', 0, 100, 'a'),
      word('0:?', 5_000, 5_100, 'stray'),
      word('0:1', 9_000, 9_100, 'b'),
    );
    expect(lines(from)).toEqual(['Speaker 1 0-100 a', 'Speaker 3 5000-5100 stray', 'Speaker 2 9000-9100 b']);
  });

  test('nine of them are nine parties', () => {
    const words = Array.from({ length: 9 }, (_, i) => word(`0:${8 - i}`, i * 1_000, i * 1_000 + 900));
    expect(partyNames(transcriptionOf(10_000, ...words))).toEqual(
      Array.from({ length: 9 }, (_, i) => `Speaker ${i + 1}`),
    );
  });
});

describe('a mono recording saved in stereo', () => {
  const text = 'We meet on Monday, not on Tuesday, at the usual place.';

  test('counts once, with small differences of time, capitals and punctuation', () => {
    const left = speech('0:?', 1_000, 300, text);
    const right = speech('1:?', 1_120, 300, text.toLowerCase().replaceAll(',', ''));
    expect(lines(transcriptionOf(9_000, ...left, ...right))).toEqual([`Speaker 1 1000-4300 ${text}`]);
  });

  test('counts once when four of five words are equal, from the channel with more words', () => {
    const left = speech('0:?', 0, 300, 'a b c d');
    const right = speech('1:?', 0, 300, 'a b c d e');
    expect(lines(transcriptionOf(9_000, ...left, ...right))).toEqual(['Speaker 1 0-1500 a b c d e']);
  });

  test('counts twice when fewer are', () => {
    const right = speech('1:?', 0, 300, 'a b c x y');
    expect(partyNames(transcriptionOf(9_000, ...speech('0:?', 0, 300, 'a b c d e'), ...right))).toHaveLength(
      2,
    );
  });

  test('is not what two people make who say the same at different times', () => {
    const from = transcriptionOf(9_000, ...speech('0:?', 0, 300, text), ...speech('1:?', 1_000, 300, text));
    expect(partyNames(from)).toHaveLength(2);
  });

  test.each([
    ['no no no no no', 'no yes yes yes yes'],
    ['no yes yes yes yes', 'no no no no no'],
  ])('does not count one word twice: %s, %s', (left, right) => {
    const from = transcriptionOf(9_000, ...speech('0:?', 0, 50, left), ...speech('1:?', 0, 50, right));
    expect(partyNames(from)).toHaveLength(2);
  });
});

describe('names', () => {
  const three = transcriptionOf(
    9_000,
    word('0:0', 0, 100, 'a'),
    word('0:1', 300, 400, 'b'),
    word('0:2', 2_000, 2_100, 'c'),
  );

  test('replace "Speaker 2" and leave the others as they are', () => {
    expect(toTranscript(three, { '0:1': { name: ' Ann\n', memberId: 'U1' } }).parties).toEqual([
      { name: 'Speaker 1', memberId: null, voices: ['0:0'], named: false },
      { name: 'Ann', memberId: 'U1', voices: ['0:1'], named: true },
      { name: 'Speaker 3', memberId: null, voices: ['0:2'], named: false },
    ]);
  });

  test('merge the voices given one member into one party, at the position of the earliest', () => {
    const names = { '0:0': { name: 'Ann', memberId: 'U1' }, '0:2': { name: 'Ann B.', memberId: 'U1' } };
    expect(toTranscript(three, names).parties).toEqual([
      { name: 'Ann', memberId: 'U1', voices: ['0:0', '0:2'], named: true },
      { name: 'Speaker 2', memberId: null, voices: ['0:1'], named: false },
    ]);
    expect(lines(three, names)).toEqual(['Ann 0-100 a', 'Speaker 2 300-400 b', 'Ann 2000-2100 c']);
  });

  test('merge the voices given one name, whatever its capitals and blanks', () => {
    expect(partyNames(three, { '0:0': { name: 'Jürgen  K' }, '0:1': { name: ' jÜRGEN K ' } })).toEqual([
      'Jürgen K',
      'Speaker 3',
    ]);
  });

  test('join a merged party’s words across its voices', () => {
    expect(lines(three, { '0:0': { name: 'Ann' }, '0:1': { name: 'Ann' } })[0]).toBe('Ann 0-400 a b');
  });

  test('let a typed name join the member who bears it', () => {
    const names = { '0:0': { name: 'ann' }, '0:1': { name: 'Ann', memberId: 'U1' } };
    expect(toTranscript(three, names).parties[0]).toEqual({
      name: 'Ann',
      memberId: 'U1',
      voices: ['0:0', '0:1'],
      named: true,
    });
  });

  test('keep two members apart who bear one name', () => {
    const names = { '0:0': { name: 'Ann', memberId: 'U1' }, '0:1': { name: 'Ann', memberId: 'U2' } };
    expect(toTranscript(three, names).parties.map(({ memberId }) => memberId)).toEqual(['U1', 'U2', null]);
  });

  test('merge with a voice that is not named yet', () => {
    expect(toTranscript(three, { '0:2': { name: 'speaker 2' } }).parties[1]).toEqual({
      name: 'Speaker 2',
      memberId: null,
      voices: ['0:1', '0:2'],
      named: false,
    });
  });

  test('that are empty, or of voices that are not there, change nothing', () => {
    expect(partyNames(three, { '0:0': { name: ' ' }, '7:7': { name: 'Ghost' } })).toEqual([
      'Speaker 1',
      'Speaker 2',
      'Speaker 3',
    ]);
  });

  test('in right-to-left scripts and of emoji stay as they are', () => {
    const names = { '0:0': { name: 'מרים' }, '0:1': { name: '👩‍🚀 Zoë' } };
    expect(partyNames(three, names).slice(0, 2)).toEqual(['מרים', '👩‍🚀 Zoë']);
  });
});
