import nock from 'nock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordingId } from '../../src/core/ids.ts';
import { createRest } from '../../src/telephony/rest.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { faultOf } from '../support/fault.ts';
import {
  ACCOUNT,
  AUTH_TOKEN,
  CALL,
  CALLER_ID,
  impatientClock,
  LEG,
  NUMBER,
  OTHER_CALL,
  openTestServer,
  type TestServer,
} from './support.ts';

const ROOT = `/2010-04-01/Accounts/${ACCOUNT}`;
const RECORDING = `RE${'d'.repeat(32)}` as RecordingId;
const ORDER = {
  legId: LEG,
  to: NUMBER,
  ringTimeoutMs: 29_500,
  maxDurationMs: 3_600_000,
  detectMachine: true,
};

let parley: TestServer;
beforeEach(async () => {
  nock.disableNetConnect();
  nock.enableNetConnect('127.0.0.1');
  parley = await openTestServer();
});
afterEach(async () => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
  nock.enableNetConnect();
  await parley.close();
  const log = parley.log.text();
  for (const secret of [
    AUTH_TOKEN,
    NUMBER,
    CALLER_ID,
    Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64'),
  ]) {
    expect(log).not.toContain(secret);
  }
});

const api = () =>
  nock('https://api.twilio.com').matchHeader('authorization', (value) => String(value).startsWith('Basic '));
const refusal = (status: number, code: number) => ({
  code,
  message: `The number ${NUMBER} is wrong, and the token ${AUTH_TOKEN} as well.`,
  more_info: 'https://www.twilio.com/docs/errors',
  status,
});
const phone = () => parley.telephony.phone;

describe('a phone is called', () => {
  it('with every webhook that it needs', async () => {
    let body: Record<string, string | string[]> = {};
    api()
      .post(`${ROOT}/Calls.json`, (sent) => {
        body = sent;
        return true;
      })
      .reply(201, { sid: CALL, status: 'queued' });
    expect(await phone().dial(ORDER)).toBe(CALL);
    const leg = `https://parley.example/telephony/legs/${LEG}`;
    expect(body).toEqual({
      To: NUMBER,
      From: CALLER_ID,
      Url: `${leg}/voice`,
      Method: 'POST',
      FallbackUrl: `${leg}/voice`,
      FallbackMethod: 'POST',
      StatusCallback: `${leg}/status`,
      StatusCallbackMethod: 'POST',
      StatusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
      Timeout: '30',
      TimeLimit: '3600',
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: `${leg}/machine`,
      AsyncAmdStatusCallbackMethod: 'POST',
    });
  });

  it('for no longer than the network allows', async () => {
    api()
      .post(`${ROOT}/Calls.json`, ({ TimeLimit }) => TimeLimit === '14400')
      .reply(201, { sid: CALL, status: 'queued' });
    await phone().dial({ ...ORDER, maxDurationMs: 14_460_000 });
  });

  it('without detection of machines, unless ordered', async () => {
    api()
      .post(`${ROOT}/Calls.json`, (sent) => !('MachineDetection' in sent || 'AsyncAmd' in sent))
      .reply(201, { sid: CALL, status: 'queued' });
    await phone().dial({ ...ORDER, detectMachine: false });
  });

  it.each([
    [400, 21211, 'doesn’t exist'],
    [400, 21217, 'doesn’t exist'],
    [400, 13224, 'doesn’t exist'],
    [400, 21214, 'can’t be reached'],
    [400, 21216, 'blocked'],
    [400, 21215, 'Geo permissions'],
    [403, 13227, 'Geo permissions'],
    [400, 21219, 'trial'],
    [400, 573_002, 'trial'],
    [400, 10_005, 'turned off'],
    [400, 21_202, 'premium-rate'],
    [400, 21_203, 'International'],
    [400, 21210, 'TWILIO_NUMBER'],
    [400, 21212, 'TWILIO_NUMBER'],
    [400, 21205, 'PUBLIC_URL'],
    [401, 20003, 'TWILIO_AUTH_TOKEN'],
    [403, 99_999, 'TWILIO_AUTH_TOKEN'],
    [402, 99_999, 'no credit'],
    [400, 10_001, 'no credit'],
    [400, 99_999, 'error 99999'],
  ])('or refused: %i, %i', async (status, code, says) => {
    api().post(`${ROOT}/Calls.json`).reply(status, refusal(status, code));
    const fault = await faultOf(phone().dial(ORDER));
    expect(fault).toMatchObject({ code: 'call-refused', retryable: false });
    expect(fault.userMessage).toContain(says);
    expect(fault.userMessage).not.toContain(NUMBER);
  });

  it.each([
    [429, 20429, 'lines are busy'],
    [400, 10_004, 'lines are busy'],
    [500, 20500, 'isn’t responding'],
    [503, 0, 'isn’t responding'],
  ])('or fails for now, and is not retried: %i, %i', async (status, code, says) => {
    api().post(`${ROOT}/Calls.json`).once().reply(status, refusal(status, code));
    const fault = await faultOf(phone().dial(ORDER));
    expect(fault).toMatchObject({ code: 'call-failed', retryable: true });
    expect(fault.userMessage).toContain(says);
  });

  it('or refused by an error of the newer kind', async () => {
    api()
      .post(`${ROOT}/Calls.json`)
      .reply(400, { type: 'https://t', title: `Bad ${NUMBER}`, status: 400, code: 21211 });
    expect((await faultOf(phone().dial(ORDER))).userMessage).toContain('doesn’t exist');
  });

  it('or fails when the connection breaks, the response is unreadable, or a redirect', async () => {
    const calls = `${ROOT}/Calls.json`;
    api()
      .post(calls)
      .replyWithError(Object.assign(new Error(NUMBER), { code: 'ECONNRESET' }));
    const broken = await faultOf(phone().dial(ORDER));
    expect(broken).toMatchObject({ code: 'call-failed', cause: { status: null, code: 'ECONNRESET' } });
    api().post(calls).reply(201, '<html>');
    expect(await faultOf(phone().dial(ORDER))).toMatchObject({ code: 'call-failed', retryable: true });
    api().post(calls).reply(201, { sid: '../../secrets' });
    expect(await faultOf(phone().dial(ORDER))).toMatchObject({ code: 'call-failed', retryable: true });
    api().post(calls).reply(302, '', { location: 'https://evil.example/' });
    expect(await faultOf(phone().dial(ORDER))).toMatchObject({ code: 'call-failed', retryable: true });
  });

  it('with errors that hold nothing the vendor said', async () => {
    api().post(`${ROOT}/Calls.json`).reply(400, refusal(400, 21211));
    const fault = await faultOf(phone().dial(ORDER));
    const text = JSON.stringify([
      fault.userMessage,
      fault.message,
      String(fault.cause),
      fault.stack,
      fault.cause,
    ]);
    expect(text).not.toContain(NUMBER);
    expect(text).not.toContain(AUTH_TOKEN);
  });

  it('only when the network can reach Parley', async () => {
    expect(phone().unavailableReason()).toBeNull();
    for (const [publicUrl, says] of [
      [null, 'PUBLIC_URL'],
      ['http://parley.example', 'https://'],
      ['https://parley.example:8443', '443'],
    ] as const) {
      const unreachable = await openTestServer({ publicUrl: () => publicUrl });
      expect(unreachable.telephony.phone.unavailableReason()).toContain(says);
      expect(await faultOf(unreachable.telephony.phone.dial(ORDER))).toMatchObject({ code: 'call-refused' });
      await unreachable.close();
    }
    const local = await openTestServer({ itself: true, apiUrl: 'http://127.0.0.1:1' });
    expect(local.telephony.phone.unavailableReason()).toBeNull();
    await local.close();
  });

  it('at another base URL, when there is one', async () => {
    const regional = await openTestServer({ apiUrl: 'https://api.dublin.ie1.example/twilio' });
    nock('https://api.dublin.ie1.example').post(`/twilio${ROOT}/Calls.json`).reply(201, { sid: CALL });
    expect(await regional.telephony.phone.dial(ORDER)).toBe(CALL);
    await regional.close();
  });
});

describe('the call of an interrupted dial', () => {
  const SINCE = Date.parse('2026-11-05T10:00:00.500Z');
  const made = (sid: string, at: string, changes: object = {}) => ({
    sid,
    to: NUMBER,
    from: CALLER_ID,
    direction: 'outbound-api',
    date_created: at,
    status: 'ringing',
    ...changes,
  });
  const list = (...calls: object[]) =>
    api()
      .get(`${ROOT}/Calls.json`)
      .query({ To: NUMBER, From: CALLER_ID, PageSize: 50 })
      .reply(200, { calls });
  const THEN = 'Thu, 05 Nov 2026 10:00:00 +0000';

  it('is the earliest from our number to this one since then', async () => {
    list(
      made(OTHER_CALL, 'Thu, 05 Nov 2026 10:02:00 +0000'),
      made(CALL, THEN),
      made(`CA${'e'.repeat(32)}`, 'Thu, 05 Nov 2026 09:59:00 +0000'),
    );
    expect(await phone().find(ORDER, SINCE)).toBe(CALL);
  });

  it('is not an incoming one, one to another number, or an earlier one', async () => {
    list(
      made(CALL, THEN, { direction: 'inbound' }),
      made(CALL, THEN, { to: '+442079460001' }),
      made(CALL, 'Thu, 05 Nov 2026 09:59:00 +0000'),
    );
    expect(await phone().find(ORDER, SINCE)).toBeNull();
  });

  it('may be so new that it has no date, but an older one with a date comes first', async () => {
    const { date_created: _, ...undated } = made(OTHER_CALL, THEN);
    list({ ...undated, date_created: null });
    expect(await phone().find(ORDER, SINCE)).toBe(OTHER_CALL);
    list({ ...undated, date_created: null }, made(CALL, THEN));
    expect(await phone().find(ORDER, SINCE)).toBe(CALL);
  });

  it('is looked up again while the network has a problem, but not for ever', async () => {
    api().get(/Calls/).times(2).reply(503, '');
    list(made(CALL, THEN));
    expect(await phone().find(ORDER, SINCE)).toBe(CALL);
    api().get(/Calls/).times(3).reply(429, '');
    expect(await faultOf(phone().find(ORDER, SINCE))).toMatchObject({ code: 'call-failed', retryable: true });
  });
});

describe('a call', () => {
  const call = `${ROOT}/Calls/${CALL}.json`;

  it.each([
    ['queued', { state: 'ringing' }],
    ['in-progress', { state: 'answered' }],
    ['completed', { state: 'ended', how: 'hung-up', reason: null }],
    ['canceled', { state: 'ended', how: 'cancelled', reason: null }],
    ['failed', { state: 'ended', how: 'failed', reason: expect.stringContaining('didn’t go through') }],
  ])('that is %s', async (status, report) => {
    api().get(call).reply(200, { sid: CALL, status });
    expect(await phone().fetchCall(CALL)).toEqual(report);
  });

  it('that the network does not know, or reports a strange status of', async () => {
    api().get(call).reply(404, refusal(404, 20404));
    expect(await phone().fetchCall(CALL)).toBeNull();
    api().get(call).reply(200, { sid: CALL, status: 'exploded' });
    expect(await faultOf(phone().fetchCall(CALL))).toMatchObject({ code: 'call-failed', retryable: true });
  });

  it('is hung up, also when it has ended or is not known', async () => {
    const hangUp = () => api().post(call, { Status: 'completed' });
    hangUp().reply(200, { sid: CALL, status: 'in-progress' });
    await phone().hangUp(CALL);
    hangUp().reply(404, refusal(404, 20404));
    await phone().hangUp(CALL);
    hangUp().reply(400, refusal(400, 21220));
    api().get(call).reply(200, { sid: CALL, status: 'completed' });
    await phone().hangUp(CALL);
  });

  it('is redirected to our webhook, unless it has ended or is not known', async () => {
    const url = `https://parley.example/telephony/legs/${LEG}/again`;
    const redirect = () =>
      api().post(call, { Url: url, Method: 'POST', FallbackUrl: url, FallbackMethod: 'POST' });
    redirect().reply(200, { sid: CALL, status: 'in-progress' });
    expect(await phone().redirectCall(LEG, CALL)).toBe(true);
    redirect().reply(404, refusal(404, 20404));
    expect(await phone().redirectCall(LEG, CALL)).toBe(false);
    redirect().reply(400, refusal(400, 21220));
    api().get(call).reply(200, { sid: CALL, status: 'completed' });
    expect(await phone().redirectCall(LEG, CALL)).toBe(false);
    redirect().reply(400, refusal(400, 21205));
    api().get(call).reply(200, { sid: CALL, status: 'in-progress' });
    expect(await faultOf(phone().redirectCall(LEG, CALL))).toMatchObject({ code: 'call-refused' });
  });

  it('is not taken for hung up when it is not', async () => {
    api().post(call).reply(400, refusal(400, 21220));
    api().get(call).reply(200, { sid: CALL, status: 'in-progress' });
    expect(await faultOf(phone().hangUp(CALL))).toMatchObject({ code: 'call-refused' });
  });
});

describe('a recording', () => {
  const recordings = `${ROOT}/Calls/${CALL}/Recordings`;

  it('starts once the network knows that the phone was answered, which takes it some seconds', async () => {
    for (let time = 0; time < 3; time += 1) {
      api().post(`${recordings}.json`).reply(400, refusal(400, 21220));
      api().get(`${ROOT}/Calls/${CALL}.json`).reply(200, { sid: CALL, status: 'ringing' });
    }
    api().post(`${recordings}.json`).reply(201, { sid: RECORDING, status: 'in-progress' });
    expect(await phone().startRecording(LEG, CALL)).toBe(RECORDING);
  });

  it('does not start when the network never does', async () => {
    api().post(`${recordings}.json`).times(7).reply(400, refusal(400, 21220));
    api().get(`${ROOT}/Calls/${CALL}.json`).times(7).reply(200, { sid: CALL, status: 'ringing' });
    expect(await faultOf(phone().startRecording(LEG, CALL))).toMatchObject({ code: 'call-refused' });
  });

  it('has two channels, is not trimmed, and has a status callback', async () => {
    api()
      .post(`${recordings}.json`, {
        RecordingChannels: 'dual',
        RecordingTrack: 'both',
        Trim: 'do-not-trim',
        RecordingStatusCallback: `https://parley.example/telephony/legs/${LEG}/recording`,
        RecordingStatusCallbackMethod: 'POST',
        // Several events are one value here, unlike those of a call.
        RecordingStatusCallbackEvent: 'in-progress completed absent',
      })
      .reply(201, { sid: RECORDING, status: 'in-progress' });
    expect(await phone().startRecording(LEG, CALL)).toBe(RECORDING);
  });

  it('does not start once the call has ended, and is not requested twice', async () => {
    api().post(`${recordings}.json`).reply(400, refusal(400, 21220));
    api().get(`${ROOT}/Calls/${CALL}.json`).reply(200, { sid: CALL, status: 'completed' });
    const fault = await faultOf(phone().startRecording(LEG, CALL));
    expect(fault).toMatchObject({ code: 'call-refused' });
    expect(fault.userMessage).toContain('has ended');
    api().post(`${recordings}.json`).once().reply(500, '');
    expect(await faultOf(phone().startRecording(LEG, CALL))).toMatchObject({ retryable: true });
  });

  it('runs while the network lists it as being processed; the oldest comes first', async () => {
    const found = [
      { sid: RECORDING, status: 'processing' },
      { sid: `RE${'d'.repeat(32)}`, status: 'deleted' },
      { sid: `RE${'e'.repeat(32)}`, status: 'completed' },
    ];
    const answer = { recordings: found, next_page_uri: null };
    api().get(`${recordings}.json`).query(true).reply(200, answer);
    expect(await phone().recordingsOf(CALL)).toEqual([
      { id: `RE${'e'.repeat(32)}`, state: 'ready' },
      { id: RECORDING, state: 'running' },
    ]);
  });

  it('is stopped, also when it has stopped already', async () => {
    const stop = () => api().post(`${recordings}/${RECORDING}.json`, { Status: 'stopped' });
    stop().reply(200, { sid: RECORDING, status: 'stopped' });
    await phone().stopRecording(CALL, RECORDING);
    stop().reply(404, refusal(404, 20404));
    await phone().stopRecording(CALL, RECORDING);
    stop().reply(400, refusal(400, 21220));
    await phone().stopRecording(CALL, RECORDING);
    stop().times(3).reply(500, '');
    expect(await faultOf(phone().stopRecording(CALL, RECORDING))).toMatchObject({ retryable: true });
  });

  it.each([
    ['in-progress', 'running'],
    ['stopped', 'running'],
    ['processing', 'running'],
    ['completed', 'ready'],
    ['absent', 'absent'],
    ['failed', 'absent'],
    ['deleted', null],
  ])('that is %s is %s', async (status, state) => {
    api().get(`${ROOT}/Recordings/${RECORDING}.json`).reply(200, { sid: RECORDING, status });
    expect(await phone().fetchRecordingState(RECORDING)).toBe(state);
  });

  it('is deleted, also when it was deleted already', async () => {
    api().delete(`${ROOT}/Recordings/${RECORDING}.json`).reply(503, '');
    api().delete(`${ROOT}/Recordings/${RECORDING}.json`).reply(204);
    await phone().deleteRecording(RECORDING);
    api().delete(`${ROOT}/Recordings/${RECORDING}.json`).reply(404, refusal(404, 20404));
    await phone().deleteRecording(RECORDING);
    api().get(`${ROOT}/Recordings/${RECORDING}.json`).reply(404, refusal(404, 20404));
    expect(await phone().fetchRecordingState(RECORDING)).toBeNull();
  });
});

describe('a network that does not respond', () => {
  it('is given up after the timeout', async () => {
    const rest = createRest({
      accountSid: ACCOUNT,
      authToken: AUTH_TOKEN,
      apiUrl: 'https://api.twilio.com',
      timeoutMs: 30,
      clock: impatientClock,
      log: parley.log,
    });
    api().get(/Calls/).delay(60_000).reply(200, {});
    const fault = await faultOf(rest.once(() => rest.client.calls(CALL).fetch()));
    expect(fault).toMatchObject({ code: 'call-failed', cause: { status: null, code: 'ECONNABORTED' } });
    nock.abortPendingRequests();
    rest.close();
  });
});

describe('closing', () => {
  it('ends a retry that waits', async () => {
    const slow = await openTestServer({ clock: createVirtualClock() });
    const requested = Promise.withResolvers<void>();
    api()
      .get(/Calls/)
      .reply(() => {
        requested.resolve();
        return [503, ''];
      });
    const fetching = faultOf(slow.telephony.phone.fetchCall(CALL));
    await requested.promise;
    await slow.close();
    expect(await fetching).toMatchObject({ code: 'unexpected', retryable: true });
  });
});
