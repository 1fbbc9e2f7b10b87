import { toAppError } from '../core/error.ts';
import type { Log, Speech } from '../core/ports.ts';
import type { Transcription } from '../core/transcription.ts';
import { channelsAreParties } from './channels.ts';
import { detectContent } from './content.ts';
import { EngineFault, engineFailed, engineTooSlow, noSpeech, notARecording, stopped } from './errors.ts';
import { type Intake, openIntake } from './intake.ts';
import { createLiveSpeech, type LiveFigures, type LiveSpeechOptions } from './live/index.ts';
import { parseResponse } from './response.ts';
import { createRestApi, type RestApiOptions } from './rest-api.ts';
import { upload } from './upload.ts';

export interface SpeechOptions extends RestApiOptions {
  /** Set when the engine is known to separate speakers poorly. */
  readonly approximateSpeakers?: boolean;
  /** Whole sentences for the reader of every transcript of this engine. */
  readonly remarks?: readonly string[];
  /** For one recording, from its first byte to the response. Default 2 hours, for 2 GB over a slow network. */
  readonly timeoutMs?: number;
  /** How long the engine may take no bytes during an upload. Default 2 minutes. */
  readonly stallMs?: number;
  readonly live?: Partial<Omit<LiveSpeechOptions, 'apiKey' | 'baseUrl' | 'clock' | 'log'>>;
  readonly log: Log;
}

/** The Speech port over Deepgram's API, with the figures of its live side. */
export type ClosableSpeech = Speech & { figures(): LiveFigures; close(): Promise<void> };

const DEFAULT_TIMEOUT_MS = 2 * 3_600_000;
const DEFAULT_STALL_MS = 120_000;

/** Transcribes recordings and live speech with Deepgram's nova-3. Errors are those of `errors.ts`. */
export const createSpeech = (options: SpeechOptions): ClosableSpeech => {
  const { clock, log, timeoutMs = DEFAULT_TIMEOUT_MS, stallMs = DEFAULT_STALL_MS } = options;
  const engine = createRestApi(options, timeoutMs);

  /** `ending` holds the first reason to end early, as the error to throw. */
  const run = async (
    intake: Intake,
    partyPerChannel: boolean | undefined,
    progress: Parameters<Speech['transcribe']>[1]['progress'],
    ending: AbortController,
  ): Promise<Transcription> => {
    const content = await detectContent(intake.beginning);
    if (content.kind === 'other') throw notARecording(content.looksLike);
    const byChannel = partyPerChannel ?? channelsAreParties(intake.beginning);
    const body = upload(intake, { ending, stallMs, progress, clock });
    const response = await engine.transcribe(
      { data: body, contentType: content.mimeType, sizeBytes: intake.sizeBytes },
      byChannel,
      ending.signal,
    );
    const parsed = parseResponse(response, {
      byChannel,
      approximateSpeakers: options.approximateSpeakers ?? false,
      remarks: options.remarks ?? [],
    });
    if (parsed === null) throw engineFailed(new EngineFault(200, 'unreadable response', null));
    const { transcription, requestId } = parsed;
    const { durationMs, words } = transcription;
    log.info({ requestId, byChannel, words: words.length, durationMs }, 'speech: recording transcribed');
    if (words.length === 0) throw noSpeech();
    return transcription;
  };

  const transcribe: Speech['transcribe'] = async (recording, { signal, progress }) => {
    const ending = new AbortController();
    const onStop = (): void => ending.abort(stopped(signal.reason));
    const cancelDeadline = clock.after(timeoutMs, () => ending.abort(engineTooSlow()));
    if (signal.aborted) onStop();
    else signal.addEventListener('abort', onStop, { once: true });

    let intake: Intake | null = null;
    try {
      intake = await openIntake(recording, ending.signal);
      return await run(intake, recording.partyPerChannel, progress, ending);
    } catch (thrown) {
      const error = ending.signal.aborted ? ending.signal.reason : toAppError(thrown);
      logFailure(log, error);
      throw error;
    } finally {
      cancelDeadline();
      signal.removeEventListener('abort', onStop);
      // A request that the engine refused early is half sent; this ends it, and the timers of its upload.
      ending.abort();
      intake?.close();
    }
  };

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
    transcribe,
    openLive: (liveOptions) => live.openLive(liveOptions),
    figures: () => live.figures(),
    close() {
      closing ??= Promise.all([live.close(), engine.close()]).then(() => undefined);
      return closing;
    },
  };
};

const logFailure = (log: Log, error: ReturnType<typeof toAppError>): void => {
  const { cause } = error;
  const engine =
    cause instanceof EngineFault
      ? { status: cause.status, errCode: cause.errCode, requestId: cause.requestId }
      : {};
  log.warn({ code: error.code, retryable: error.retryable, ...engine }, 'speech: recording not transcribed');
};
