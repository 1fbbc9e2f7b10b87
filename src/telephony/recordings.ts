import { Agent, request } from 'undici';
import { AppError } from '../core/error.ts';
import type { RecordingId } from '../core/ids.ts';
import type { Log, Phone, RecordingBytes } from '../core/ports.ts';
import { bodyOf, contentLength, discard, type HttpResponse, header } from '../web/http-response.ts';
import {
  faultOf,
  PhoneFault,
  recordingElsewhere,
  recordingGone,
  recordingTooLarge,
  stopped,
  toPhoneError,
} from './errors.ts';
import { recordingSid } from './schemas.ts';

export interface Recordings {
  open: Phone['openRecording'];
  close(): Promise<void>;
}

const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;
/** What the speech engine accepts. Two channels of 8 kHz make 115 MB an hour. */
const MAX_BYTES = 2 * 1024 ** 3;

/**
 * Downloads recordings from the network. Their URL is made of our own ids, never taken from a webhook. The credentials
 * go to the API's host alone; redirects are followed without them, and only to the network's own hosts.
 * @see https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file
 */
export const createRecordings = (options: {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiUrl: string;
  /** For a connection, for a response, and between two chunks. Default 30 s. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly log: Log;
}): Recordings => {
  const { accountSid, apiUrl, log, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = options;
  const credentials = Buffer.from(`${accountSid}:${options.authToken}`).toString('base64');
  const dispatcher = new Agent({
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    allowH2: false,
  });

  const get = (url: URL, headers: Record<string, string>, signal: AbortSignal) =>
    request(url, { dispatcher, signal, headers: { ...headers, 'accept-encoding': 'identity' } });

  const follow = async (id: RecordingId, signal: AbortSignal): Promise<HttpResponse> => {
    if (!recordingSid.safeParse(id).success) throw recordingGone(new PhoneFault(404, null));
    let url = new URL(`${apiUrl}/2010-04-01/Accounts/${accountSid}/Recordings/${id}.wav?RequestedChannels=2`);
    let response = await get(url, { authorization: `Basic ${credentials}` }, signal);
    for (let redirects = 0; isRedirect(response); redirects += 1) {
      discard(response);
      const next = URL.parse(header(response, 'location') ?? '', url);
      if (next === null || redirects >= MAX_REDIRECTS || !isVendorUrl(next, apiUrl))
        throw recordingElsewhere();
      url = next;
      response = await get(url, {}, signal);
    }
    return response;
  };

  const open: Recordings['open'] = async (id, { signal }): Promise<RecordingBytes> => {
    try {
      const response = await follow(id, signal);
      const problem = problemOf(response, maxBytes);
      if (problem !== null) {
        discard(response);
        throw problem;
      }
      return {
        name: 'call.wav',
        sizeBytes: contentLength(response),
        bytes: bodyOf(response, {
          maxBytes,
          tooLarge: recordingTooLarge,
          broken: (error) => toAppError(error, signal),
        }),
      };
    } catch (error) {
      const failure = toAppError(error, signal);
      log.info({ code: failure.code, cause: failure.cause }, 'telephony: recording not opened');
      throw failure;
    }
  };

  let closing: Promise<void> | null = null;
  return {
    open,
    close() {
      closing ??= dispatcher.destroy();
      return closing;
    },
  };
};

/** The API's own origin, or a host of the vendor's by https. */
export const isVendorUrl = (url: URL, apiUrl: string): boolean =>
  url.username === '' &&
  (url.origin === new URL(apiUrl).origin ||
    (url.protocol === 'https:' && url.port === '' && url.hostname.endsWith('.twilio.com')));

const isRedirect = ({ statusCode }: HttpResponse): boolean => statusCode >= 300 && statusCode < 400;

const problemOf = (response: HttpResponse, maxBytes: number): AppError | null => {
  const fault = new PhoneFault(response.statusCode, null);
  if (response.statusCode === 404 || response.statusCode === 410) return recordingGone(fault);
  if (response.statusCode !== 200) return toPhoneError(fault);
  return (contentLength(response) ?? 0) > maxBytes ? recordingTooLarge() : null;
};

const toAppError = (error: unknown, signal: AbortSignal): AppError => {
  if (signal.aborted) return stopped();
  return error instanceof AppError ? error : toPhoneError(faultOf(error));
};
