import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../../src/core/ports.ts';
import { ControlError } from '../../common/control/errors.ts';
import type { Json } from '../types.ts';
import { ACK_TIMEOUT_MS, type AppLink, Undelivered } from './link.ts';

/**
 * `X-Slack-Signature` of a body sent at `timestampSec`.
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
const sign = (secret: string, timestampSec: number, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestampSec}:${body}`).digest('hex')}`;

interface Target {
  readonly requestUrl: string;
  readonly signingSecret: string;
}

const post = async (
  target: Target,
  contentType: string,
  body: string,
  { clock, headers = {} }: { clock: Clock; headers?: Record<string, string> },
): Promise<Response> => {
  const timestampSec = Math.floor(Date.now() / 1000);
  try {
    return await fetch(target.requestUrl, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: clock.timeoutSignal(ACK_TIMEOUT_MS),
      headers: {
        'content-type': contentType,
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': String(timestampSec),
        'x-slack-signature': sign(target.signingSecret, timestampSec, body),
        ...headers,
      },
    });
  } catch (error) {
    const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
    throw new Undelivered(timedOut ? 'http_timeout' : 'connection_failed', { cause: error });
  }
};

/** The Events API and interactivity over HTTP, all at one request URL. */
export const createHttpLink = (target: () => Target | null, clock: Clock): AppLink => {
  const here = (): Target => {
    const found = target();
    if (found === null) throw new Undelivered('no_connection');
    return found;
  };
  return {
    connected: () => target() !== null,
    deliver: async (body, { attempt, reason }) => {
      const retry: Record<string, string> =
        attempt === 0
          ? {}
          : { 'x-slack-retry-num': String(attempt), 'x-slack-retry-reason': reason ?? 'unknown' };
      const response = await post(here(), 'application/json', JSON.stringify(body), {
        clock,
        headers: retry,
      });
      await response.arrayBuffer();
      const final = response.headers.get('x-slack-no-retry') === '1';
      if (response.status !== 200) throw new Undelivered('http_error', { final });
    },
    ask: async (kind, body) => {
      // A command is a form; an interaction is a form field with JSON.
      const form = new URLSearchParams(
        kind === 'slash_commands' ? (body as Record<string, string>) : { payload: JSON.stringify(body) },
      );
      const response = await post(here(), 'application/x-www-form-urlencoded', form.toString(), { clock });
      const text = await response.text();
      if (response.status !== 200) throw new Undelivered('http_error');
      return parseAck(text, response.headers.get('content-type') ?? '');
    },
  };
};

const parseAck = (text: string, contentType: string): unknown => {
  if (text === '') return null;
  if (!contentType.includes('json')) return { text };
  try {
    return JSON.parse(text) as Json;
  } catch {
    return { text };
  }
};

/** Verifies a new request URL as Slack does. Throws `ControlError` unless the app echoes the challenge. */
export const verifyRequestUrl = async (target: Target, clock: Clock): Promise<void> => {
  const challenge = randomBytes(20).toString('base64url');
  const body = JSON.stringify({
    token: 'not-used-since-signatures',
    challenge,
    type: 'url_verification',
  });
  const answer = await post(target, 'application/json', body, { clock }).then(
    (response) => response.text(),
    () => '',
  );
  if (!answer.includes(challenge)) {
    throw new ControlError(400, 'The request URL was not saved: it did not return the challenge.');
  }
};
