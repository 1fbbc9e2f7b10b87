import type { Speech } from '../core/ports.ts';
import { createLiveSpeech, type LiveFigures, type LiveSpeechOptions } from './live/index.ts';
import { createHear, type HearOptions } from './pass.ts';
import { createTranscribe } from './recordings.ts';
import { createRestApi, type RestApiOptions } from './rest-api.ts';

export interface SpeechOptions extends RestApiOptions, HearOptions {
  /** For one pass of a recording, from its first byte to the response. Default 2 hours, for 2 GB over a slow network. */
  readonly timeoutMs?: number;
  readonly live?: Partial<Omit<LiveSpeechOptions, 'apiKey' | 'baseUrl' | 'clock' | 'log'>>;
}

/** The Speech port over Deepgram's API, with the figures of its live side. */
export type ClosableSpeech = Speech & { figures(): LiveFigures; close(): Promise<void> };

const DEFAULT_TIMEOUT_MS = 2 * 3_600_000;

/** Transcribes recordings and live speech with Deepgram's nova-3. Errors are those of `errors.ts`. */
export const createSpeech = (options: SpeechOptions): ClosableSpeech => {
  const { clock, log, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const engine = createRestApi(options, timeoutMs);
  const live = createLiveSpeech({
    apiKey: options.apiKey,
    baseUrl: options.baseUrl,
    mipOptOut: options.mipOptOut ?? true,
    ...(options.hints && { hints: options.hints }),
    clock,
    log,
    ...options.live,
  });
  let closing: Promise<void> | null = null;
  return {
    transcribe: createTranscribe(createHear(options, engine, timeoutMs)),
    openLive: (liveOptions) => live.openLive(liveOptions),
    figures: () => live.figures(),
    close() {
      closing ??= Promise.all([live.close(), engine.close()]).then(() => undefined);
      return closing;
    },
  };
};
