import type { SpeechCaption } from '../../core/ports.ts';
import { joinWords } from '../../core/transcript/join-words.ts';
import { likelyEndMs } from '../../core/transcript/word-length.ts';
import type { CaptionWord } from '../../core/transcription.ts';
import type { Timeline } from './timeline.ts';
import type { EngineResults } from './wire.ts';

/** Engines write times as decimal fractions of a second; smaller differences are rounding. */
const ROUNDING_S = 0.005;

/**
 * One speaker's captions, made of the engine's results on one connection after the other: numbered, on the
 * conversation's clock, each word once. A final settles a span of audio, and the next connection is sent the audio after
 * it, so only words that overlap a settled span can be duplicates.
 */
export class Captions {
  readonly #sampleRateHz: number;
  readonly #timeline: Timeline;
  #settled = 0;
  #number = 1;
  /** The end of the interim that is shown; null when none is. */
  #shownUntil: number | null = null;

  constructor(sampleRateHz: number, timeline: Timeline) {
    this.#sampleRateHz = sampleRateHz;
    this.#timeline = timeline;
  }

  /** Everything before this position of the stream is final. */
  get settled(): number {
    return this.#settled;
  }

  /** No results will follow for what lies before `position`. */
  settle(position: number): SpeechCaption | null {
    this.#settled = Math.max(this.#settled, position);
    return this.#final([]);
  }

  /**
   * Takes results of a connection that was sent the audio from `base` to `sent`. Returns the caption to show; null when
   * they hold nothing new.
   */
  apply(results: EngineResults, base: number, sent: number): SpeechCaption | null {
    const end = Math.min(sent, base + this.#samples(results.endS));
    if (results.isFinal && end <= this.#settled) return null;
    const words = this.#newWords(results, base);
    if (results.isFinal) {
      this.#settled = end;
      return this.#final(words);
    }
    // A new connection begins with the first words again; more of them may be shown already.
    if (words.length === 0 || end < (this.#shownUntil ?? 0)) return null;
    this.#shownUntil = end;
    return this.#caption(words, false);
  }

  #final(words: readonly CaptionWord[]): SpeechCaption | null {
    const wasShown = this.#shownUntil !== null;
    this.#shownUntil = null;
    if (words.length === 0 && !wasShown) return null;
    const caption = this.#caption(words, true);
    this.#number += 1;
    return caption;
  }

  #newWords(results: EngineResults, base: number): CaptionWord[] {
    const overlaps = base + this.#samples(results.startS + ROUNDING_S) < this.#settled;
    const words: CaptionWord[] = [];
    for (const word of results.words) {
      const [start, end] = [base + this.#samples(word.startS), base + this.#samples(word.endS)];
      // By the middle of the word, since two recognitions differ in its edges.
      if (overlaps && (start + end) / 2 <= this.#settled) continue;
      const { startMs, endMs } = this.#timeline.timesOf(start, end);
      words.push({
        text: word.text,
        startMs,
        endMs: likelyEndMs(word.text, startMs, endMs),
        confidence: word.confidence,
      });
    }
    return words;
  }

  #caption(words: readonly CaptionWord[], isFinal: boolean): SpeechCaption {
    return { id: String(this.#number), words, text: joinWords(words), isFinal };
  }

  #samples(seconds: number): number {
    return Math.round(seconds * this.#sampleRateHz);
  }
}
