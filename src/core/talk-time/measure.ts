import { countCharacters } from '../transcript/join-words.ts';
import type { PartyIndex, Transcript, Utterance } from '../transcript/types.ts';
import { countInterruptions } from './interruptions.ts';
import { countQuestions } from './questions.ts';
import { responsesOf, toTurns } from './turns.ts';
import type { PartyTalkTime, TalkTime } from './types.ts';
import { unionOf } from './union.ts';

/** Too little speech for a rate of words. */
const MIN_FOR_RATE_MS = 1_000;

/**
 * Measures talk time from utterances, so a pause of up to 500 ms within one counts as speech. Speech + silence is exactly
 * the duration. Shares are of the sum of speaking times, so that overlapping parties both count in full. O(n log n).
 */
export const measureTalkTime = (transcript: Transcript): TalkTime => {
  const { durationMs, parties } = transcript;
  const utterances = transcript.utterances.toSorted(
    (a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.party - b.party,
  );
  const union = unionOf(utterances, parties.length);
  const spokenMs = union.speakingMs.reduce((sum, ms) => sum + ms, 0);
  const tallies = tally(utterances, parties.length);
  const interruptions = countInterruptions(utterances, parties.length);
  const responses = responsesOf(utterances, parties.length);

  return {
    durationMs,
    speechMs: union.speechMs,
    overlapMs: union.overlapMs,
    silenceMs: durationMs - union.speechMs,
    parties: tallies.map((counted, party): PartyTalkTime => {
      const speakingMs = union.speakingMs[party]!;
      return {
        party,
        speakingMs,
        share: spokenMs === 0 ? 0 : speakingMs / spokenMs,
        turns: counted.turns,
        longestTurnMs: counted.longestTurnMs,
        words: counted.words,
        ...paceOf(counted, speakingMs),
        questions: counted.questions,
        interruptions: interruptions[party]!,
        responseMs: median(responses[party]!),
      };
    }),
  };
};

const paceOf = (
  { words, texts }: Tally,
  speakingMs: number,
): Pick<PartyTalkTime, 'wordsPerMinute' | 'charactersPerMinute'> => {
  const perMinute = (count: number): number | null =>
    speakingMs < MIN_FOR_RATE_MS ? null : Math.round((count * 60_000) / speakingMs);
  const characters = countCharacters(texts.join(' '));
  return characters === null
    ? { wordsPerMinute: perMinute(words), charactersPerMinute: null }
    : { wordsPerMinute: null, charactersPerMinute: perMinute(characters) };
};

interface Tally {
  turns: number;
  longestTurnMs: number;
  words: number;
  questions: number;
  readonly texts: string[];
}

const tally = (utterances: readonly Utterance[], partyCount: number): readonly Tally[] => {
  const tallies = Array.from(
    { length: partyCount },
    (): Tally => ({ turns: 0, longestTurnMs: 0, words: 0, questions: 0, texts: [] }),
  );
  for (const { party, wordCount, text } of utterances) {
    const own = tallies[party as PartyIndex]!;
    own.words += wordCount;
    own.texts.push(text);
    own.questions += countQuestions(text);
  }
  for (const { party, speakingMs } of toTurns(utterances)) {
    const own = tallies[party]!;
    own.turns += 1;
    own.longestTurnMs = Math.max(own.longestTurnMs, speakingMs);
  }
  return tallies;
};

/** To the millisecond; the mean of the middle two when the count is even. */
const median = (values: readonly number[]): number | null => {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : Math.round((sorted[middle - 1]! + sorted[middle]!) / 2);
};
