import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { eventually } from '../slack/workspace.ts';
import { ACCOUNT, answering, type OpenNetwork, openNetwork, TO, TOKEN } from './network.ts';

let network: OpenNetwork;
beforeEach(async () => {
  network = await openNetwork();
});
afterEach(() => network.close());

const errorOf = async (work: Promise<unknown>): Promise<object> => {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown as Error,
  );
  const { status, code, message, moreInfo } = error as Error & Record<string, unknown>;
  return { status, code, message, moreInfo };
};

const SILENT = '<Response><Pause length="600"/></Response>';

/** A call that was answered and says nothing. */
const talk = async (more: object = {}) => {
  await network.set(answering());
  const call = await network.dial({ url: undefined, twiml: SILENT, ...more });
  await eventually(async () => (await network.statusOf(call.sid)) === 'in-progress', 'it is answered');
  return call;
};

describe('calls', () => {
  test('a call is made, and is what the library expects of one', async () => {
    const call = await network.dial();
    expect(call).toMatchObject({
      sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      accountSid: ACCOUNT,
      to: TO,
      toFormatted: '020 7946 0199',
      from: PARLEY_NUMBER,
      status: 'queued',
      direction: 'outbound-api',
      startTime: null,
      endTime: null,
      answeredBy: null,
    });
    expect(call.dateCreated).toBeNull();
    await eventually(async () => (await network.statusOf(call.sid)) === 'ringing', 'it rings');
    const ringing = await network.client.calls(call.sid).fetch();
    expect(Math.abs(ringing.startTime.getTime() - network.clock.nowMs())).toBeLessThan(3000);
    expect(Math.abs(ringing.dateCreated.getTime() - network.clock.nowMs())).toBeLessThan(3000);
    expect(await network.phone()).toMatchObject({ call: { state: 'ringing', with: PARLEY_NUMBER } });
  });

  test('calls are listed, the newest first, by whom they concern and from when, across pages', async () => {
    const sids: string[] = [];
    for (const _ of [1, 2, 3]) sids.unshift((await network.dial({ to: '+442079460150' })).sid);
    const other = await network.dial();
    const list = (filter: object) =>
      network.client.calls.list(filter).then((calls) => calls.map(({ sid }) => sid));
    expect(await list({ to: '+442079460150', pageSize: 2 })).toEqual(sids);
    expect(await list({ from: PARLEY_NUMBER })).toEqual([other.sid, ...sids]);
    expect(await list({ to: TO, from: '+442079460000' })).toEqual([]);
    await eventually(async () => (await network.statusOf(other.sid)) === 'ringing', 'the last one rings');
    const minute = 60_000;
    expect(await list({ startTimeAfter: new Date(network.clock.nowMs() - minute), to: TO })).toEqual([
      other.sid,
    ]);
    expect(await list({ startTimeAfter: new Date(network.clock.nowMs() + minute) })).toEqual([]);
    expect(await list({ status: 'ringing', to: TO })).toEqual([other.sid]);
    expect(await list({ status: 'completed' })).toEqual([]);
  });

  test('one that rings is cancelled, one that was answered is completed, one that is over is neither', async () => {
    const ringing = await network.dial({ to: '+442079460150' });
    await network.client.calls(ringing.sid).update({ status: 'canceled' });
    expect(await network.ended(ringing.sid)).toMatchObject({ status: 'canceled', duration: '0' });
    const talking = await talk();
    expect(await errorOf(network.client.calls(talking.sid).update({ status: 'canceled' }))).toMatchObject({
      code: 21_220,
    });
    await network.client.calls(talking.sid).update({ status: 'completed' });
    expect(await network.ended(talking.sid)).toMatchObject({
      status: 'completed',
      duration: expect.stringMatching(/^[1-9]\d*$/),
    });
    expect(await errorOf(network.client.calls(talking.sid).update({ status: 'completed' }))).toMatchObject({
      status: 400,
      code: 21_220,
    });
  });

  test('one that was answered is led to another document', async () => {
    const call = await talk();
    await network.client
      .calls(call.sid)
      .update({ twiml: '<Response><Say>Elsewhere.</Say><Pause length="60"/></Response>' });
    await eventually(
      async () => (await network.phone())?.call?.spoken.includes('Elsewhere.'),
      'it is spoken',
    );
    network.customer.on('/bye', '<Response><Hangup/></Response>');
    await network.client.calls(call.sid).update({ url: `${network.customer.url}/bye` });
    expect(await network.ended(call.sid)).toMatchObject({ status: 'completed' });
  });

  test.each([
    [{ to: '12345' }, 21_211],
    [{ to: '' }, 21_201],
    [{ from: '' }, 21_213],
    [{ from: '+442079460000' }, 21_210],
    [{ url: undefined }, 21_205],
    [{ url: 'not an address' }, 21_205],
    [{ statusCallback: '/status' }, 21_609],
    [{ timeout: 0 }, 20_001],
  ])('%j is refused with %d', async (more, code) => {
    const error = await errorOf(network.dial(more));
    expect(error).toMatchObject({ status: 400, code });
    expect(error).toMatchObject({ moreInfo: `https://www.twilio.com/docs/errors/${code}` });
  });

  test('who shows the wrong token, or asks for another account, learns nothing', async () => {
    const list = (account: string, token: string) => errorOf(network.clientOf(account, token).calls.list());
    expect(await list(ACCOUNT, 'wrong')).toMatchObject({ status: 401, code: 20_003 });
    const foreign = `AC${'9'.repeat(32)}`;
    expect(await list(foreign, TOKEN)).toMatchObject({ status: 401, code: 20_003 });
    const { calls } = network.client.api.v2010.accounts(foreign);
    expect(await errorOf(calls.list())).toMatchObject({ status: 404, code: 20_404 });
    expect(await errorOf(network.client.calls(`CA${'0'.repeat(32)}`).fetch())).toMatchObject({
      status: 404,
      code: 20_404,
    });
  });
});

const record = (sid: string, more: object = {}) =>
  network.client.calls(sid).recordings.create({
    recordingChannels: 'dual',
    trim: 'do-not-trim',
    recordingStatusCallback: `${network.customer.url}/recording`,
    recordingStatusCallbackEvent: ['in-progress completed absent'],
    ...more,
  });

const fetchWav = async (sid: string, query = '?RequestedChannels=2') => {
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString('base64')}`;
  const path = `/2010-04-01/Accounts/${ACCOUNT}/Recordings/${sid}.wav${query}`;
  const response = await fetch(`${network.phones.url}${path}`, { headers: { authorization } });
  return { status: response.status, wav: Buffer.from(await response.arrayBuffer()) };
};

const completed = (sid: string) =>
  eventually(async () => {
    const recording = await network.client.recordings(sid).fetch();
    return recording.status === 'completed' ? recording : null;
  }, 'the recording is ready');

const hear = async (from: number) =>
  eventually(async () => (await network.wav('sent')).length > from + 16_000, 'a second passes');

describe('recordings', () => {
  test('two channels: what the phone sent and what it received; to the sample', async () => {
    const speech =
      '<Response><Pause length="1"/><Say>Hello, hello, hello, hello.</Say><Pause length="60"/></Response>';
    const call = await talk({ twiml: speech });
    const recording = await record(call.sid);
    expect(recording).toMatchObject({
      sid: expect.stringMatching(/^RE[0-9a-f]{32}$/),
      callSid: call.sid,
      status: 'in-progress',
      channels: 2,
      source: 'StartCallRecordingAPI',
      duration: '-1',
    });
    await network.ask('PUT', `/${encodeURIComponent(TO)}/speak?sample=repair-shop-5`);
    await hear((await network.wav('sent')).length);
    const stopped = await network.client
      .calls(call.sid)
      .recordings(recording.sid)
      .update({ status: 'stopped' });
    expect(stopped.status).toBe('stopped');
    const ready = await completed(recording.sid);
    const { wav } = await fetchWav(recording.sid);
    const frames = (wav.length - 44) / 4;
    expect(wav.readUInt16LE(22)).toBe(2);
    expect(wav.readUInt32LE(24)).toBe(8000);
    expect(ready.duration).toBe(String(Math.round(frames / 8000)));
    const peak = (offset: number): number => {
      let highest = 0;
      for (let frame = 0; frame < frames; frame += 1) {
        highest = Math.max(highest, wav.readInt16LE(44 + frame * 4 + offset));
      }
      return highest;
    };
    // The voice on the first alone: the hum of the machine is far below it.
    expect(peak(0)).toBeGreaterThan(5000);
    expect(peak(2)).toBeLessThan(3000);
    const mono = await fetchWav(recording.sid, '');
    expect(mono.wav.readUInt16LE(22)).toBe(1);
    expect(mono.wav.length - 44).toBe(frames * 2);
    expect(network.customer.requestsTo('/recording')).toMatchObject([
      { signed: true, parameters: { RecordingStatus: 'in-progress', RecordingSid: recording.sid } },
      {
        signed: true,
        parameters: {
          RecordingStatus: 'completed',
          CallSid: call.sid,
          RecordingChannels: '2',
          RecordingDuration: ready.duration,
          RecordingUrl: `${network.phones.url}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${recording.sid}`,
        },
      },
    ]);
  });

  test('a call that ends ends its recording, which stays until it is deleted', async () => {
    const call = await talk();
    const { sid } = await record(call.sid);
    await hear(0);
    expect((await fetchWav(sid)).status).toBe(404);
    await network.client.calls(call.sid).update({ status: 'completed' });
    await completed(sid);
    expect(await network.client.recordings.list({ callSid: call.sid })).toMatchObject([{ sid }]);
    expect(await network.client.calls(call.sid).recordings.list()).toMatchObject([{ sid }]);
    await network.client.recordings(sid).remove();
    expect(await errorOf(network.client.recordings(sid).fetch())).toMatchObject({ code: 20_404 });
    expect((await fetchWav(sid)).status).toBe(404);
    expect(await errorOf(network.client.recordings(sid).remove())).toMatchObject({ status: 404 });
  });

  test('without do-not-trim silence is cut off, so that forgetting it is noticed', async () => {
    const call = await talk();
    const { sid } = await record(call.sid, { trim: 'trim-silence' });
    await hear(0);
    await network.ask('PUT', `/${encodeURIComponent(TO)}/speak?sample=repair-shop-5`);
    await hear((await network.wav('sent')).length);
    await network.client.calls(call.sid).update({ status: 'completed' });
    await completed(sid);
    const { wav } = await fetchWav(sid, '');
    expect((wav.length - 44) / 16).toBeLessThan(800);
  });

  test('a recording of nothing is absent, and one of a call that does not last is refused', async () => {
    const call = await talk();
    const { sid } = await record(call.sid);
    await network.client.calls(call.sid).recordings('Twilio.CURRENT').update({ status: 'stopped' });
    await eventually(
      () =>
        network.customer
          .requestsTo('/recording')
          .find(({ parameters }) => parameters.RecordingStatus === 'absent'),
      'the absent recording is reported',
    );
    expect(await network.client.recordings(sid).fetch()).toMatchObject({
      status: 'absent',
      errorCode: 16_101,
    });
    await network.client.calls(call.sid).update({ status: 'completed' });
    expect(await errorOf(record(call.sid))).toMatchObject({ status: 400, code: 21_220 });
  });

  test('a call may be recorded from its answer on', async () => {
    const call = await talk({ record: true, recordingChannels: 'dual', trim: 'do-not-trim' });
    await hear(0);
    await network.client.calls(call.sid).update({ status: 'completed' });
    const [recording] = await network.client.recordings.list({ callSid: call.sid });
    expect(recording).toMatchObject({ source: 'OutboundAPI', channels: 2 });
    await completed(recording!.sid);
  });
});
