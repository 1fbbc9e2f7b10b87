import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toParagraphs, toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { Transcript } from '../../../src/core/transcript/types.ts';
import type { SpeakerNames, Transcription } from '../../../src/core/transcription.ts';
import { anyTranscription, transcriptionOf, word } from '../make.ts';

const textsOf = (pieces: readonly { readonly text: string }[]): string[] =>
  pieces.flatMap(({ text }) => text.split(' ')).sort();
const timesOf = ({ utterances }: Transcript) =>
  utterances.map(({ party, startMs, endMs, wordCount }) => [party, startMs, endMs, wordCount]);
const voicesByWord = ({ parties, utterances }: Transcript): Map<string, string> =>
  new Map(utterances.flatMap(({ party, text }) => text.split(' ').map((one) => [one, parties[party]!.name])));

const wildTime = fc.oneof(
  fc.integer({ min: -1_000, max: 20_000 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300),
);
const wildHeard: fc.Arbitrary<Transcription> = fc
  .tuple(wildTime, fc.array(fc.tuple(wildTime, wildTime, fc.nat(2), fc.option(fc.nat(2))), { maxLength: 30 }))
  .map(([durationMs, words]) =>
    transcriptionOf(
      durationMs,
      ...words.map(([startMs, endMs, channel, speaker], i) =>
        word(`${channel}:${speaker ?? '?'}`, startMs, endMs, `w${i}`),
      ),
    ),
  );

test('no word is ever lost or doubled, in utterances or paragraphs, whatever the engine says', () => {
  fc.assert(
    fc.property(fc.oneof(wildHeard, anyTranscription({ missingSpeakers: true })), (from) => {
      const transcript = toTranscript(from, {});
      const given = from.words.map(({ text }) => text).sort();
      expect(textsOf(transcript.utterances)).toEqual(given);
      expect(textsOf(toParagraphs(transcript))).toEqual(given);
    }),
  );
});

test('times are whole, in order, within the duration, and one party’s utterances are more than 500 ms apart', () => {
  fc.assert(
    fc.property(fc.oneof(wildHeard, anyTranscription({ missingSpeakers: true })), (from) => {
      const { durationMs, utterances, parties } = toTranscript(from, {});
      const lastEnd = new Map<number, number>();
      let previousStartMs = 0;
      for (const { party, startMs, endMs } of utterances) {
        expect([startMs, endMs, durationMs].every(Number.isSafeInteger)).toBe(true);
        expect(previousStartMs <= startMs && startMs <= endMs && endMs <= durationMs).toBe(true);
        expect(startMs - (lastEnd.get(party) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThan(500);
        lastEnd.set(party, endMs);
        previousStartMs = startMs;
      }
      expect(new Set(utterances.map(({ party }) => party)).size).toBe(parties.length);
    }),
  );
});

test('naming without merging changes names and nothing else', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: true }), fc.array(fc.boolean()), (from, chosen) => {
      const before = toTranscript(from, {});
      const names: SpeakerNames = Object.fromEntries(
        before.parties.flatMap(({ voices }, i) => (chosen[i] ? [[voices[0]!, { name: `Name ${i}` }]] : [])),
      );
      const after = toTranscript(from, names);
      expect(timesOf(after)).toEqual(timesOf(before));
      expect(after.parties.map(({ voices }) => voices)).toEqual(before.parties.map(({ voices }) => voices));
      expect(after.parties.map(({ name }) => name)).toEqual(
        before.parties.map(({ name }, i) => (chosen[i] ? `Name ${i}` : name)),
      );
    }),
  );
});

test('merging leaves every other party’s utterances as they were', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: false }), fc.nat(7), fc.nat(7), (from, a, b) => {
      const before = toTranscript(from, {});
      fc.pre(a !== b && a < before.parties.length && b < before.parties.length);
      const [first, second] = [before.parties[a]!.voices[0]!, before.parties[b]!.voices[0]!];
      const after = toTranscript(from, { [first]: { name: 'One' }, [second]: { name: 'One' } });
      expect(after.parties).toHaveLength(before.parties.length - 1);
      expect(after.parties.findIndex(({ name }) => name === 'One')).toBe(Math.min(a, b));
      const others = (of: Transcript) =>
        of.utterances
          .filter(
            ({ party }) => !of.parties[party]!.voices.some((voice) => voice === first || voice === second),
          )
          .map(({ startMs, endMs, text, party }) => [startMs, endMs, text, of.parties[party]!.name].join());
      // Equal times stand by party, whose index a merge may move.
      expect(others(after).sort()).toEqual(others(before).sort());
    }),
  );
});

test('words without a speaker never renumber those who have one', () => {
  fc.assert(
    fc.property(
      anyTranscription({ missingSpeakers: false }),
      fc.array(fc.tuple(fc.nat(60_000), fc.nat(1_000), fc.nat(1)), { maxLength: 10 }),
      (from, strays) => {
        const diarized = new Set(from.words.map(({ channel }) => channel));
        const more = strays
          .filter(([, , channel]) => diarized.has(channel))
          .map(([startMs, lengthMs, channel], i) =>
            word(`${channel}:?`, startMs, startMs + lengthMs, `stray${i}`),
          );
        const before = voicesByWord(toTranscript(from, {}));
        const after = voicesByWord(toTranscript({ ...from, words: [...from.words, ...more] }, {}));
        for (const [text, name] of before) expect(after.get(text)).toBe(name);
        expect(after.size).toBe(before.size + more.length);
      },
    ),
  );
});
