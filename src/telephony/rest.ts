import { setTimeout as wait } from 'node:timers/promises';
import twilio from 'twilio';
import type { Log } from '../core/ports.ts';
import { faultOf, mayPass, PhoneFault, stopped, toPhoneError } from './errors.ts';

export const VENDOR_URL = 'https://api.twilio.com';

/** The network answers within a second or so; a telephone is not rung before it does. */
const TIMEOUT_MS = 15_000;
const ATTEMPTS = 3;

type Client = ReturnType<typeof twilio>;

/** One way to the network's REST API, with its errors in the product's terms. */
export interface Rest {
  readonly client: Client;
  /** What may be asked twice without doing it twice. Asked again, for a few seconds, when the fault may pass. */
  idempotent<T>(work: () => Promise<T>): Promise<T>;
  /** As `idempotent`; null when the network does not know what it is asked about. */
  found<T>(work: () => Promise<T>): Promise<T | null>;
  /** What must not be asked twice. */
  once<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

export const createRest = (options: {
  readonly accountSid: string;
  readonly authToken: string;
  /** The vendor's, a region's or a stand-in's, without a trailing slash. */
  readonly apiUrl: string;
  /** Before the second attempt; doubled before the third. Default 250 ms. */
  readonly firstWaitMs?: number;
  readonly timeoutMs?: number;
  readonly log: Log;
}): Rest => {
  const { log, firstWaitMs = 250 } = options;
  const closing = new AbortController();
  const client = twilio(options.accountSid, options.authToken, {
    httpClient: new RedirectedClient(options.apiUrl, options.timeoutMs ?? TIMEOUT_MS),
  });

  const pauseBefore = (attempt: number): Promise<unknown> =>
    wait(firstWaitMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), null, { signal: closing.signal });

  const insist = async <T>(work: () => Promise<T>, attempts: number): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      if (closing.signal.aborted) throw stopped();
      try {
        return await work();
      } catch (error) {
        const fault = faultOf(error);
        if (attempt >= attempts || !mayPass(fault)) throw fault;
      }
      await pauseBefore(attempt).catch(() => {});
    }
  };

  const report = (error: unknown): Error => {
    if (!(error instanceof PhoneFault)) return error as Error;
    log.warn({ status: error.status, code: error.code }, 'telephony: the network refused or failed');
    return toPhoneError(error);
  };

  return {
    client,
    idempotent: (work) =>
      insist(work, ATTEMPTS).catch((error: unknown) => {
        throw report(error);
      }),
    found: (work) =>
      insist(work, ATTEMPTS).catch((error: unknown) => {
        if (error instanceof PhoneFault && error.status === 404) return null;
        throw report(error);
      }),
    once: (work) =>
      insist(work, 1).catch((error: unknown) => {
        throw report(error);
      }),
    close: () => closing.abort(),
  };
};

/**
 * The SDK's HTTP client, led to another address: it knows no setting for that. Redirects count as faults, since the
 * SDK would take them for answers.
 */
class RedirectedClient extends twilio.RequestClient {
  readonly #apiUrl: string;

  constructor(apiUrl: string, timeoutMs: number) {
    super({ timeout: timeoutMs });
    this.#apiUrl = apiUrl;
  }

  override async request<T>(options: RequestOptions): Promise<Answer<T>> {
    const { pathname, search } = new URL(options.uri);
    const answer = (await super.request({
      ...options,
      uri: `${this.#apiUrl}${pathname}${search}`,
    })) as Answer<T>;
    if (answer.statusCode >= 300 && answer.statusCode < 400) throw new PhoneFault(answer.statusCode, null);
    return answer;
  }
}

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>['request']>[0];
interface Answer<T> {
  readonly statusCode: number;
  readonly body: T;
  readonly headers: unknown;
}
