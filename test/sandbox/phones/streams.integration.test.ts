import twilio from 'twilio';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beep } from '../../../sandbox/phones/audio/tones.ts';
import { eventually } from '../slack/workspace.ts';
import { answering, type OpenNetwork, openNetwork, soundMs, TO, voicedMs } from './network.ts';

let network: OpenNetwork;
beforeEach(async () => {
  network = await openNetwork();
  await network.set(answering());
});
afterEach(() => network.close());

const streaming = (parameters: Record<string, string> = {}): string => {
  const response = new twilio.twiml.VoiceResponse();
  const stream = response.connect().stream({ url: network.customer.streamUrl });
  for (const [name, value] of Object.entries(parameters)) stream.parameter({ name, value });
  response.say('After the stream.');
  return response.toString();
};

const connect = async () => {
  network.customer.on('/voice', streaming({ leg: 'L1', note: '“<&>”' }));
  const call = await network.dial();
  const stream = await network.customer.stream();
  await eventually(() => stream.messages.length > 2, 'the stream flows');
  return { call, stream };
};

test('a stream is opened signed, and describes itself before it sends audio every 20 ms', async () => {
  const { call, stream } = await connect();
  expect(stream.signed).toBe(true);
  await eventually(() => stream.messages.length > 30, 'some seconds have passed');
  const [connected, start, ...media] = stream.messages;
  expect(connected).toEqual({ event: 'connected', protocol: 'Call', version: '1.0.0' });
  expect(start).toMatchObject({
    event: 'start',
    sequenceNumber: '1',
    streamSid: expect.stringMatching(/^MZ[0-9a-f]{32}$/),
    start: {
      callSid: call.sid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { leg: 'L1', note: '“<&>”' },
    },
  });
  for (const [index, { event, sequenceNumber, media: piece }] of media.entries()) {
    expect({ event, sequenceNumber }).toEqual({ event: 'media', sequenceNumber: String(index + 2) });
    expect(piece).toMatchObject({ track: 'inbound', chunk: String(index + 1) });
  }
  // Stamps begin anywhere from 57 to 171 ms, and tremble. Long silence is mostly left out, and the count has no gap.
  const stamps = media.map((message) => Number(message.media!.timestamp));
  expect(stamps[0]).toBeGreaterThanOrEqual(57);
  expect(stamps[0]).toBeLessThanOrEqual(171);
  const trembles = stamps.slice(0, 10).map((stampMs, at) => stampMs - at * 20);
  expect(Math.max(...trembles) - Math.min(...trembles)).toBeGreaterThan(20);
  expect(Math.max(...trembles) - Math.min(...trembles)).toBeLessThanOrEqual(80);
  expect(stamps[20]! - stamps[19]!).toBeGreaterThan(100);
  expect(stream.heard().every((code) => code === 0xff)).toBe(true);
  expect(Buffer.from(media[0]!.media!.payload, 'base64')).toHaveLength(160);
});

test('sent audio is played in real time, and a mark returns once it is reached', async () => {
  const { stream } = await connect();
  const began = network.clock.monotonicMs();
  stream.play(beep(600));
  stream.send({ event: 'mark', mark: { name: 'over' } });
  const mark = await eventually(
    () => stream.messages.find(({ event }) => event === 'mark'),
    'the mark returns',
  );
  expect(network.clock.monotonicMs() - began).toBeGreaterThan(560);
  expect(mark).toMatchObject({ streamSid: stream.sid(), mark: { name: 'over' } });
  expect(soundMs(await network.wav('received'))).toBe(600);
});

test('clear drops audio that was not played, and returns its marks at once', async () => {
  const { stream } = await connect();
  stream.play(beep(60_000));
  stream.send({ event: 'mark', mark: { name: 'far' } });
  stream.send({ event: 'clear' });
  await eventually(() => stream.messages.find(({ event }) => event === 'mark'), 'the mark returns');
  // A second mark with nothing before it returns as well.
  stream.send({ event: 'mark', mark: { name: 'near' } });
  await eventually(() => stream.messages.find(({ mark }) => mark?.name === 'near'), 'the mark returns');
});

test('keys and the audio of the phone reach the other side', async () => {
  const { stream } = await connect();
  await network.act('keys', { keys: '4#' });
  await eventually(() => stream.messages.filter(({ event }) => event === 'dtmf').length === 2, 'keys arrive');
  expect(stream.messages.flatMap(({ dtmf }) => (dtmf ? [dtmf.digit] : []))).toEqual(['4', '#']);
  await network.ask('PUT', `/${encodeURIComponent(TO)}/speak?sample=repair-shop-5`);
  await eventually(() => voicedMs(stream.heard()) > 0, 'the voice is heard');
});

test('after the other side closed, the document goes on', async () => {
  const { call, stream } = await connect();
  stream.socket.close();
  const { status } = await network.ended(call.sid);
  expect(status).toBe('completed');
});

test('a call that ends stops its stream with a word', async () => {
  const { call, stream } = await connect();
  await network.client.calls(call.sid).update({ status: 'completed' });
  await eventually(() => stream.messages.at(-1)?.event === 'stop', 'stop is sent');
  expect(stream.messages.at(-1)).toMatchObject({ stop: { callSid: call.sid }, streamSid: stream.sid() });
  await eventually(() => stream.socket.readyState === stream.socket.CLOSED, 'the socket is closed');
});

test('what is no message of a stream is a fault, and changes nothing', async () => {
  const { stream } = await connect();
  stream.socket.send('nonsense');
  stream.socket.send(JSON.stringify({ event: 'media', streamSid: 'MZother', media: { payload: '' } }));
  await eventually(async () => (await network.webhooks()).faults.length === 2, 'both are noticed');
  expect((await network.webhooks()).faults.map(({ code }) => code)).toEqual([31_951, 31_951]);
  expect(stream.socket.readyState).toBe(stream.socket.OPEN);
});

test('a stream that is refused is a fault, and the document goes on', async () => {
  const refused = network.customer.streamUrl.replace('/stream', '/refused');
  network.customer.on('/voice', streaming().replace(network.customer.streamUrl, refused));
  const call = await network.dial();
  await network.ended(call.sid);
  expect((await network.webhooks()).faults).toMatchObject([{ code: 31_920, callSid: call.sid }]);
});
