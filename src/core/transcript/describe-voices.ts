import { firstCharacters } from '../single-line.ts';
import type { SpeakerNames, Transcription, VoiceId } from '../transcription.ts';
import { toParties } from './parties.ts';
import type { PartyIndex, Utterance } from './types.ts';
import { toUtterances } from './utterances.ts';
import { assignVoices } from './voices.ts';

/** What helps a person to recognise a voice. */
export interface DescribedVoice {
  readonly voice: VoiceId;
  readonly party: PartyIndex;
  /** "Speaker 2", or the name given before. */
  readonly currentName: string;
  /** False while the name is only "Speaker 2". */
  readonly named: boolean;
  readonly memberId: string | null;
  readonly speakingMs: number;
  /** The beginning of its longest utterance, at most 120 characters. */
  readonly excerpt: string;
  /**
   * The sample to play, 3 to 8 s long (shorter only when the recording is), in which the voice speaks alone if it ever
   * does.
   */
  readonly sampleStartMs: number;
  readonly sampleEndMs: number;
}

const EXCERPT_CHARACTERS = 120;
const SHORTEST_SAMPLE_MS = 3_000;
const LONGEST_SAMPLE_MS = 8_000;
/** Pauses within a sample: a voice transcription in short bursts is still one voice. */
const PAUSE_MS = 1_000;

/** Every voice in the order of first words; merged ones separately, so that a merge can be undone. */
export const describeVoices = (
  transcription: Transcription,
  names: SpeakerNames,
): readonly DescribedVoice[] => {
  const { durationMs, words, voices } = assignVoices(transcription);
  const { parties, partyOf } = toParties(voices, names);
  const indexOf = new Map(voices.map((voice, i) => [voice, i]));
  const utterances = toUtterances(words, (word) => indexOf.get(word.voice)!);
  const alone = longestAlone(utterances);

  return [...Map.groupBy(utterances, (utterance) => utterance.party)]
    .sort(([a], [b]) => a - b)
    .map(([index, own]) => {
      const voice = voices[index]!;
      const party = partyOf.get(voice)!;
      const longest = own.reduce((best, next) => (next.text.length > best.text.length ? next : best));
      const sample = sampleOf(alone.get(index) ?? longest, durationMs);
      return {
        voice,
        party,
        currentName: parties[party]!.name,
        named: parties[party]!.named,
        memberId: parties[party]!.memberId,
        speakingMs: own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
        excerpt: beginningOf(longest.text),
        sampleStartMs: sample.startMs,
        sampleEndMs: sample.endMs,
      };
    });
};

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

const NO_INTERVAL = { party: -1, startMs: 0, endMs: 0 };

/**
 * The longest interval, by voice, in which no other voice speaks. Voices that never speak alone are missing. Walks over
 * the starts and ends of utterances, with the set of voices that speak between two of them.
 */
const longestAlone = (utterances: readonly Utterance[]): ReadonlyMap<number, Interval> => {
  const moments = utterances
    .flatMap(({ party, startMs, endMs }) => [
      { atMs: startMs, party, starts: true },
      { atMs: endMs, party, starts: false },
    ])
    .sort((a, b) => a.atMs - b.atMs);
  const speaking = new Set<number>();
  const longest = new Map<number, Interval>();
  let current = NO_INTERVAL;
  let sinceMs = 0;

  for (const { atMs, party, starts } of moments) {
    const only = speaking.size === 1 ? [...speaking][0] : undefined;
    if (atMs > sinceMs && speaking.size > 1) current = NO_INTERVAL;
    if (atMs > sinceMs && only !== undefined) {
      const continues = current.party === only && sinceMs - current.endMs <= PAUSE_MS;
      current = { party: only, startMs: continues ? current.startMs : sinceMs, endMs: atMs };
      const best = longest.get(only);
      if (best === undefined || lengthOf(current) > lengthOf(best)) longest.set(only, current);
    }
    sinceMs = atMs;
    if (starts) speaking.add(party);
    else speaking.delete(party);
  }
  return longest;
};

const lengthOf = ({ startMs, endMs }: Interval): number => endMs - startMs;

/** The first 8 s of the interval; a shorter one is extended to 3 s, evenly, within the recording. */
const sampleOf = ({ startMs, endMs }: Interval, durationMs: number): Interval => {
  const missingMs = Math.max(0, SHORTEST_SAMPLE_MS - (endMs - startMs));
  const latestStartMs = Math.max(0, durationMs - SHORTEST_SAMPLE_MS);
  if (missingMs === 0) return { startMs, endMs: Math.min(endMs, startMs + LONGEST_SAMPLE_MS) };
  const widenedMs = Math.min(Math.max(0, startMs - Math.floor(missingMs / 2)), latestStartMs);
  return { startMs: widenedMs, endMs: Math.min(durationMs, widenedMs + SHORTEST_SAMPLE_MS) };
};

/** Cut between words, never within a grapheme cluster. */
const beginningOf = (text: string): string => {
  if (text.length <= EXCERPT_CHARACTERS) return text;
  const beginning = firstCharacters(text, EXCERPT_CHARACTERS - 1);
  const space = text.lastIndexOf(' ', beginning.length);
  return `${space > EXCERPT_CHARACTERS / 2 ? text.slice(0, space) : beginning}…`;
};
