import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

export interface Ack {
  /** From the moment the event was due, so that a late sender counts as waiting, to the end of the response. */
  readonly tookMs: number;
  readonly status: number;
}

/** Sends signed events at a steady pace, whether or not the ones before are answered, as Slack does. */
export const sendEvents = async (options: {
  readonly url: string;
  readonly secret: string;
  readonly perSecond: number;
  readonly bodies: readonly string[];
}): Promise<Ack[]> => {
  const { bodies, perSecond } = options;
  const agent = new Agent({ keepAlive: true });
  const startMs = performance.now();
  const dueMs = (at: number): number => startMs + (at * 1_000) / perSecond;
  const acks: Promise<Ack>[] = [];
  const { promise: allSent, resolve } = Promise.withResolvers<void>();
  const sendDue = (): void => {
    while (acks.length < bodies.length && dueMs(acks.length) <= performance.now()) {
      acks.push(send(options, agent, bodies[acks.length] ?? '', dueMs(acks.length)));
    }
    if (acks.length === bodies.length) resolve();
    else setTimeout(sendDue, Math.max(0, dueMs(acks.length) - performance.now()));
  };
  sendDue();
  await allSent;
  const answered = await Promise.all(acks);
  agent.destroy();
  return answered;
};

const send = (
  { url, secret }: { url: string; secret: string },
  agent: Agent,
  body: string,
  dueMs: number,
): Promise<Ack> =>
  new Promise((resolve, reject) => {
    const timestamp = Math.floor(Date.now() / 1_000);
    const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
    const sending = request(url, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${signature}`,
      },
    });
    sending.on('error', reject);
    sending.on('response', (response) => {
      response.resume();
      response.on('error', reject);
      response.on('end', () =>
        resolve({ tookMs: performance.now() - dueMs, status: response.statusCode ?? 0 }),
      );
    });
    sending.end(body);
  });
