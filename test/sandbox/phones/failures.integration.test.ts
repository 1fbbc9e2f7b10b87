import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { eventually } from '../slack/workspace.ts';
import { createFastClock } from '../support/fast-clock.ts';
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
  expect(lastStampMs(first)).toBeGreaterThan(1700);
  await eventually(() => lastStampMs(second) > 2500, 'the second goes on');
  expect(await network.statusOf(sid)).toBe('in-progress');
  expect(second.sid()).not.toBe(first.sid());
});

const lastStampMs = ({ messages }: Awaited<ReturnType<OpenNetwork['customer']['stream']>>): number =>
  Number(messages.findLast(({ media }) => media !== undefined)?.media?.timestamp ?? 0);

test('a stream ends in order, and the document goes on', async () => {
  failures.set(['phone-stream-ends:1']);
  const { streamUrl } = network.customer;
  const stream = `<Connect><Stream url="${streamUrl}"/></Connect>`;
  network.customer.on('/voice', `<Response>${stream}<Say>Wait.</Say><Pause length="600"/></Response>`);
  const { sid } = await network.dial();
  const first = await network.customer.stream(0);
  await eventually(() => first.messages.some(({ event }) => event === 'stop'), 'the stream ends');
  await eventually(async () => (await network.phone())?.call?.spoken.includes('Wait.'), 'it goes on');
  expect(await network.statusOf(sid)).toBe('in-progress');
});

test('frames of a stream are lost, which shows in the count', async () => {
  failures.set(['phone-stream-loses-frames']);
  await network.set(answering({ turns: ['ben-1'] }));
  network.customer.on(
    '/voice',
    `<Response><Connect><Stream url="${network.customer.streamUrl}"/></Connect></Response>`,
  );
  await network.dial();
  const stream = await network.customer.stream(0);
  const chunks = () => stream.messages.flatMap(({ media }) => (media ? [Number(media.chunk)] : []));
  await eventually(() => chunks().length > 20, 'audio');
  expect(chunks().slice(0, 18)).toEqual(
    [...Array(20).keys()].map((at) => at + 1).filter((at) => at % 10 !== 0),
  );
});

test('the REST API is behind the webhooks', async () => {
  const clock = createFastClock();
  await using late = await openLate(clock);
  late.network.customer.on('/voice', '<Response><Pause length="600"/></Response>');
  const placed = await late.network.dial();
  expect(placed.dateCreated).toBeNull();
  expect(await late.network.client.calls.list()).toEqual([]);
  const told = () =>
    late.network.customer.requestsTo('/status').map(({ parameters }) => parameters.CallStatus);
  await eventually(() => told().includes('in-progress'), 'the answer is told');
  const recordings = late.network.client.calls(placed.sid).recordings;
  expect(await codeOf(recordings.create())).toBe(21_220);
  expect(await late.network.statusOf(placed.sid)).not.toBe('in-progress');
  await eventually(async () => (await late.network.statusOf(placed.sid)) === 'in-progress', 'it catches up');
  expect((await recordings.create()).status).toBe('in-progress');
  expect(await recordings.list()).toEqual([]);
  await eventually(async () => (await recordings.list()).length === 1, 'it is listed');
});

/** A network whose REST API is late by eight seconds of its own time. */
const openLate = async (clock: Clock) => {
  const late = await openNetwork({ clock, timing: { restLagMs: 8_000 } });
  await late.set(answering());
  return { network: late, [Symbol.asyncDispose]: () => late.close() };
};

test('a recording can be deleted once it is complete, and not before; both may fail', async () => {
  failures.set(['phone-recording-slow', 'phone-recording-stop-fails:1', 'phone-recording-delete-fails:1']);
  network.customer.on('/voice', '<Response><Pause length="600"/></Response>');
  const { sid: callSid } = await network.dial();
  await eventually(async () => (await network.statusOf(callSid)) === 'in-progress', 'it is answered');
  const { sid } = await network.client.calls(callSid).recordings.create({ trim: 'do-not-trim' });
  expect(await stateOf(sid)).toBe('processing');
  expect(await codeOf(network.client.recordings(sid).remove())).toBe(20_009);
  const stop = () => network.client.calls(callSid).recordings(sid).update({ status: 'stopped' });
  expect(await codeOf(stop())).toBe(20_500);
  await stop();
  expect(await codeOf(stop())).toBe(21_220);
  await eventually(async () => (await stateOf(sid)) !== 'processing', 'it is ready', 20_000);
  expect(await codeOf(network.client.recordings(sid).remove())).toBe(20_500);
  await network.client.recordings(sid).remove();
  expect(await codeOf(network.client.recordings(sid).fetch())).toBe(20_404);
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
