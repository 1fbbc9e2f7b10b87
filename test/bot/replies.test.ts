import { expect, test } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { toRefusal } from '../../src/bot/api/refusal.ts';
import { handleListenerFailure } from '../../src/bot/listener-failure.ts';
import { createReplies, type Recipient } from '../../src/bot/replies.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const ANA: Recipient = { channelId: 'C1' as never, rootId: '1.1' as never, memberId: 'U1' as never };

/** Slack, with what each method refuses and the messages of the thread. */
const slack = (refused: Record<string, string> = {}, thread: readonly string[] = []) => {
  const calls: { method: string; args: Record<string, unknown> }[] = [];
  const api: Api = {
    async call(method, args, response) {
      if (method === 'conversations.replies') {
        return response.parse({ messages: ['1.1', ...thread].map((ts) => ({ ts })) });
      }
      calls.push({ method, args });
      if (refused[method] !== undefined) throw toRefusal(refused[method]);
      return response.parse({ ok: true, ts: '2.1', message_ts: '2.1' });
    },
  };
  return { calls, api, replies: createReplies({ api, log: silent }) };
};

test('what a member just did is responded to by its response_url, below a thread that has replies', async () => {
  const { replies, calls } = slack();
  const responses: unknown[] = [];
  const respond = async (message: unknown) => void responses.push(message);
  await replies.send({ ...ANA, respond }, 'Too late.');
  expect(responses).toMatchObject([{ text: 'Too late.', response_type: 'ephemeral', thread_ts: '1.1' }]);
  expect(calls).toEqual([]);
});

test('when the response_url has expired, the channel and then a direct message take its place', async () => {
  const { replies, calls } = slack({ 'chat.postEphemeral': 'restricted_action' });
  const respond = async () => {
    throw new Error('expired_url');
  };
  await replies.send({ ...ANA, respond }, 'Too late.');
  expect(calls).toMatchObject([
    { method: 'chat.postEphemeral', args: { channel: 'C1' } },
    { method: 'chat.postMessage', args: { channel: 'U1', text: 'In <#C1>: Too late.' } },
  ]);
});

test('a thread without a reply shows no ephemeral messages, so the channel does', async () => {
  const bare = slack();
  await bare.replies.send(ANA, 'Too late.');
  expect(bare.calls[0]!.args).not.toHaveProperty('thread_ts');
  const replied = slack({}, ['1.2']);
  await replied.replies.send(ANA, 'Too late.');
  expect(replied.calls[0]!.args).toMatchObject({ thread_ts: '1.1' });
});

test.each([
  ['a click on the App Home', { trigger_id: 't', user: { id: 'U1' } }, 'chat.postMessage', 'U1'],
  [
    'a click in a channel',
    { trigger_id: 't', user: { id: 'U1' }, channel: { id: 'C1' } },
    'chat.postEphemeral',
    'C1',
  ],
  ['a command', { command: '/parley', user_id: 'U1', channel_id: 'C1' }, 'chat.postEphemeral', 'C1'],
])('%s that fails is answered with a sentence', async (_what, body, method, channel) => {
  const { replies, calls } = slack();
  const fail = handleListenerFailure({ replies, log: silent });
  const error = toRefusal('expired_trigger_id');
  await expect(fail({ error, body })).rejects.toBe(error);
  expect(calls).toMatchObject([
    { method, args: { channel, text: 'That took too long to open. Click again.' } },
  ]);
});

test('an event that fails is left to Slack, which sends it again', async () => {
  const { replies, calls } = slack();
  const fail = handleListenerFailure({ replies, log: silent });
  await expect(fail({ error: new Error('away'), body: { type: 'event_callback' } })).rejects.toThrow('away');
  expect(calls).toEqual([]);
});
