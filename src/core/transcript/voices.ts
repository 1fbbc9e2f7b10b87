import type { Transcription, VoiceId } from '../transcription.ts';
import { withoutEchoes } from './echo.ts';
import { repairWords, type Word } from './repair.ts';
import type { TimedWord } from './types.ts';

export interface VoicedWord extends TimedWord {
  readonly voice: VoiceId;
}

export interface Voices {
  readonly durationMs: number;
  /** By start, then end. */
  readonly words: readonly VoicedWord[];
  /**
   * In the order in which they are first heard, which also numbers them ("Speaker 1"). Stray words that belong
   * to nobody come last, so that they never renumber the others.
   */
  readonly voices: readonly VoiceId[];
}

/** A word without a speaker belongs to a neighbour this near; further off it may be anybody's. */
const NEAR_MS = 2_000;

/** Sorts out whose each word is. Every word of `heard` has exactly one voice, save those of echoing channels. */
export const assignVoices = (heard: Transcription): Voices => {
  const { durationMs, words } = repairWords(heard);
  const heardOnce = withoutEchoes(words);
  const speakers = nearestSpeakers(heardOnce);
  const voiced = heardOnce.map(({ text, startMs, endMs, channel }, i) => ({
    text,
    startMs,
    endMs,
    voice: voiceId(channel, speakers[i] ?? null),
  }));
  return { durationMs, words: voiced, voices: inOrderOfHearing(heardOnce, voiced) };
};

const voiceId = (channel: number, speaker: number | null): VoiceId => `${channel}:${speaker ?? '?'}`;

/** Each word's speaker: its own, else that of the nearest word in its channel that has one (the earlier if even). */
const nearestSpeakers = (words: readonly Word[]): readonly (number | null)[] => {
  if (words.every(({ speaker }) => speaker !== null)) return words.map(({ speaker }) => speaker);
  const before = lastKnown(words, (known, word) => word.startMs - known.endMs);
  const after = lastKnown(words.toReversed(), (known, word) => known.startMs - word.endMs).reverse();
  return words.map((word, i) => {
    if (word.speaker !== null) return word.speaker;
    const [earlier, later] = [before[i]!, after[i]!];
    const nearest = earlier.awayMs <= later.awayMs ? earlier : later;
    return nearest.awayMs <= NEAR_MS ? nearest.speaker : null;
  });
};

interface Neighbour {
  readonly speaker: number | null;
  readonly awayMs: number;
}
const NOBODY: Neighbour = { speaker: null, awayMs: Number.POSITIVE_INFINITY };

const lastKnown = (words: readonly Word[], awayMs: (known: Word, word: Word) => number): Neighbour[] => {
  const known = new Map<number, Word>();
  return words.map((word) => {
    if (word.speaker !== null) {
      known.set(word.channel, word);
      return NOBODY;
    }
    const last = known.get(word.channel);
    return last === undefined ? NOBODY : { speaker: last.speaker, awayMs: Math.max(0, awayMs(last, word)) };
  });
};

/**
 * Only words whose speaker the engine gave (or whose channel has no speakers at all) say when a voice is first
 * heard: a word that was merely added to its neighbour must not change who is number one.
 */
const inOrderOfHearing = (words: readonly Word[], voiced: readonly VoicedWord[]): readonly VoiceId[] => {
  const told = new Set(words.filter((word) => word.speaker !== null).map((word) => word.channel));
  const heard = new Set<VoiceId>();
  const stray = new Set<VoiceId>();
  words.forEach((word, i) => {
    const sure = word.speaker !== null || !told.has(word.channel);
    (sure ? heard : stray).add(voiced[i]!.voice);
  });
  return [...heard.union(stray)];
};
