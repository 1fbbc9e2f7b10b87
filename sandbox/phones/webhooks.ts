import { randomUUID } from 'node:crypto';
import type { Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { WebhookRecord } from './control/contract.ts';
import type { PhoneFailure } from './failures.ts';
import { signatureOf } from './signature.ts';

type Parameters = Readonly<Record<string, string>>;

interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly parameters: Parameters;
}

interface WebhookResponse {
  /** 0 when nobody answered in time. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Webhooks {
  /** Tells something of a call; nobody waits for the answer. What is told of one call is told in order. */
  send(callSid: string, hook: WebhookRequest): void;
  /** Asks what to do, and waits for the answer. Never rejects. */
  request(hook: WebhookRequest, signal: AbortSignal): Promise<WebhookResponse>;
  /** The newest last. */
  records(): readonly WebhookRecord[];
  /** Nothing is sent from now on. */
  close(): void;
}

const REMEMBERED = 1000;
const LATE_MS = 5000;
const FINAL = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

export const createWebhooks = (options: {
  authToken: string;
  timeoutMs: number;
  failures: Failures<PhoneFailure>;
  log: Log;
}): Webhooks => {
  const { failures } = options;
  const records: WebhookRecord[] = [];
  const closing = new AbortController();
  const late = new Set<NodeJS.Timeout>();
  /** The last thing on its way, for each call. */
  const chains = new Map<string, Promise<unknown>>();
  /** What waits until the end of its call was told. */
  const heldBack = new Map<string, WebhookRequest[]>();

  const send = async (hook: WebhookRequest, signal: AbortSignal): Promise<WebhookResponse> => {
    const answer = await request(hook, options.authToken, signal);
    records.push({
      atMs: Date.now(),
      path: URL.canParse(hook.url) ? new URL(hook.url).pathname : hook.url,
      status: answer.status,
      parameters: hook.parameters,
    });
    if (records.length > REMEMBERED) records.shift();
    if (answer.status === 0) options.log.debug({}, 'phones: a webhook was not answered');
    return answer;
  };
  const deliver = async (hook: WebhookRequest): Promise<void> => {
    const times = failures.shouldFail('phone-webhooks-duplicated') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      await send(hook, AbortSignal.any([closing.signal, AbortSignal.timeout(options.timeoutMs)]));
    }
  };
  const enqueue = (callSid: string, hook: WebhookRequest): void => {
    const chain = (chains.get(callSid) ?? Promise.resolve()).then(() => deliver(hook));
    chains.set(callSid, chain);
    void chain.finally(() => {
      if (chains.get(callSid) === chain) chains.delete(callSid);
    });
  };
  const order = (callSid: string, hook: WebhookRequest): void => {
    const status = hook.parameters.CallStatus ?? '';
    const isProgress = hook.parameters.CallbackSource === 'call-progress-events';
    if (isProgress && status === 'in-progress' && failures.shouldFail('phone-webhooks-out-of-order')) {
      heldBack.set(callSid, [...(heldBack.get(callSid) ?? []), hook]);
      return;
    }
    enqueue(callSid, hook);
    if (!isProgress || !FINAL.has(status)) return;
    for (const held of heldBack.get(callSid) ?? []) enqueue(callSid, held);
    heldBack.delete(callSid);
  };
  return {
    send: (callSid, hook) => {
      if (closing.signal.aborted || failures.shouldFail('phone-webhooks-lost')) return;
      if (!failures.shouldFail('phone-webhooks-late')) {
        order(callSid, hook);
        return;
      }
      const timer = setTimeout(() => {
        late.delete(timer);
        order(callSid, hook);
      }, LATE_MS);
      late.add(timer);
    },
    request: async (hook, signal) => {
      const limit = AbortSignal.any([signal, closing.signal, AbortSignal.timeout(options.timeoutMs)]);
      if (failures.shouldFail('phone-webhooks-duplicated')) await send(hook, limit);
      return send(hook, limit);
    },
    records: () => records,
    close: () => {
      closing.abort();
      for (const timer of late) clearTimeout(timer);
    },
  };
};

const request = async (
  hook: WebhookRequest,
  authToken: string,
  signal: AbortSignal,
): Promise<WebhookResponse> => {
  const { method, parameters } = hook;
  const form = new URLSearchParams(parameters).toString();
  const url = method === 'POST' ? hook.url : `${hook.url}${hook.url.includes('?') ? '&' : '?'}${form}`;
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
