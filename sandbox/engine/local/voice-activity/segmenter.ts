import { concatSamples, sampleRateHz } from '../../../common/audio.ts';
import { frameSamples } from './silero.ts';

/** Speech between two silences: the unit of recognition. */
export interface SpeechSegment {
  /** Its start in the recording or stream. */
  readonly startSample: number;
  readonly samples: Float32Array;
  /** The speech likelihood of each frame, 0 to 1; the last frame may be shorter than `frameSamples`. */
  readonly voicing: Float32Array;
  /** Silence, the maximum length, or a flush; null while it continues. */
  readonly endedBy: 'silence' | 'length' | 'end' | null;
}

export interface SegmenterOptions {
  /** How much silence ends a segment. */
  readonly silenceMs: number;
}

/** Speech starts at a frame of this likelihood … */
const onsetLikelihood = 0.5;
/** … and continues while frames stay above this. */
export const voicedLikelihood = 0.35;
/** Kept on both sides, so that soft first and last sounds are included. */
const paddingFrames = Math.round((0.15 * sampleRateHz) / frameSamples);
/** The model was trained on at most this much, and its time grows with the square of it. */
const maxFrames = Math.floor((14 * sampleRateHz) / frameSamples);
/** Clicks and knocks are shorter than any word. */
const minVoicedFrames = 3;

interface Frame {
  readonly samples: Float32Array;
  readonly likelihood: number;
}

/** Cuts 16 kHz samples into segments of speech. Feed with `push`, then `flush` once. */
export class Segmenter {
  readonly #likelihoodOf: (frame: Float32Array) => Promise<number>;
  readonly #silenceFrames: number;
  #rest = new Float32Array(0);
  /** Frames from `#firstFrame` on: the padding before speech, or the open segment with its padding. */
  #frames: Frame[] = [];
  #firstFrame = 0;
  #speaking = false;
  #lastVoiced = 0;
  /** The frame, counted from the very first, in which the open segment's speech began. */
  #onset = 0;

  constructor(likelihoodOf: (frame: Float32Array) => Promise<number>, options: SegmenterOptions) {
    this.#likelihoodOf = likelihoodOf;
    this.#silenceFrames = Math.max(1, Math.round((options.silenceMs / 1000) * (sampleRateHz / frameSamples)));
  }

  /** Samples processed so far. */
  get processedSamples(): number {
    return (this.#firstFrame + this.#frames.length) * frameSamples;
  }

  /** The unfinished segment so far; null in silence. */
  get open(): SpeechSegment | null {
    return this.#speaking ? this.#cut(this.#frames.length, null) : null;
  }

  /** The time of the first voiced frame of the open segment; null in silence. */
  get speakingSinceSeconds(): number | null {
    return this.#speaking ? (this.#onset * frameSamples) / sampleRateHz : null;
  }

  async push(samples: Float32Array): Promise<SpeechSegment[]> {
    const all = concatSamples([this.#rest, samples]);
    const segments: SpeechSegment[] = [];
    let at = 0;
    for (; at + frameSamples <= all.length; at += frameSamples) {
      const frame = all.slice(at, at + frameSamples);
      const ended = this.#step({ samples: frame, likelihood: await this.#likelihoodOf(frame) });
      if (ended) segments.push(ended);
    }
    this.#rest = all.slice(at);
    return segments;
  }

  /** Ends the open segment now, at the end of a recording or on request. */
  async flush(): Promise<SpeechSegment[]> {
    const segments: SpeechSegment[] = [];
    if (this.#speaking) {
      const segment = this.#cut(Math.min(this.#frames.length, this.#lastVoiced + 1 + paddingFrames), 'end');
      if (isSpeech(segment)) segments.push(segment);
      this.#drop(this.#frames.length);
      this.#speaking = false;
    }
    return segments;
  }

  #step(frame: Frame): SpeechSegment | null {
    this.#frames.push(frame);
    const last = this.#frames.length - 1;
    if (!this.#speaking) {
      if (frame.likelihood < onsetLikelihood) {
        this.#drop(this.#frames.length - paddingFrames);
        return null;
      }
      this.#speaking = true;
      this.#onset = this.#firstFrame + last;
    }
    if (frame.likelihood >= voicedLikelihood) this.#lastVoiced = last;
    if (last - this.#lastVoiced >= this.#silenceFrames) return this.#end();
    if (this.#frames.length >= maxFrames) return this.#split();
    return null;
  }

  #end(): SpeechSegment | null {
    const segment = this.#cut(this.#lastVoiced + 1 + paddingFrames, 'silence');
    // The silence after this segment is the padding before the next.
    this.#drop(this.#frames.length - paddingFrames);
    this.#speaking = false;
    return isSpeech(segment) ? segment : null;
  }

  /** Without a long pause, cuts where speech is least likely in the second half. */
  #split(): SpeechSegment {
    let at = Math.floor(maxFrames / 2);
    for (let i = at; i < this.#frames.length; i++)
      if (this.#frames[i]!.likelihood < this.#frames[at]!.likelihood) at = i;
    const segment = this.#cut(at, 'length');
    this.#drop(at);
    this.#lastVoiced = Math.max(0, this.#lastVoiced - at);
    return segment;
  }

  #cut(frameCount: number, endedBy: SpeechSegment['endedBy']): SpeechSegment {
    const frames = this.#frames.slice(0, frameCount);
    return {
      startSample: this.#firstFrame * frameSamples,
      samples: concatSamples(frames.map((frame) => frame.samples)),
      voicing: Float32Array.from(frames, (frame) => frame.likelihood),
      endedBy,
    };
  }

  #drop(count: number): void {
    if (count <= 0) return;
    this.#frames.splice(0, count);
    this.#firstFrame += count;
  }
}

const isSpeech = (segment: SpeechSegment): boolean =>
  segment.voicing.filter((likelihood) => likelihood >= onsetLikelihood).length >= minVoicedFrames;
