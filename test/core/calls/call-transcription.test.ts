import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callTranscription } from '../../../src/core/calls/call-transcription.ts';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import type { LegId, MemberId } from '../../../src/core/ids.ts';
import type { MeetingLine } from '../../../src/core/meeting/lines.ts';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { TranscribedWord, Transcription } from '../../../src/core/transcription.ts';
import { speech, transcriptionOf } from '../make.ts';

const parties = [
  { personId: 'U1' as MemberId, name: 'Ann' },
  { personId: phonePersonId('L1' as LegId), name: '+44 20 7946 0000' },
  { personId: 'U2' as MemberId, name: 'Bob' },
];
const CALLEE = 1;
const BEGAN_MS = 5_000;

/** A live line of words that are 300 ms each. */
const line = (party: number, startMs: number, text: string): MeetingLine => {
  const words = speech('0:0', startMs, 300, text);
  return {
    number: startMs,
    id: `${startMs}-${party}`,
    party,
    startMs,
    endMs: words.at(-1)!.endMs,
    text,
    words: words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs, confidence: null })),
  };
};
/** The same words on a channel of the recording, on its own clock. */
const recordedLine = (channel: 0 | 1, startMs: number, text: string): readonly TranscribedWord[] =>
  speech(`${channel}:?`, startMs - BEGAN_MS, 300, text);

const result = (
  recorded: readonly TranscribedWord[],
  lines: readonly MeetingLine[],
  with_: Partial<Parameters<typeof callTranscription>[0]> = {},
) =>
  callTranscription({
    recorded: transcriptionOf(60_000, ...recorded),
    calleeParty: CALLEE,
    lines,
    parties,
    recordingBeganAtMs: BEGAN_MS,
    durationMs: 70_000,
    ...with_,
  });
/** What each said, in order. */
const said = ({ transcription, names }: ReturnType<typeof result>): readonly string[] => {
  const transcript = toTranscript(transcription, names);
  return transcript.utterances.map(({ party, text }) => `${transcript.parties[party]!.name}: ${text}`);
};

describe('the transcription of a recorded call', () => {
  const greeting = 'Good morning this is Mr Far speaking';
  const answer = 'Hello Mr Far I call about the invoice';

  it('does not exchange the channels because of one word that both sides say', () => {
    const recorded = [...recordedLine(0, 6_000, 'Yes'), ...recordedLine(1, 9_000, 'Certainly')];
    expect(said(result(recorded, [line(0, 6_000, 'Yes')]))[0]).toBe('+44 20 7946 0000: Yes');
  });

  it('has the callee on channel 0, and the only other speaker on channel 1', () => {
    const both = result(
      [...recordedLine(0, 6_000, greeting), ...recordedLine(1, 10_000, answer)],
      [line(CALLEE, 6_000, greeting), line(0, 10_000, answer)],
    );
    expect(said(both)).toEqual([`+44 20 7946 0000: ${greeting}`, `Ann: ${answer}`]);
    expect(both.transcription.durationMs).toBe(70_000);
    expect(both.transcription.words[0]).toMatchObject({ startMs: 6_000, endMs: 6_300 });
  });

  it('leaves out announcements, whole or cut off', () => {
    const both = result(
      [
        ...recordedLine(0, 6_000, greeting),
        ...recordedLine(1, 9_000, 'One moment, please. Your call'),
        ...recordedLine(1, 11_000, 'You are connected again. One moment'),
        ...recordedLine(1, 14_000, answer),
        ...recordedLine(1, 18_000, 'This call has ended. Goodbye.'),
      ],
      [line(CALLEE, 6_000, greeting), line(0, 14_000, answer)],
    );
    expect(said(both).filter((text) => text.startsWith('Ann'))).toEqual([
      'Ann: One moment',
      `Ann: ${answer}`,
    ]);
    expect(said(both)).toHaveLength(3);
  });

  describe('with the callee on channel 1, against what is documented,', () => {
    const straight = [...recordedLine(0, 6_000, greeting), ...recordedLine(1, 10_000, answer)];
    const swapped = [...recordedLine(1, 6_000, greeting), ...recordedLine(0, 10_000, answer)];
    const expected = [`+44 20 7946 0000: ${greeting}`, `Ann: ${answer}`];

    it.each<[string, readonly MeetingLine[], Partial<Parameters<typeof callTranscription>[0]>]>([
      ['of both', [line(CALLEE, 6_000, greeting), line(0, 10_000, answer)], {}],
      ['of the callee alone', [line(CALLEE, 6_000, greeting)], { parties: parties.slice(0, 2) }],
      ['of the other alone', [line(0, 10_000, answer)], {}],
      [
        'of both, without a noted start',
        [line(CALLEE, 6_000, greeting), line(0, 10_000, answer)],
        { recordingBeganAtMs: null },
      ],
    ])('is the same by the lines %s', (_what, lines, with_) => {
      expect(said(result(swapped, lines, with_))).toEqual(expected);
      expect(said(result(straight, lines, with_))).toEqual(expected);
    });

    it('is the same by what was announced, where there are no lines', () => {
      const farewell = 'This call has ended. Goodbye.';
      const two = { parties: parties.slice(0, 2) };
      expect(said(result([...swapped, ...recordedLine(0, 18_000, farewell)], [], two))).toEqual(expected);
      expect(said(result([...straight, ...recordedLine(1, 18_000, farewell)], [], two))).toEqual(expected);
    });

    it('is not assumed where both repeat each other', () => {
      const words = [...recordedLine(0, 6_000, greeting), ...recordedLine(1, 14_000, greeting)];
      const lines = [line(CALLEE, 6_000, greeting), line(0, 14_000, greeting)];
      expect(said(result(words, lines))).toEqual([`+44 20 7946 0000: ${greeting}`, `Ann: ${greeting}`]);
    });
  });

  it('names members as such, and a phone only by its name', () => {
    expect(result([], []).names).toEqual({
      '0:0': { name: 'Ann', memberId: 'U1' },
      '0:1': { name: '+44 20 7946 0000' },
      '0:2': { name: 'Bob', memberId: 'U2' },
    });
  });

  it('is the only other’s also where live captions missed it', () => {
    const words = [
      ...recordedLine(1, 10_000, answer),
      ...recordedLine(1, 30_000, 'and nobody captioned this'),
    ];
    expect(said(result(words, [line(0, 10_000, answer)]))).toEqual([
      `Ann: ${answer}`,
      'Ann: and nobody captioned this',
    ]);
    const two = { parties: parties.slice(0, 2) };
    expect(said(result(recordedLine(1, 10_000, answer), [], two))).toEqual([`Ann: ${answer}`]);
  });

  it('attributes words by the lines where two others spoke', () => {
    const words = [
      ...recordedLine(1, 8_000, 'Ann says this here'),
      ...recordedLine(1, 12_000, 'Bob says something else'),
      ...recordedLine(0, 16_000, 'The telephone agrees'),
      ...recordedLine(1, 20_000, 'Ann thanks them'),
    ];
    const lines = [
      line(0, 8_000, 'And says this here'),
      line(2, 12_000, 'Bob says something els'),
      line(0, 20_000, 'Ann thanks then'),
    ];
    expect(said(result(words, lines))).toEqual([
      'Ann: And says this here',
      'Bob: Bob says something els',
      '+44 20 7946 0000: The telephone agrees',
      'Ann: Ann thanks then',
    ]);
  });

  it('takes the others’ words from the lines, which have better audio than a phone', () => {
    const words = [
      ...recordedLine(0, 6_000, greeting),
      ...recordedLine(1, 10_000, 'Yellow Mr Car I fall about the invoice'),
    ];
    const lines = [line(CALLEE, 6_000, 'Good mourning this is'), line(0, 10_000, answer)];
    expect(said(result(words, lines))).toEqual([`+44 20 7946 0000: ${greeting}`, `Ann: ${answer}`]);
  });

  it('goes by the same words where two others speak at once', () => {
    const ann = speech('1:?', 8_000 - BEGAN_MS, 600, 'alpha beta gamma delta');
    const bob = speech('1:?', 8_300 - BEGAN_MS, 600, 'one two three four');
    const live = (party: number, words: readonly TranscribedWord[]): MeetingLine => ({
      ...line(party, 8_000, 'x'),
      endMs: words.at(-1)!.endMs + BEGAN_MS,
      words: words.map((word) => ({
        ...word,
        startMs: word.startMs + BEGAN_MS,
        endMs: word.endMs + BEGAN_MS,
      })),
    });
    const mixed = [...ann, ...bob].sort((a, b) => a.startMs - b.startMs);
    expect(said(result(mixed, [live(0, ann), live(2, bob)]))).toEqual([
      'Ann: alpha beta gamma delta',
      'Bob: one two three four',
    ]);
  });

  it('attributes words without a line by their neighbours', () => {
    const words = [
      ...recordedLine(1, 8_000, 'Ann says this'),
      ...recordedLine(1, 9_600, 'uncaptioned end'),
      ...recordedLine(1, 20_000, 'uncaptioned beginning'),
      ...recordedLine(1, 21_200, 'Bob says that'),
    ];
    expect(said(result(words, [line(0, 8_000, 'Ann says this'), line(2, 21_200, 'Bob says that')]))).toEqual([
      'Ann: Ann says this',
      'Ann: uncaptioned end',
      'Bob: uncaptioned beginning',
      'Bob: Bob says that',
    ]);
  });

  it('gives unattributed words a voice of their own, never the callee’s', () => {
    const words = [...recordedLine(0, 8_000, 'The telephone'), ...recordedLine(1, 8_900, 'somebody')];
    expect(said(result(words, []))).toEqual(['+44 20 7946 0000: The telephone', 'Speaker 2: somebody']);
  });

  it.each([-1_900, -500, -120, 0, 350, 1_900])(
    'is put where the lines are when the recording’s beginning is noted %i ms wrong',
    (wrongMs) => {
      const words = [
        ...recordedLine(0, 6_000, greeting),
        ...recordedLine(1, 10_000, answer),
        ...recordedLine(1, 14_000, 'Bob asks how the weather is'),
      ];
      const lines = [
        line(CALLEE, 6_000, greeting),
        line(0, 10_000, answer),
        line(2, 14_000, 'Bob asks how the weather is'),
      ];
      const shown = result(words, lines, { recordingBeganAtMs: BEGAN_MS + wrongMs });
      expect(said(shown)).toEqual([
        `+44 20 7946 0000: ${greeting}`,
        `Ann: ${answer}`,
        'Bob: Bob asks how the weather is',
      ]);
      expect(shown.transcription.words[0]!.startMs).toBe(6_000);
    },
  );

  it('places each channel by itself: audio to the phone is later than audio from it', () => {
    const words = [...recordedLine(0, 6_000 - 150, greeting), ...recordedLine(1, 10_000 + 250, answer)];
    const { transcription } = result(words, [line(CALLEE, 6_000, greeting), line(0, 10_000, answer)]);
    expect(transcription.words.find(({ text }) => text === 'Good')!.startMs).toBe(6_000);
    expect(transcription.words.find(({ text }) => text === 'Hello')!.startMs).toBe(10_000);
  });

  it('is placed by the words alone when the start of the recording is unknown', () => {
    const words = [...recordedLine(0, 26_000, greeting), ...recordedLine(1, 31_000, answer)];
    const lines = [line(CALLEE, 26_000, greeting), line(0, 31_000, answer)];
    const shown = result(words, lines, { recordingBeganAtMs: null });
    expect(said(shown)).toEqual([`+44 20 7946 0000: ${greeting}`, `Ann: ${answer}`]);
    expect(shown.transcription.words[0]!.startMs).toBe(26_000);
  });

  it('has the callee on channel 0 also when channel 1 has no words', () => {
    // Captions of a machine that could not keep up lie where others spoke.
    const words = [...recordedLine(0, 6_000, greeting), ...recordedLine(0, 10_000, 'And that is all')];
    const lines = [line(0, 5_800, 'Hello Mr Far'), line(CALLEE, 9_000, greeting), line(0, 10_500, answer)];
    expect(said(result(words, lines)).filter((each) => each.startsWith('+'))).toEqual([
      `+44 20 7946 0000: ${greeting}`,
      '+44 20 7946 0000: And that is all',
    ]);
    expect(said(result(recordedLine(0, 6_000, greeting), []))).toEqual([`+44 20 7946 0000: ${greeting}`]);
  });

  it('has echoing words once', () => {
    const words = [...recordedLine(0, 10_080, answer), ...recordedLine(1, 10_000, answer)];
    expect(said(result(words, [line(0, 10_000, answer)]))).toEqual([`Ann: ${answer}`]);
  });

  it('has what was said before the recording began as the lines have it', () => {
    const words = recordedLine(0, 6_000, greeting);
    const lines = [line(0, 500, 'Does it ring'), line(CALLEE, 6_000, greeting)];
    expect(said(result(words, lines))).toEqual(['Ann: Does it ring', `+44 20 7946 0000: ${greeting}`]);
  });
});

describe('the words of a recorded call', () => {
  const spoken = fc.array(
    fc.record({
      startMs: fc.nat(50_000),
      lengthMs: fc.nat(900),
      channel: fc.nat(1),
      speaker: fc.option(fc.nat(2)),
    }),
    { maxLength: 40 },
  );
  const live = fc.array(
    fc.record({ party: fc.nat(2), startMs: fc.integer({ min: 5_500, max: 60_000 }), words: fc.nat(5) }),
    { maxLength: 12 },
  );

  it('are there once, recorded or captioned, with their lengths, in order and on the conversation’s clock', () => {
    fc.assert(
      fc.property(
        spoken,
        live,
        fc.option(fc.integer({ min: -500, max: 10_000 })),
        (words, lines, recordingBeganAtMs) => {
          const recorded: Transcription = transcriptionOf(
            60_000,
            ...words.map(({ startMs, lengthMs, channel, speaker }, i) => ({
              text: `w${i}`,
              startMs,
              endMs: startMs + lengthMs,
              confidence: 0.5,
              channel,
              speaker,
            })),
          );
          // Live captions repeat what the same side says in the recording, so nothing speaks for swapped channels.
          const saidOn = (channel: number, i: number): string => {
            const at = words.findIndex((word, k) => k >= i * 3 && word.channel === channel);
            return at === -1 ? 'unheard' : `w${at}`;
          };
          const lineData = lines.map(({ party, startMs, words: count }) =>
            line(
              party,
              startMs,
              Array.from({ length: count + 1 }, (_, i) => saidOn(party === CALLEE ? 0 : 1, i)).join(' '),
            ),
          );
          const all = result(recorded.words, lineData, { recordingBeganAtMs }).transcription.words;
          const others = lineData.filter(({ party }) => party !== CALLEE);
          const isLive = ({ confidence }: TranscribedWord) => confidence === null;
          expect(all.filter((word) => isLive(word) && word.speaker !== CALLEE)).toHaveLength(
            others.flatMap(({ words: its }) => its).length,
          );
          const shown = all.filter((word) => !isLive(word));
          const by = (a: TranscribedWord, b: TranscribedWord) =>
            Number(a.text.slice(1)) - Number(b.text.slice(1));
          const texts = shown.toSorted(by).map(({ text }) => text);
          expect(new Set(texts).size).toBe(texts.length);
          const isRecordedOnly = others.length === 0;
          const both = words.some(({ channel }) => channel === 1);
          words.forEach(({ channel }, i) => {
            if (isRecordedOnly || (both && channel === 0)) expect(texts).toContain(`w${i}`);
          });
          for (const word of shown) {
            const { lengthMs, channel } = words[Number(word.text.slice(1))]!;
            expect(word.startMs).toBeGreaterThanOrEqual(0);
            expect(word.endMs - word.startMs).toBe(lengthMs);
            if (channel === 0 && both) expect(word.speaker).toBe(CALLEE);
            if (channel === 1) expect(word.speaker).not.toBe(CALLEE);
          }
          const starts = all.map(({ startMs }) => startMs);
          expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 500 },
    );
  });
});
