import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import { eventually } from '../slack/workspace.ts';
import { ACCOUNT, answering, type OpenNetwork, openNetwork, TOKEN } from './network.ts';

const failures = createFailures(PHONE_FAILURES);
let network: OpenNetwork;
beforeEach(async () => {
  failures.set([]);
  network = await openNetwork({ failures });
  await network.set(answering());
});
afterEach(() => network.close());

const BRIEF =
  '<Response><Say>Goodbye, and that is all there is to be said today, tomorrow or ever.</Say></Response>';

const call = async () => {
  network.customer.on('/voice', BRIEF);
  const { sid } = await network.dial();
  await network.ended(sid);
  return sid;
};
const statuses = () => network.customer.requestsTo('/status').map(({ parameters }) => parameters.CallStatus);
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { code: number }).code,
  );

test('duplicated webhooks: each is sent twice, requests for documents too', async () => {
  failures.set(['phone-webhooks-duplicated']);
  await call();
  await eventually(() => statuses().length === 8, 'all is told twice');
  const twice = ['initiated', 'ringing', 'in-progress', 'completed'].flatMap((status) => [status, status]);
  expect(statuses()).toEqual(twice);
  expect(network.customer.requestsTo('/voice')).toHaveLength(2);
});

test('webhooks out of order: answered is sent after completed', async () => {
  failures.set(['phone-webhooks-out-of-order']);
  await call();
  await eventually(() => statuses().length === 4, 'all is told');
  expect(statuses()).toEqual(['initiated', 'ringing', 'completed', 'in-progress']);
  const numbers = network.customer.requestsTo('/status').map(({ parameters }) => parameters.SequenceNumber);
  expect(numbers).toEqual(['0', '1', '3', '2']);
});

test('late webhooks are sent five seconds after their event', async () => {
  failures.set(['phone-webhooks-late:1']);
  const began = network.clock.monotonicMs();
  await call();
  await eventually(() => statuses().length === 4, 'all is told');
  expect(statuses()).toEqual(['ringing', 'in-progress', 'completed', 'initiated']);
  expect(network.clock.monotonicMs() - began).toBeGreaterThan(4900);
});

test('a lost webhook: the others are sent', async () => {
  failures.set(['phone-webhooks-lost:2']);
  await call();
  await eventually(() => statuses().length === 2, 'the rest is told');
  expect(statuses()).toEqual(['in-progress', 'completed']);
});

test('the REST interface refuses, or fails', async () => {
  failures.set(['phone-api-429:1']);
  expect(await codeOf(network.client.calls.list())).toBe(20_429);
  failures.set(['phone-api-500:1']);
  expect(await codeOf(network.dial())).toBe(20_500);
  expect(await network.client.calls.list()).toEqual([]);
});

test('the response to a call request is lost: the phone rings nevertheless', async () => {
  failures.set(['phone-call-response-lost:1']);
  expect(await codeOf(network.dial())).toBe(20_500);
  expect(await network.client.calls.list()).toHaveLength(1);
});

test('a stream breaks once: the document goes on, and the next one holds', async () => {
  failures.set(['phone-stream-breaks:1']);
  network.customer.on(
    '/voice',
    `<Response><Connect><Stream url="${network.customer.streamUrl}"/></Connect><Redirect/></Response>`,
  );
  const { sid } = await network.dial();
  const first = await network.customer.stream(0);
  const second = await network.customer.stream(1);
  expect(first.messages.at(-1)?.event).toBe('media');
  expect(first.heard().length / 8).toBeGreaterThan(1900);
  await eventually(() => second.heard().length / 8 > 2500, 'the second goes on');
  expect(await network.statusOf(sid)).toBe('in-progress');
  expect(second.sid()).not.toBe(first.sid());
});

const record = async () => {
  network.customer.on('/voice', '<Response><Pause length="600"/></Response>');
  const { sid } = await network.dial();
  await eventually(async () => (await network.statusOf(sid)) === 'in-progress', 'it is answered');
  const recording = await network.client.calls(sid).recordings.create({ trim: 'do-not-trim' });
  await eventually(async () => (await network.wav('sent')).length > 16_000, 'a second passes');
  await network.client.calls(sid).update({ status: 'completed' });
  return recording.sid;
};
const stateOf = async (sid: string) => (await network.client.recordings(sid).fetch()).status;

test('what was recorded is lost', async () => {
  failures.set(['phone-recording-absent']);
  const sid = await record();
  await eventually(async () => (await stateOf(sid)) === 'absent', 'it is absent');
});

test('a recording is slow: it is being prepared until it is ready', async () => {
  failures.set(['phone-recording-slow']);
  const began = network.clock.monotonicMs();
  const sid = await record();
  expect(await stateOf(sid)).toBe('processing');
  await eventually(async () => (await stateOf(sid)) === 'completed', 'it is ready', 20_000);
  expect(network.clock.monotonicMs() - began).toBeGreaterThan(10_000);
});

test('a recording is not found the first time', async () => {
  failures.set(['phone-recording-404']);
  const sid = await record();
  await eventually(async () => (await stateOf(sid)) === 'completed', 'it is ready');
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const url = `${network.phones.url}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${sid}.wav`;
  const get = async () => (await fetch(url, { headers: { authorization } })).status;
  expect([await get(), await get()]).toEqual([404, 200]);
});
