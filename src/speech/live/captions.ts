import type { SpeechCaption } from '../../core/ports.ts';
import { joinWords } from '../../core/transcript/join-words.ts';
import { likelyEndMs } from '../../core/transcript/word-length.ts';
import type { CaptionWord } from '../../core/transcription.ts';
import type { Timeline } from './timeline.ts';
import type { EngineResults } from './wire.ts';

/** Engines write times as decimal fractions of a second; smaller differences are rounding. */
const ROUNDING_S = 0.005;

/**
 * An interim whose words are on average at least this certain was no noise: when the engine returns no words for it
 * afterwards, it has lost them, and they count.
 */
const CONFIDENT = 0.7;

/** A word with its place in the stream. */
interface HeardWord {
  /** Words belong to the side of a border on which their middle is, since two recognitions differ in the edges. */
  readonly middle: number;
  readonly end: number;
  readonly word: CaptionWord;
}

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
  /** Words of the last interim that no final has followed. */
  #interim: readonly HeardWord[] = [];

  constructor(sampleRateHz: number, timeline: Timeline) {
    this.#sampleRateHz = sampleRateHz;
    this.#timeline = timeline;
  }

  /** Everything before this position of the stream is final. */
  get settled(): number {
    return this.#settled;
  }

  /** No results will follow for what lies before `position`: confident words of an interim are final then. */
  settle(position: number): SpeechCaption | null {
    return this.#finalUntil(position, []);
  }

  /**
   * The engine was told that the speaker paused at `position`, and did not answer in time. What is shown is final then,
   * or withdrawn; what the engine has not reported stays unsettled, since it may still come.
   */
  settleShown(position: number): SpeechCaption | null {
    if (this.#shownUntil === null) return null;
    const last = this.#confidentUntil(position).at(-1);
    // Not to the end of the interim, where another word may have begun.
    if (last !== undefined) return this.settle(last.end);
    this.#interim = [];
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
    if (results.isFinal) return this.#finalUntil(end, words);
    // A new connection begins with the first words again; more of them may be shown already.
    if (words.length === 0 || end < (this.#shownUntil ?? 0)) return null;
    this.#shownUntil = end;
    this.#interim = words;
    return this.#caption(words, false);
  }

  #finalUntil(position: number, words: readonly HeardWord[]): SpeechCaption | null {
    const spoken = words.length > 0 ? words : this.#confidentUntil(position);
    this.#settled = Math.max(this.#settled, position);
    this.#interim = this.#interim.filter(({ middle }) => middle > this.#settled);
    return this.#final(spoken);
  }

  /** The words of the interim before `position`; none when they may be noise. */
  #confidentUntil(position: number): readonly HeardWord[] {
    const words = this.#interim.filter(({ middle }) => middle > this.#settled && middle <= position);
    const sum = words.reduce((total, { word }) => total + (word.confidence ?? 0), 0);
    return sum >= CONFIDENT * words.length ? words : [];
  }

  #final(words: readonly HeardWord[]): SpeechCaption | null {
    const wasShown = this.#shownUntil !== null;
    this.#shownUntil = null;
    if (words.length === 0 && !wasShown) return null;
    const caption = this.#caption(words, true);
    this.#number += 1;
    return caption;
  }

  #newWords(results: EngineResults, base: number): HeardWord[] {
    const overlaps = base + this.#samples(results.startS + ROUNDING_S) < this.#settled;
    const words: HeardWord[] = [];
    for (const { startS, endS, ...said } of results.words) {
      const [start, end] = [base + this.#samples(startS), base + this.#samples(endS)];
      const middle = (start + end) / 2;
      if (overlaps && middle <= this.#settled) continue;
      const { startMs, endMs } = this.#timeline.timesOf(start, end);
      words.push({ middle, end, word: { ...said, startMs, endMs: likelyEndMs(said.text, startMs, endMs) } });
    }
    return words;
  }

  #caption(heard: readonly HeardWord[], isFinal: boolean): SpeechCaption {
    const words = heard.map(({ word }) => word);
    return { id: String(this.#number), words, text: joinWords(words), isFinal };
  }

  #samples(seconds: number): number {
    return Math.round(seconds * this.#sampleRateHz);
  }
}
