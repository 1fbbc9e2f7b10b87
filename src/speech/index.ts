import { DeepgramClient } from '@deepgram/sdk';
import { Agent } from 'undici';
import { toAppError } from '../core/error.ts';
import type { Log, Speech } from '../core/ports.ts';
import { parseAnswer } from './answer.ts';
import { channelsAreParties } from './channels.ts';
import { judgeContent } from './content.ts';
import {
  EngineFault,
  engineFailed,
  engineTooSlow,
  fromEngine,
  noSpeech,
  notARecording,
  stopped,
} from './errors.ts';
import { type Intake, openIntake } from './intake.ts';
import { createLiveSpeech, type LiveFigures, type LiveSpeechOptions } from './live/index.ts';
import { upload } from './upload.ts';

export interface SpeechOptions {
  readonly apiKey: string;
  /** Deepgram's own, a region's, a self-hosted engine's or the local one's. */
  readonly baseUrl: string;
  /** Set when the engine is known to guess badly who spoke. */
  readonly approximateSpeakers?: boolean;
  /** Whole sentences for the reader of every transcript of this engine. */
  readonly remarks?: readonly string[];
  /** Keeps what is said out of the vendor's training data. Default true; the vendor gives a rebate without. */
  readonly mipOptOut?: boolean;
  /** For one whole recording, from its first byte to the answer. Default 2 hours, for 2 GB over a slow line. */
  readonly timeoutMs?: number;
  /** How long the engine may leave a chunk untaken during the upload. Default 2 minutes. */
  readonly stallMs?: number;
  /** How live speech shares the engine; see there for the defaults. */
  readonly live?: Pick<LiveSpeechOptions, 'maxStreams' | 'lingerMs' | 'onCaptionDelay'>;
  readonly log: Log;
}

/** The Speech port over Deepgram's API, figures of its live side, and an end to the connections it keeps. */
export type ClosableSpeech = Speech & { figures(): LiveFigures; close(): Promise<void> };

const DEFAULT_TIMEOUT_MS = 2 * 3_600_000;
const DEFAULT_STALL_MS = 120_000;

/** Hears recordings and live speech with Deepgram's nova-3. Errors are those of `errors.ts`. */
export const createSpeech = (options: SpeechOptions): ClosableSpeech => {
  const { log, timeoutMs = DEFAULT_TIMEOUT_MS, stallMs = DEFAULT_STALL_MS } = options;
  const dispatcher = new Agent({
    // The engine works between the last byte and the first header, for as long as our own deadline allows.
    headersTimeout: 0,
    // Once it has begun to answer, the rest is already written.
    bodyTimeout: 60_000,
    // One stream of a request body needs no multiplexing, and HTTP/1.1 has the plainer back-pressure.
    allowH2: false,
  });

  const transcribe: Speech['transcribe'] = async (recording, { signal, progress }) => {
    // Whatever ends a transcription early is put here as the error to surface; the first one counts.
    const ending = new AbortController();
    const onStop = (): void => ending.abort(stopped(signal.reason));
    const deadline = setTimeout(() => ending.abort(engineTooSlow()), timeoutMs);
    if (signal.aborted) onStop();
    else signal.addEventListener('abort', onStop, { once: true });

    let intake: Intake | null = null;
    try {
      intake = await openIntake(recording, ending.signal);
      const content = await judgeContent(intake.beginning);
      if (content.kind === 'other') throw notARecording(content.looksLike);
      const byChannel = recording.partyPerChannel ?? channelsAreParties(intake.beginning);
      const body = upload(intake, { ending, stallMs, progress });
      const answer = await ask(body, content.mimeType, byChannel, ending.signal);
      const parsed = parseAnswer(answer, {
        byChannel,
        approximateSpeakers: options.approximateSpeakers ?? false,
        remarks: options.remarks ?? [],
      });
      if (parsed === null) throw engineFailed(new EngineFault(200, 'unreadable answer', null));
      const { heard, requestId } = parsed;
      log.info(
        { requestId, byChannel, words: heard.words.length, durationMs: heard.durationMs },
        'speech: recording heard',
      );
      if (heard.words.length === 0) throw noSpeech();
      return heard;
    } catch (thrown) {
      const error = ending.signal.aborted ? ending.signal.reason : toAppError(thrown);
      logFailure(log, error);
      throw error;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onStop);
      // An engine that refuses early leaves a request half sent; this ends it, and the timers of its upload.
      ending.abort();
      intake?.close();
    }
  };

  /** Sends one request and gives the engine's answer as it came. */
  const ask = async (
    body: ReadableStream<Uint8Array>,
    mimeType: string,
    byChannel: boolean,
    signal: AbortSignal,
  ): Promise<unknown> => {
    let networkFault: unknown;
    const client = new DeepgramClient({
      apiKey: options.apiKey,
      baseUrl: options.baseUrl,
      // The SDK stops its own timer only when fetch resolves, and a timer of hours would keep the process alive;
      // so a fault of the network resolves too, as the standard's own "network error" response.
      fetch: async (url, init) => {
        try {
          return await fetch(url, { ...init, dispatcher } as unknown as RequestInit);
        } catch (error) {
          networkFault = error;
          return Response.error();
        }
      },
    });
    try {
      return await client.listen.v1.media.transcribeFile(
        { data: body, contentType: mimeType },
        {
          model: 'nova-3',
          detect_language: true,
          punctuate: true,
          smart_format: true,
          utterances: true,
          mip_opt_out: options.mipOptOut ?? true,
          // With one party a channel there is nobody to tell apart. The older `diarize` must not come along.
          ...(byChannel ? { multichannel: true } : { diarize_model: 'latest' }),
        },
        // Its retries would send a stream that is already used up; its timeout is wanted never to come first.
        { maxRetries: 0, timeoutInSeconds: timeoutMs / 1000 + 60, abortSignal: signal },
      );
    } catch (error) {
      throw fromEngine(error, networkFault);
    }
  };

  const live = createLiveSpeech({
    apiKey: options.apiKey,
    baseUrl: options.baseUrl,
    mipOptOut: options.mipOptOut ?? true,
    log,
    ...options.live,
  });
  let closing: Promise<void> | null = null;
  return {
    transcribe,
    openLive: (liveOptions) => live.openLive(liveOptions),
    figures: () => live.figures(),
    close() {
      closing ??= Promise.all([live.close(), dispatcher.destroy()]).then(() => undefined);
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
  log.warn({ code: error.code, retryable: error.retryable, ...engine }, 'speech: recording not heard');
};
