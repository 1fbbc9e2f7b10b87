import type { LiveQuery } from '../live-query.ts';
import type { SpokenMarker, WordReader } from './markers.ts';

export interface TranscriberOptions {
  readonly query: Pick<
    LiveQuery,
    'sample_rate' | 'interim_results' | 'endpointing' | 'utterance_end_ms' | 'vad_events' | 'language'
  >;
  /** Audio between two interims. */
  readonly interimEveryMs: number;
}

const MODEL_UUID = '00000000-0000-4000-8000-00000000a003';

/** Speech without a pause after which a final is sent, and silence after which an empty one is. */
const MOST_OPEN_MS = 3_000;

/**
 * Transcribes the numbered words of a live stream in Deepgram's messages and order: interims, finals at pauses, after
 * long speech and on request, and empty finals in silence.
 */
export class ScriptedTranscriber {
  readonly #options: TranscriberOptions;
  readonly #requestId: string;
  readonly #reader: WordReader;
  #pending: SpokenMarker[] = [];
  #finalized = 0;
  #lastInterim = 0;
  #lastWordEnd: number | null = null;
  #speaking = false;

  constructor(options: TranscriberOptions, requestId: string, reader: WordReader) {
    this.#options = options;
    this.#requestId = requestId;
    this.#reader = reader;
  }

  get audioMs(): number {
    return this.#ms(this.#reader.readSamples);
  }

  get damaged(): number {
    return this.#reader.damaged;
  }

  /** `markers` are the numbers that end in these bytes; `messages` are to be sent now. */
  push(bytes: Buffer): { readonly markers: readonly number[]; readonly messages: readonly object[] } {
    const found = this.#reader.read(bytes);
    const messages: object[] = [];
    if (found.length > 0 && !this.#speaking) {
      this.#speaking = true;
      if (this.#options.query.vad_events) {
        messages.push({ type: 'SpeechStarted', channel: [0, 1], timestamp: this.#seconds(found[0]!.start) });
      }
    }
    this.#pending.push(...found);
    const due = this.#dueMessage();
    if (due !== null) messages.push(due);
    const silenceMs = this.#ms(this.#reader.silentSamples);
    const { utterance_end_ms: utteranceEndMs } = this.#options.query;
    if (this.#lastWordEnd !== null && utteranceEndMs !== undefined && silenceMs >= utteranceEndMs) {
      messages.push({
        type: 'UtteranceEnd',
        channel: [0, 1],
        last_word_end: this.#seconds(this.#lastWordEnd),
      });
      this.#lastWordEnd = null;
      this.#speaking = false;
    }
    return { markers: found.map(({ number }) => number), messages };
  }

  /** The response to Finalize and CloseStream: everything so far is final, an incomplete word is lost. */
  finalize(fromFinalize: boolean): object {
    return this.#final(this.#reader.readSamples, { speechFinal: true, fromFinalize });
  }

  /** Whether there are words that are not final. */
  get hasWords(): boolean {
    return this.#pending.length > 0;
  }

  /** They will be in no result. */
  forgetWords(): void {
    this.#pending = [];
  }

  /** `incomplete` for a stream that was not told to close. */
  metadata(sha256 = '0'.repeat(64)): object {
    return {
      type: 'Metadata',
      transaction_key: 'deprecated',
      request_id: this.#requestId,
      sha256,
      created: '2026-01-01T00:00:00.000Z',
      duration: this.audioMs / 1000,
      channels: 1,
    };
  }

  #dueMessage(): object | null {
    const { readSamples: heardSamples, silentSamples: quietSamples } = this.#reader;
    const silenceMs = this.#ms(quietSamples);
    const openMs = this.#ms(heardSamples - this.#finalized);
    const { endpointing: endpointingMs, interim_results: interimResults } = this.#options.query;
    const last = this.#pending.at(-1);
    if (last !== undefined && endpointingMs !== null && silenceMs >= endpointingMs) {
      return this.#final(heardSamples, { speechFinal: true, fromFinalize: false });
    }
    if (openMs >= MOST_OPEN_MS) {
      if (last !== undefined) return this.#final(last.end, { speechFinal: false, fromFinalize: false });
      // The next word may have started within the last half second.
      const until = heardSamples - this.#samples(openMs - silenceMs > 0 ? 500 : 0);
      if (silenceMs >= 500) return this.#final(until, { speechFinal: false, fromFinalize: false });
    }
    if (!interimResults || this.#ms(heardSamples - this.#lastInterim) < this.#options.interimEveryMs)
      return null;
    this.#lastInterim = heardSamples;
    return this.#results(heardSamples, { isFinal: false, speechFinal: false, fromFinalize: false });
  }

  #final(end: number, about: { speechFinal: boolean; fromFinalize: boolean }): object {
    const message = this.#results(end, { isFinal: true, ...about });
    this.#lastWordEnd = this.#pending.at(-1)?.end ?? this.#lastWordEnd;
    this.#pending = [];
    this.#finalized = end;
    this.#lastInterim = end;
    return message;
  }

  #results(end: number, about: { isFinal: boolean; speechFinal: boolean; fromFinalize: boolean }): object {
    const isMulti = this.#options.query.language === 'multi';
    const words = this.#pending.map(({ end: wordEnd, number, start }) => ({
      word: `m${number}`,
      punctuated_word: `M${number}`,
      start: this.#seconds(start),
      end: this.#seconds(wordEnd),
      confidence: 0.99,
      ...(isMulti ? { language: 'en' } : {}),
    }));
    return {
      type: 'Results',
      channel_index: [0, 1],
      start: this.#seconds(this.#finalized),
      duration: this.#seconds(end - this.#finalized),
      is_final: about.isFinal,
      speech_final: about.speechFinal,
      from_finalize: about.fromFinalize,
      channel: {
        alternatives: [
          {
            transcript: words.map((word) => word.punctuated_word).join(' '),
            confidence: words.length === 0 ? 0 : 0.99,
            ...(isMulti && words.length > 0 ? { languages: ['en'] } : {}),
            words,
          },
        ],
      },
      metadata: {
        request_id: this.#requestId,
        model_info: { name: 'general-nova-3', version: '2026-01-01.0', arch: 'nova-3' },
        model_uuid: MODEL_UUID,
      },
    };
  }

  #ms(samples: number): number {
    return (samples * 1000) / this.#options.query.sample_rate;
  }

  #samples(ms: number): number {
    return Math.round((ms * this.#options.query.sample_rate) / 1000);
  }

  #seconds(samples: number): number {
    return samples / this.#options.query.sample_rate;
  }
}
