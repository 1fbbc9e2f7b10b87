import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Clock, Log } from '../../core/ports.ts';
import { backoffMs, retry } from '../../core/retry.ts';
import { SLACK_ERRORS } from '../sentences/errors.ts';
import { toSlackRefusal } from './errors.ts';
import { METHODS, type Method } from './methods.ts';
import { SlackRefusal, TOKEN_REFUSED } from './refusal.ts';

/** A `Retry-After` up to this is waited out in place: usually it is the second between two messages in a channel. */
const MAX_RETRY_AFTER_MS = 3_000;
const MAX_ATTEMPTS = 3;
const FIRST_WAIT_MS = 250;
/** A response of another shape than documented. Another attempt would get the same. */
const NOT_UNDERSTOOD = 'unexpected_response';

interface CallOptions {
  /** Not worth waiting for: a rate limit is thrown at once. */
  readonly lowPriority?: boolean;
}

/** Slack's Web API: known methods only, responses parsed, errors in the product's terms. */
export interface Api {
  /**
   * @throws {SlackRefusal} after a few short retries where repeating is harmless, or where Slack said that it
   * did not do it.
   */
  call<T>(
    method: Method,
    args: Record<string, unknown>,
    response: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<T>;
}

/** For methods whose response says nothing but that it went well. */
export const Done = z.object({ ok: z.literal(true) });

export const createApi = (parts: { client: WebClient; clock: Clock; log: Log }): Api => ({
  call: (method, args, response, options = {}) =>
    retry(async () => parse(method, response, await callOnce(parts.client, method, args)), {
      clock: parts.clock,
      waitAfter(error, attempt) {
        const refusal = error as SlackRefusal;
        const waitMs = waitBeforeNext(method, refusal, attempt, options);
        parts.log.debug({ method, refusal: refusal.slackCode, attempt, waitMs }, 'Slack refused a call');
        if (refusal.adminMessage !== null) {
          const { slackCode, adminMessage: toDo } = refusal;
          parts.log.warn({ method, refusal: slackCode, toDo }, 'a setting of the workspace refuses this');
        }
        return waitMs;
      },
    }),
});

const callOnce = async (
  client: WebClient,
  method: Method,
  args: Record<string, unknown>,
): Promise<unknown> => {
  try {
    return await client.apiCall(method, args);
  } catch (error) {
    throw toSlackRefusal(method, error);
  }
};

/** Milliseconds to wait before trying again; null to give up. */
const waitBeforeNext = (
  method: Method,
  refusal: SlackRefusal,
  attempt: number,
  { lowPriority = false }: CallOptions,
): number | null => {
  if (!refusal.retryable || attempt >= MAX_ATTEMPTS || refusal.slackCode === NOT_UNDERSTOOD) return null;
  // Worth a retry once an admin has renewed the token, not within the second.
  if (TOKEN_REFUSED.has(refusal.slackCode)) return null;
  // A rate-limited call did nothing, so even posting a message is repeated.
  if (refusal.slackCode === 'ratelimited') {
    if (lowPriority) return null;
    const askedMs = refusal.retryAfterMs ?? FIRST_WAIT_MS;
    return askedMs <= MAX_RETRY_AFTER_MS ? askedMs : null;
  }
  return METHODS[method].repeatable
    ? backoffMs(attempt, { firstMs: FIRST_WAIT_MS, longestMs: MAX_RETRY_AFTER_MS })
    : null;
};

const parse = <T>(method: Method, response: z.ZodType<T>, result: unknown): T => {
  const parsed = response.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new SlackRefusal(NOT_UNDERSTOOD, {
    code: 'chat-failed',
    retryable: true,
    userMessage: SLACK_ERRORS.notUnderstood,
    cause: new Error(`${method}: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`),
  });
};
