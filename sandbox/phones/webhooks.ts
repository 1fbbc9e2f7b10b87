import { randomUUID } from 'node:crypto';
import type { CancelTimer, Clock, Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { WebhookRecord } from './control/contract.ts';
import type { PhoneFailure } from './failures.ts';
import type { Timing } from './options.ts';
import { signatureOf } from './signature.ts';
import { TRIAL } from './trial.ts';

type Parameters = Readonly<Record<string, string>>;

interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: Parameters;
}

interface WebhookResponse {
  /** 0 without an answer in time. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Webhooks {
  /** Sends without waiting for the answer. Webhooks of one call are sent in order. */
  send(callSid: string, webhook: WebhookRequest): void;
  /** Sends and waits for the answer. Never rejects. */
  request(webhook: WebhookRequest, signal: AbortSignal): Promise<WebhookResponse>;
  /** The newest last. */
  records(): readonly WebhookRecord[];
  /** Nothing is sent from now on. */
  close(): void;
}

const MAX_RECORDS = 1000;
const FINAL = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

export const createWebhooks = (options: {
  authToken: string;
  timing: Pick<Timing, 'webhookTimeoutMs' | 'webhookDelayMs'>;
  failures: Failures<PhoneFailure>;
  clock: Clock;
  log: Log;
}): Webhooks => {
  const { failures, clock, timing } = options;
  const records: WebhookRecord[] = [];
  const closing = new AbortController();
  const delayed = new Set<CancelTimer>();
  /** The last webhook under way, by call. */
  const chains = new Map<string, Promise<unknown>>();
  /** Webhooks held back until the end of their call is reported. */
  const heldBack = new Map<string, WebhookRequest[]>();

  const send = async (webhook: WebhookRequest, signal: AbortSignal): Promise<WebhookResponse> => {
    const answer = await request(webhook, options.authToken, signal);
    records.push({
      atMs: clock.nowMs(),
      path: URL.canParse(webhook.url) ? new URL(webhook.url).pathname : webhook.url,
      status: answer.status,
      parameters: webhook.parameters,
    });
    if (records.length > MAX_RECORDS) records.shift();
    if (answer.status === 0) options.log.debug({}, 'phones: a webhook was not answered');
    return answer;
  };
  const deliver = async (webhook: WebhookRequest): Promise<void> => {
    const times = failures.shouldFail('phone-webhooks-duplicated') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      await send(webhook, AbortSignal.any([closing.signal, clock.timeoutSignal(timing.webhookTimeoutMs)]));
    }
  };
  const enqueue = (callSid: string, webhook: WebhookRequest): void => {
    const chain = (chains.get(callSid) ?? Promise.resolve()).then(() => deliver(webhook));
    chains.set(callSid, chain);
    void chain.finally(() => {
      if (chains.get(callSid) === chain) chains.delete(callSid);
    });
  };
  const order = (callSid: string, webhook: WebhookRequest): void => {
    const status = webhook.parameters.CallStatus ?? '';
    const isProgress = webhook.parameters.CallbackSource === 'call-progress-events';
    if (isProgress && status === 'in-progress' && failures.shouldFail('phone-webhooks-out-of-order')) {
      heldBack.set(callSid, [...(heldBack.get(callSid) ?? []), webhook]);
      return;
    }
    enqueue(callSid, webhook);
    if (!isProgress || !FINAL.has(status)) return;
    for (const held of heldBack.get(callSid) ?? []) enqueue(callSid, held);
    heldBack.delete(callSid);
  };
  return {
    send: (callSid, webhook) => {
      if (closing.signal.aborted || failures.shouldFail('phone-webhooks-lost')) return;
      if (!failures.shouldFail('phone-webhooks-late')) {
        order(callSid, webhook);
        return;
      }
      const cancel = clock.after(timing.webhookDelayMs, () => {
        delayed.delete(cancel);
        order(callSid, webhook);
      });
      delayed.add(cancel);
    },
    request: async (webhook, signal) => {
      const isTrial = failures.isOn('phone-trial-account');
      const timeoutMs = isTrial ? TRIAL.webhookTimeoutMs : timing.webhookTimeoutMs;
      const limit = AbortSignal.any([signal, closing.signal, clock.timeoutSignal(timeoutMs)]);
      if (failures.shouldFail('phone-webhooks-duplicated')) await send(webhook, limit);
      return send(webhook, limit);
    },
    records: () => records,
    close: () => {
      closing.abort();
      for (const cancel of delayed) cancel();
    },
  };
};

const request = async (
  webhook: WebhookRequest,
  authToken: string,
  signal: AbortSignal,
): Promise<WebhookResponse> => {
  const { method, parameters } = webhook;
  const form = new URLSearchParams(parameters).toString();
  const url =
    method === 'POST' ? webhook.url : `${webhook.url}${webhook.url.includes('?') ? '&' : '?'}${form}`;
  const headers = {
    accept: '*/*',
    'user-agent': 'TwilioProxy/1.1',
    'i-twilio-idempotency-token': randomUUID(),
    'x-twilio-signature': signatureOf(authToken, url, method === 'POST' ? parameters : {}),
    ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } : {}),
  };
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal,
      ...(method === 'POST' ? { body: form } : {}),
    });
    const contentType = response.headers.get('content-type') ?? '';
    return { status: response.status, contentType, body: await response.text() };
  } catch {
    return { status: 0, contentType: '', body: '' };
  }
};
