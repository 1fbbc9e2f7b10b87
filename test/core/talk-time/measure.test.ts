import { describe, expect, test } from 'vitest';
import { measureTalkTime } from '../../../src/core/talk-time/measure.ts';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { TranscribedWord } from '../../../src/core/transcription.ts';
import { speech, transcriptionOf, word } from '../make.ts';

const measure = (durationMs: number, ...words: TranscribedWord[]) =>
  measureTalkTime(toTranscript(transcriptionOf(durationMs, ...words), {}));
/** One figure of every party, for talk in which the words' voices appear in the order 0:0, 0:1, … */
const each = <K extends keyof ReturnType<typeof measure>['parties'][number]>(
  figure: K,
  ...words: TranscribedWord[]
) => measure(60_000, ...words).parties.map((party) => party[figure]);

test('a conversation of three with gaps, overlaps, an interruption and a back-channel, counted by hand', () => {
  const talk = measure(
    20_000,
    word('0:0', 0, 4_000, 'So?'), // stops 1 s after Bob starts: interrupted
    word('0:1', 3_000, 8_000, 'No.'),
    word('0:0', 9_000, 12_000, 'Well,'), // 1 s after Bob ended
    word('0:2', 10_000, 10_400, 'mhm'), // inside Ann's utterance
    word('0:0', 13_000, 15_000, 'then.'), // after herself
  );
  expect(talk).toEqual({
    durationMs: 20_000,
    speechMs: 13_000, // 0-8, 9-12, 13-15
    overlapMs: 1_400, // 3-4, 10-10.4
    silenceMs: 7_000, // 8-9, 12-13, 15-20
    parties: [
      {
        party: 0,
        speakingMs: 9_000,
        share: 9_000 / 14_400,
        turns: 3,
        longestTurnMs: 4_000,
        words: 3,
        wordsPerMinute: 20,
        charactersPerMinute: null,
        questions: 1,
        interruptions: 0,
        responseMs: 1_000,
      },
      {
        party: 1,
        speakingMs: 5_000,
        share: 5_000 / 14_400,
        turns: 1,
        longestTurnMs: 5_000,
        words: 1,
        wordsPerMinute: 12,
        charactersPerMinute: null,
        questions: 0,
        interruptions: 1,
        responseMs: null,
      },
      {
        party: 2,
        speakingMs: 400,
        share: 400 / 14_400,
        turns: 1,
        longestTurnMs: 400,
        words: 1,
        wordsPerMinute: null,
        charactersPerMinute: null,
        questions: 0,
        interruptions: 0,
        responseMs: null,
      },
    ],
  });
});

describe('speaking time', () => {
  test('of ten seconds is ten seconds, however long no other party begins', () => {
    expect(measure(71_000, word('0:0', 0, 10_000), word('0:1', 71_000, 71_000)).parties[0]?.speakingMs).toBe(
      10_000,
    );
  });

  test('takes in pauses of up to 500 ms and no longer ones', () => {
    expect(each('speakingMs', word('0:0', 0, 1_000), word('0:0', 1_500, 2_000))).toEqual([2_000]);
    expect(each('speakingMs', word('0:0', 0, 1_000), word('0:0', 1_501, 2_000))).toEqual([1_499]);
  });

  test('of one word is the length of the word', () => {
    expect(measure(1_000, word('0:0', 200, 500, 'Yes.'))).toMatchObject({
      speechMs: 300,
      overlapMs: 0,
      silenceMs: 700,
      parties: [{ speakingMs: 300, share: 1, turns: 1, longestTurnMs: 300, words: 1, wordsPerMinute: null }],
    });
  });

  test('of zero words is silence', () => {
    expect(measure(5_000)).toEqual({
      durationMs: 5_000,
      speechMs: 0,
      overlapMs: 0,
      silenceMs: 5_000,
      parties: [],
    });
  });

  test('of words without length is no time and no share', () => {
    expect(measure(5_000, word('0:0', 9, 9))).toMatchObject({
      speechMs: 0,
      parties: [{ share: 0, words: 1, turns: 1 }],
    });
  });

  test('of three at once is one time of speech and of overlap, and three times of speaking', () => {
    const talk = measure(10_000, word('0:0', 0, 6_000), word('0:1', 2_000, 6_000), word('0:2', 4_000, 6_000));
    expect(talk).toMatchObject({ speechMs: 6_000, overlapMs: 4_000, silenceMs: 4_000 });
    expect(talk.parties.map(({ speakingMs, share }) => [speakingMs, share])).toEqual([
      [6_000, 0.5],
      [4_000, 4_000 / 12_000],
      [2_000, 2_000 / 12_000],
    ]);
  });

  test('that ends as another begins overlaps nothing', () => {
    expect(measure(5_000, word('0:0', 0, 2_000), word('0:1', 2_000, 5_000))).toMatchObject({
      speechMs: 5_000,
      overlapMs: 0,
      silenceMs: 0,
    });
  });

  test('of nine speakers is shared among nine', () => {
    const words = Array.from({ length: 9 }, (_, i) => word(`0:${i}`, i * 1_000, i * 1_000 + 900));
    expect(each('share', ...words)).toEqual(Array.from({ length: 9 }, () => 1 / 9));
  });

  test('of one party counts once where its utterances overlap, even in a transcript made elsewhere', () => {
    const transcript = toTranscript(transcriptionOf(10_000, word('0:0', 0, 5_000)), {});
    const [one] = transcript.utterances;
    const doubled = {
      ...transcript,
      utterances: [
        one!,
        { ...one!, startMs: 4_000, endMs: 7_000 },
        { ...one!, startMs: 2_000, endMs: 3_000 },
      ],
    };
    expect(measureTalkTime(doubled)).toMatchObject({
      speechMs: 7_000,
      overlapMs: 0,
      parties: [{ speakingMs: 7_000, interruptions: 0 }],
    });
  });
});

describe('turns', () => {
  test('are runs of one party’s utterances, whose pauses do not make them longer', () => {
    const words = [word('0:0', 0, 1_000), word('0:0', 30_000, 32_000), word('0:1', 33_000, 34_000)];
    expect(each('turns', ...words)).toEqual([1, 1]);
    expect(each('longestTurnMs', ...words)).toEqual([3_000, 1_000]);
  });

  test('are not split by another party within one utterance', () => {
    expect(each('turns', word('0:0', 0, 9_000), word('0:1', 2_000, 2_500))).toEqual([1, 1]);
  });

  test('are split by another party’s start between two utterances', () => {
    expect(
      each('turns', word('0:0', 0, 9_000), word('0:1', 2_000, 2_500), word('0:0', 9_600, 10_000)),
    ).toEqual([2, 1]);
  });

  test('that start together stand by who is done first', () => {
    // The order is 0:0, 0:1 (shorter), 0:0, 0:1: two turns each.
    const words = [
      word('0:0', 0, 10),
      word('0:0', 5_000, 7_000),
      word('0:1', 5_000, 6_000),
      word('0:1', 8_000, 9_000),
    ];
    expect(each('turns', ...words)).toEqual([2, 2]);
  });
});

describe('words', () => {
  test('a minute are counted over speaking time, whole, from one second on', () => {
    expect(each('wordsPerMinute', ...speech('0:0', 0, 300, 'a b c d e'))).toEqual([200]);
    expect(each('wordsPerMinute', ...speech('0:0', 0, 250, 'a b c d'))).toEqual([240]);
    expect(each('wordsPerMinute', ...speech('0:0', 0, 333, 'a b c'))).toEqual([null]);
  });

  test('in characters where the script has no words', () => {
    const words = speech('0:0', 0, 250, '你 好， 我 是 Anna。');
    expect(each('wordsPerMinute', ...words)).toEqual([null]);
    expect(each('charactersPerMinute', ...words)).toEqual([384]);
    expect(each('charactersPerMinute', ...speech('0:0', 0, 100, '你 好'))).toEqual([null]);
  });

  test('are counted over all of a party’s utterances', () => {
    expect(
      each('words', ...speech('0:0', 0, 300, 'a b'), word('0:1', 5_000, 5_100), word('0:0', 9_000, 9_100)),
    ).toEqual([3, 1]);
  });
});

describe('an interruption', () => {
  const interruptions = (...words: TranscribedWord[]) => each('interruptions', ...words);

  test.each([
    ['the other stops 2 s later', 7_000, 1],
    ['the other stops at once', 5_001, 1],
    ['the other goes on for longer', 7_001, 0],
    ['the other has just ended', 5_000, 0],
  ])('counts by whether the other stops within 2 s: %s', (_, otherEndsMs, count) => {
    expect(interruptions(word('0:0', 0, otherEndsMs), word('0:1', 5_000, 9_000))).toEqual([0, count]);
  });

  test.each([
    ['over before the other stops: a back-channel', 5_999, 0],
    ['over as the other stops', 6_000, 1],
  ])('is not one when it is %s', (_, ownEndMs, count) => {
    expect(interruptions(word('0:0', 0, 6_000), word('0:1', 5_000, ownEndMs))).toEqual([0, count]);
  });

  test('does not count when both start together', () => {
    expect(interruptions(word('0:0', 0, 1_000), word('0:1', 0, 5_000))).toEqual([0, 0]);
  });

  test('of two people at once is one', () => {
    expect(
      interruptions(word('0:0', 0, 5_000), word('0:1', 1_000, 5_500), word('0:2', 4_000, 9_000)),
    ).toEqual([0, 0, 1]);
  });

  test('by two people of one is one each', () => {
    expect(
      interruptions(word('0:0', 0, 5_000), word('0:1', 4_000, 9_000), word('0:2', 4_500, 9_000)),
    ).toEqual([0, 1, 1]);
  });

  test('may be answered by one', () => {
    expect(
      interruptions(word('0:0', 0, 3_000), word('0:1', 2_000, 6_000), word('0:0', 5_000, 9_000)),
    ).toEqual([1, 1]);
  });
});

describe('response time', () => {
  const responses = (...words: TranscribedWord[]) => each('responseMs', ...words);

  test('is the median silence before a turn that follows another party’s end', () => {
    const words = [
      word('0:0', 0, 1_000),
      word('0:1', 1_100, 2_000), // 100
      word('0:0', 2_700, 3_000), // 700
      word('0:1', 3_900, 5_000), // 900
      word('0:0', 5_000, 6_000), // 0
      word('0:1', 9_000, 9_500), // 3,000
    ];
    expect(responses(...words)).toEqual([350, 900]);
  });

  test('is null when a party never follows another', () => {
    expect(responses(word('0:0', 0, 1_000), word('0:0', 5_000, 6_000))).toEqual([null]);
  });

  test('leaves out turns that start during speech', () => {
    expect(responses(word('0:0', 0, 5_000), word('0:1', 2_000, 6_000))).toEqual([null, null]);
  });

  test('leaves out turns that go on after the party’s own last word', () => {
    expect(responses(word('0:0', 0, 5_000), word('0:1', 2_000, 3_000), word('0:0', 6_000, 7_000))).toEqual([
      null,
      null,
    ]);
  });

  test('counts from the last of several who stop', () => {
    expect(responses(word('0:0', 0, 5_000), word('0:1', 2_000, 3_000), word('0:2', 6_000, 7_000))).toEqual([
      null,
      null,
      1_000,
    ]);
  });

  test('counts when the party and another stopped at the same moment', () => {
    expect(responses(word('0:0', 0, 5_000), word('0:1', 2_000, 5_000), word('0:0', 6_000, 7_000))).toEqual([
      1_000,
      null,
    ]);
  });
});

test('six hours of words are counted as exactly as six seconds', () => {
  // A 400 ms word every half second by turns of ten: 43,200 words, no pause above 500 ms within a turn.
  const words = Array.from({ length: 43_200 }, (_, i) =>
    word(`0:${Math.floor(i / 10) % 3}`, i * 500, i * 500 + 400),
  );
  const talk = measure(21_600_000, ...words);
  // 4,320 turns of 9 × 500 + 400 ms.
  expect(talk).toMatchObject({ speechMs: 4_320 * 4_900, overlapMs: 0, silenceMs: 4_320 * 100 });
  expect(talk.parties.map(({ turns, words: count, responseMs }) => [turns, count, responseMs])).toEqual([
    [1_440, 14_400, 100],
    [1_440, 14_400, 100],
    [1_440, 14_400, 100],
  ]);
});
