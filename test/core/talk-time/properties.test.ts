import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureTalkTime } from '../../../src/core/talk-time/measure.ts';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';
import type { Transcript, Utterance } from '../../../src/core/transcript/types.ts';
import type { TranscribedWord } from '../../../src/core/transcription.ts';
import { anyTranscription } from '../make.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/**
 * Talk time the slow way, from the words: one byte a millisecond and voice. Shares nothing with the product but
 * the definition, silence of up to 500 ms within a voice included.
 */
const byMilliseconds = (
  durationMs: number,
  words: readonly TranscribedWord[],
  voiceOf: (word: TranscribedWord) => string,
) => {
  const maps = new Map<string, Uint8Array>();
  for (const word of words) {
    const map = maps.get(voiceOf(word)) ?? new Uint8Array(durationMs);
    maps.set(voiceOf(word), map.fill(1, word.startMs, word.endMs));
  }
  let speechMs = 0;
  let overlapMs = 0;
  for (const map of maps.values()) {
    let last = -1;
    for (let ms = 0; ms < durationMs; ms += 1) {
      if (map[ms] === 0) continue;
      if (last >= 0 && ms - last - 1 <= 500) map.fill(1, last, ms);
      last = ms;
    }
  }
  for (let ms = 0; ms < durationMs; ms += 1) {
    let speaking = 0;
    for (const map of maps.values()) speaking += map[ms]!;
    if (speaking >= 1) speechMs += 1;
    if (speaking >= 2) overlapMs += 1;
  }
  return {
    speechMs,
    overlapMs,
    speakingMs: new Map([...maps].map(([voice, map]) => [voice, sum([...map])])),
  };
};

/** A word of no length speaks for no time, but joins what is around it; the bitmap cannot show that. */
const withLength = (words: readonly TranscribedWord[]) =>
  words.filter(({ startMs, endMs }) => endMs > startMs);

test('speech, overlap and every party’s time equal a count of milliseconds', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: false }), fc.boolean(), (any, merged) => {
      const from = { ...any, words: withLength(any.words) };
      const slow = byMilliseconds(from.durationMs, from.words, ({ channel, speaker }) =>
        merged ? 'Everybody' : `${channel}:${speaker}`,
      );
      const voices = toTranscript(from, {}).parties.flatMap((party) => party.voices);
      const names = merged ? Object.fromEntries(voices.map((voice) => [voice, { name: 'Everybody' }])) : {};
      const transcript = toTranscript(from, names);
      const talk = measureTalkTime(transcript);
      expect(talk.speechMs).toBe(slow.speechMs);
      expect(talk.overlapMs).toBe(slow.overlapMs);
      for (const { party, speakingMs } of talk.parties) {
        const { name, voices: own } = transcript.parties[party]!;
        expect(speakingMs).toBe(slow.speakingMs.get(merged ? name : own[0]!));
      }
    }),
    { numRuns: 60 },
  );
});

test('speech and silence make the duration, and the shares make one', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: true }), (from) => {
      const talk = measureTalkTime(toTranscript(from, {}));
      expect(talk.speechMs + talk.silenceMs).toBe(talk.durationMs);
      expect(talk.overlapMs).toBeLessThanOrEqual(talk.speechMs);
      const spokenMs = sum(talk.parties.map(({ speakingMs }) => speakingMs));
      expect(spokenMs).toBeGreaterThanOrEqual(talk.speechMs + talk.overlapMs);
      expect(sum(talk.parties.map(({ share }) => share))).toBeCloseTo(spokenMs > 0 ? 1 : 0, 9);
      expect(sum(talk.parties.map(({ words }) => words))).toBe(from.words.length);
      for (const { longestTurnMs, speakingMs, turns } of talk.parties) {
        expect(longestTurnMs).toBeLessThanOrEqual(speakingMs);
        expect(longestTurnMs * turns).toBeGreaterThanOrEqual(speakingMs);
      }
    }),
  );
});

test('two parties counted as one keep the speech and lose only their overlap', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: true }), fc.nat(7), fc.nat(7), (from, a, b) => {
      const transcript = toTranscript(from, {});
      const asOne: Transcript = {
        ...transcript,
        utterances: transcript.utterances.map((one) => (one.party === a ? { ...one, party: b } : one)),
      };
      fc.pre(a < transcript.parties.length && b < transcript.parties.length);
      const [before, after] = [measureTalkTime(transcript), measureTalkTime(asOne)];
      expect(after.speechMs).toBe(before.speechMs);
      expect(after.overlapMs).toBeLessThanOrEqual(before.overlapMs);
    }),
  );
});

/** The definitions of turns, interruptions and responses, word for word, each pair of utterances looked at. */
const byDefinition = ({ utterances, parties }: Transcript) =>
  parties.map((_, party) => {
    const own = utterances.filter((one) => one.party === party);
    const others = utterances.filter((one) => one.party !== party);
    const startsTurn = own.filter((one) => utterances[utterances.indexOf(one) - 1]?.party !== party);
    const interrupts = own.filter((one) =>
      others.some(
        (other) =>
          other.startMs < one.startMs &&
          one.startMs < other.endMs &&
          other.endMs - one.startMs <= 2_000 &&
          one.endMs >= other.endMs,
      ),
    );
    const latestEnd = (of: readonly Utterance[]) => Math.max(-1, ...of.map(({ endMs }) => endMs));
    const gaps = startsTurn.flatMap((one) => {
      const before = utterances.slice(0, utterances.indexOf(one));
      const othersMs = latestEnd(before.filter((other) => other.party !== party));
      const ownMs = latestEnd(before.filter((other) => other.party === party));
      return othersMs >= 0 && othersMs <= one.startMs && ownMs <= othersMs ? [one.startMs - othersMs] : [];
    });
    gaps.sort((a, b) => a - b);
    const middle = [gaps[Math.floor((gaps.length - 1) / 2)]!, gaps[Math.ceil((gaps.length - 1) / 2)]!];
    return {
      turns: startsTurn.length,
      interruptions: interrupts.length,
      responseMs: gaps.length === 0 ? null : Math.round(sum(middle) / 2),
    };
  });

test('turns, interruptions and response times equal their definitions', () => {
  fc.assert(
    fc.property(anyTranscription({ missingSpeakers: false }), (from) => {
      const transcript = toTranscript(from, {});
      const measured = measureTalkTime(transcript).parties.map(({ turns, interruptions, responseMs }) => ({
        turns,
        interruptions,
        responseMs,
      }));
      expect(measured).toEqual(byDefinition(transcript));
    }),
    { numRuns: 300 },
  );
});
