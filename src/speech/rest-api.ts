import { DeepgramClient } from '@deepgram/sdk';
import { Agent } from 'undici';
import type { Clock, SpeechHints } from '../core/ports.ts';
import { fromEngine } from './errors.ts';
import { hintParameters } from './hints.ts';

/**
 * How the channels of a recording are heard: mixed into one; each as one party; or each for itself, of which one is
 * chosen, because their mix loses words.
 */
export type Hearing = 'mixed' | 'parties' | 'apart';

/** A recording as the body of a request. */
interface Upload {
  readonly data: ReadableStream<Uint8Array>;
  readonly contentType: string;
  /** Sent as Content-Length; null sends the body in chunks. */
  readonly sizeBytes: number | null;
  /** By which the vendor's own figures are told apart. */
  readonly kind: 'recording' | 'call';
}

export interface RestApiOptions {
  readonly apiKey: string;
  /** Deepgram's own, a region's, a self-hosted engine's or the local one's. */
  readonly baseUrl: string;
  /** Excludes audio from the vendor's training data. Default true; the vendor gives a rebate without. */
  readonly mipOptOut?: boolean;
  /** Asked before every request. Default: none. */
  readonly hints?: () => SpeechHints;
  readonly clock: Clock;
}

export type RestApi = ReturnType<typeof createRestApi>;

/** The engine's REST API. */
export const createRestApi = (
  { apiKey, baseUrl, mipOptOut, hints, clock }: RestApiOptions,
  timeoutMs: number,
) => {
  const dispatcher = new Agent({
    // The engine works between the last byte and the first header, for as long as our own deadline allows.
    headersTimeout: 0,
    // Once the response has begun, the rest is already written.
    bodyTimeout: 60_000,
    // A single request body needs no multiplexing, and HTTP/1.1 has the simpler back-pressure.
    allowH2: false,
  });

  /** Sends one request; returns the response's body. */
  const transcribe = async (
    { data, contentType, sizeBytes, kind }: Upload,
    hearing: Hearing,
    signal: AbortSignal,
  ): Promise<unknown> => {
    let networkFault: unknown;
    const client = new DeepgramClient({
      apiKey,
      baseUrl,
      // The SDK clears its own timer only when fetch resolves, and a timer of hours would keep the process alive. So a
      // network fault resolves too, as the standard's own "network error" response.
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
        { data, contentType, ...(sizeBytes === null ? {} : { contentLength: sizeBytes }) },
        {
          model: 'nova-3',
          ...hintParameters(hints?.() ?? { languages: [], terms: [] }),
          punctuate: true,
          smart_format: true,
          utterances: true,
          mip_opt_out: mipOptOut ?? true,
          tag: `parley-${kind}`,
          ...(hearing === 'mixed' ? {} : { multichannel: true }),
          // With one party a channel no speakers need to be separated. The older `diarize` must not be sent as well.
          ...(hearing === 'parties' ? {} : { diarize_model: 'latest' }),
        },
        // A retry would send a stream that is used up. The deadline is ours, so the SDK's is to come later.
        { maxRetries: 0, timeoutInSeconds: timeoutMs / 1000 + 60, abortSignal: signal },
      );
    } catch (error) {
      throw fromEngine(error, networkFault, clock.nowMs());
    }
  };
  return { transcribe, close: () => dispatcher.destroy() };
};
