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
   * In the order of their first words, which also numbers them ("Speaker 1"). Voices of unattributed words come last, so
   * that they never renumber the others.
   */
  readonly voices: readonly VoiceId[];
}

/** A word without a speaker gets that of a neighbour within this distance. */
const NEAR_MS = 2_000;

/** Gives every word one voice, and drops the words of echoing channels. */
export const assignVoices = (transcription: Transcription): Voices => {
  const { durationMs, words } = repairWords(transcription);
  const distinct = withoutEchoes(words);
  const speakers = nearestSpeakers(distinct);
  const latest = new Map<number, VoiceId>();
  const voiced = distinct.map(({ text, startMs, endMs, channel, blankBefore }, i): VoicedWord => {
    const voice = voiceId(channel, speakers[i] ?? null);
    // The engine set the blank after the channel's word before, which may be another voice's.
    const follows = latest.get(channel) === voice;
    latest.set(channel, voice);
    return { text, startMs, endMs, voice, ...(follows && blankBefore !== undefined ? { blankBefore } : {}) };
  });
  return { durationMs, words: voiced, voices: byFirstWord(distinct, voiced) };
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
const NO_NEIGHBOUR: Neighbour = { speaker: null, awayMs: Number.POSITIVE_INFINITY };

const lastKnown = (words: readonly Word[], awayMs: (known: Word, word: Word) => number): Neighbour[] => {
  const known = new Map<number, Word>();
  return words.map((word) => {
    if (word.speaker !== null) {
      known.set(word.channel, word);
      return NO_NEIGHBOUR;
    }
    const last = known.get(word.channel);
    return last === undefined
      ? NO_NEIGHBOUR
      : { speaker: last.speaker, awayMs: Math.max(0, awayMs(last, word)) };
  });
};

/**
 * Only words with a speaker from the engine (or in channels without any) count as a voice's first word: a word that got
 * its neighbour's speaker must not change the numbering.
 */
const byFirstWord = (words: readonly Word[], voiced: readonly VoicedWord[]): readonly VoiceId[] => {
  const diarized = new Set(words.filter((word) => word.speaker !== null).map((word) => word.channel));
  const certain = new Set<VoiceId>();
  const stray = new Set<VoiceId>();
  words.forEach((word, i) => {
    const isCertain = word.speaker !== null || !diarized.has(word.channel);
    (isCertain ? certain : stray).add(voiced[i]!.voice);
  });
  return [...certain.union(stray)];
};
