import twilio from 'twilio';
import type { Clock, Log } from '../core/ports.ts';
import { backoffMs, retry } from '../core/retry.ts';
import { faultOf, isTransient, PhoneFault, stopped, toPhoneError } from './errors.ts';

export const VENDOR_URL = 'https://api.twilio.com';

/** The network responds within a second or so, and no phone rings before it does. */
const TIMEOUT_MS = 15_000;
const ATTEMPTS = 3;
const FIRST_RETRY_MS = 250;

type Client = ReturnType<typeof twilio>;

/** The network's REST API, with errors in the product's terms. */
export interface Rest {
  readonly client: Client;
  /** For requests that may be repeated. Transient faults are retried for a few seconds. */
  idempotent<T>(request: () => Promise<T>): Promise<T>;
  /** As `idempotent`; null when the network does not know what is requested. */
  found<T>(request: () => Promise<T>): Promise<T | null>;
  /** For requests that must not be repeated. */
  once<T>(request: () => Promise<T>): Promise<T>;
  /** Ends retries that wait. Idempotent. */
  close(): void;
}

export const createRest = (options: {
  readonly accountSid: string;
  readonly authToken: string;
  /** The vendor's, a regional or the simulated one, without a trailing slash. */
  readonly apiUrl: string;
  readonly timeoutMs?: number;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}): Rest => {
  const { clock, log } = options;
  const closing = new AbortController();
  const { signal } = closing;
  const client = twilio(options.accountSid, options.authToken, {
    httpClient: new RedirectedClient(options.apiUrl, options.timeoutMs ?? TIMEOUT_MS),
  });

  const waitAfter = (error: unknown, attempt: number): number | null =>
    attempt < ATTEMPTS && isTransient(faultOf(error))
      ? backoffMs(attempt, { firstMs: FIRST_RETRY_MS, longestMs: 1_000 }) * (0.5 + Math.random() / 2)
      : null;

  /** @throws PhoneFault, or `stopped` when this closed meanwhile */
  const attempt = async <T>(request: () => Promise<T>, mayRetry: boolean): Promise<T> => {
    if (signal.aborted) throw stopped();
    try {
      return mayRetry ? await retry(request, { clock, signal, waitAfter }) : await request();
    } catch (error) {
      throw signal.aborted ? stopped() : faultOf(error);
    }
  };

  const report = (error: unknown): Error => {
    if (!(error instanceof PhoneFault)) return error as Error;
    log.warn({ status: error.status, code: error.code }, 'telephony: request failed');
    return toPhoneError(error);
  };

  return {
    client,
    idempotent: (request) =>
      attempt(request, true).catch((error: unknown) => {
        throw report(error);
      }),
    found: (request) =>
      attempt(request, true).catch((error: unknown) => {
        if (error instanceof PhoneFault && error.status === 404) return null;
        throw report(error);
      }),
    once: (request) =>
      attempt(request, false).catch((error: unknown) => {
        throw report(error);
      }),
    close: () => closing.abort(),
  };
};

/**
 * The SDK's HTTP client with another base URL, for which it has no setting. Redirects count as faults, because the SDK
 * would take them for responses.
 */
class RedirectedClient extends twilio.RequestClient {
  readonly #apiUrl: string;

  constructor(apiUrl: string, timeoutMs: number) {
    super({ timeout: timeoutMs });
    this.#apiUrl = apiUrl;
  }

  override async request<T>(options: RequestOptions): Promise<ApiResponse<T>> {
    const { pathname, search } = new URL(options.uri);
    const response = (await super.request({
      ...options,
      uri: `${this.#apiUrl}${pathname}${search}`,
    })) as ApiResponse<T>;
    if (response.statusCode >= 300 && response.statusCode < 400) {
      throw new PhoneFault(response.statusCode, null);
    }
    return response;
  }
}

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0];
interface ApiResponse<T> {
  readonly statusCode: number;
  readonly body: T;
  readonly headers: unknown;
}
