import { setTimeout as delay } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Log } from '../../core/ports.ts';
import { SLACK_ERRORS } from '../sentences/errors.ts';
import { toSlackRefusal } from './errors.ts';
import { METHODS, type Method } from './methods.ts';
import { SlackRefusal, TOKEN_REFUSED } from './refusal.ts';

/** A `Retry-After` up to this is waited out in place: the usual one second a channel between two messages. */
const MAX_RETRY_AFTER_MS = 3_000;
const MAX_ATTEMPTS = 3;
const FIRST_WAIT_MS = 250;

interface CallOptions {
  /** Not worth waiting for: a rate limit is thrown at once. */
  readonly lowPriority?: boolean;
}

/** The Web API behind one door: known methods only, answers parsed, errors in the product's terms. */
export interface Api {
  /**
   * @throws {SlackRefusal} after a few short retries where repeating is harmless, or where Slack said that it
   * did not do it.
   */
  call<T>(
    method: Method,
    args: Record<string, unknown>,
    answer: z.ZodType<T>,
    options?: CallOptions,
  ): Promise<T>;
}

/** For methods whose answer says nothing but that it went well. */
export const Done = z.object({ ok: z.literal(true) });

export const createApi = ({ client, log }: { client: WebClient; log: Log }): Api => ({
  async call(method, args, answer, options = {}) {
    for (let attempt = 1; ; attempt += 1) {
      const result = await once(client, method, args);
      if (!(result instanceof SlackRefusal)) return parse(method, answer, result);
      const waitMs = waitBeforeNext(method, result, attempt, options);
      log.debug({ method, refusal: result.slackCode, attempt, waitMs }, 'Slack refused a call');
      if (waitMs === null) throw result;
      await delay(waitMs);
    }
  },
});

const once = async (client: WebClient, method: Method, args: Record<string, unknown>): Promise<unknown> => {
  try {
    return await client.apiCall(method, args);
  } catch (error) {
    return toSlackRefusal(method, error);
  }
};

/** Milliseconds to wait before trying again; null to give up. */
const waitBeforeNext = (
  method: Method,
  refusal: SlackRefusal,
  attempt: number,
  { lowPriority = false }: CallOptions,
): number | null => {
  if (!refusal.retryable || attempt >= MAX_ATTEMPTS) return null;
  // Worth a retry once somebody has put it right, not within the second.
  if (TOKEN_REFUSED.has(refusal.slackCode)) return null;
  // Slack did nothing when it says "slow down", so even posting a message is repeated.
  if (refusal.slackCode === 'ratelimited') {
    if (lowPriority) return null;
    const askedMs = refusal.retryAfterMs ?? FIRST_WAIT_MS;
    return askedMs <= MAX_RETRY_AFTER_MS ? askedMs : null;
  }
  return METHODS[method].repeatable ? FIRST_WAIT_MS * 2 ** (attempt - 1) : null;
};

const parse = <T>(method: Method, answer: z.ZodType<T>, result: unknown): T => {
  const parsed = answer.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new SlackRefusal('unexpected_response', {
    code: 'chat-failed',
    retryable: true,
    userMessage: SLACK_ERRORS.notUnderstood,
    cause: new Error(`${method}: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`),
  });
};
