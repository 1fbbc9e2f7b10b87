import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFailures } from '../../sandbox/common/failures.ts';
import type { PhonesState } from '../../sandbox/phones/control/contract.ts';
import type { PhoneFailure } from '../../sandbox/phones/failures.ts';
import { PHONE_FAILURES } from '../../sandbox/phones/failures.ts';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../sandbox/phones/server.ts';
import { systemClock } from '../../src/clock.ts';
import type { PhoneNumber, ProviderCallId } from '../../src/core/ids.ts';
import type { CallInstruction } from '../../src/core/ports.ts';
import { checkTelephony } from '../../src/telephony/check-account.ts';
import { faultOf } from '../support/fault.ts';
import { until } from '../support/until.ts';
import { ACCOUNT, AUTH_TOKEN, LEG, openTestServer, rememberingLog } from '../telephony/support.ts';
import { type Exchange, openRecordingProxy } from './support/recording-proxy.ts';
import { checkExchange, operationOf } from './support/twilio-specification.ts';

const TO = '+442079460199' as PhoneNumber;
const ORDER = { legId: LEG, to: TO, ringTimeoutMs: 60_000, maxDurationMs: 600_000, detectMachine: true };
const UNKNOWN_CALL = `CA${'9'.repeat(32)}` as ProviderCallId;

/** Not in the specification, which has no media: the sound of a recording. */
const isMedia = ({ path }: Exchange): boolean => path.endsWith('.wav');

/** Properties that answers of the stand-in may leave out. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // Of lists by page number, which the vendor leaves out for lists by page token and the reverse.
  'num_pages',
  'total',
]);

type Setup = Awaited<ReturnType<typeof open>>;
const open = async (lag: { readonly restLagMs: number; readonly nowMs: () => number } | null = null) => {
  const failures = createFailures<PhoneFailure>(PHONE_FAILURES);
  const proxy = await openRecordingProxy(() => phones.url);
  const phones = await startPhones({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    parleyNumber: PARLEY_NUMBER,
    incomingUrl: () => `${parley.url}/telephony/incoming`,
    timing: {
      charactersPerSecond: 1000,
      ringAfterMs: 1,
      detectMs: 20,
      greetingMs: 100,
      processingMs: 50,
      restLagMs: lag?.restLagMs ?? 0,
    },
    failures,
    ...(lag === null ? {} : { clock: { ...systemClock, nowMs: lag.nowMs } }),
    log: rememberingLog(),
  });
  const parley = await openTestServer({
    itself: true,
    apiUrl: proxy.url,
    callerId: PARLEY_NUMBER as PhoneNumber,
    clock: systemClock,
    timings: { lookupDelayMs: 50 },
  });
  let streamUrl: string | null = null;
  const connect = (): CallInstruction => ({
    next: 'connect',
    legId: LEG,
    say: [],
    url: streamUrl ?? parley.url,
    progress: { noticePlayed: true, attempts: 0, connects: 1 },
    broken: { say: [], pausesMs: [60_000] },
  });
  parley.events.answered.mockImplementation(async () => connect());
  const connected = { times: 0, frames: 0 };
  parley.events.connect.mockImplementation(async () => {
    connected.times += 1;
    const audio = (): void => {
      connected.frames += 1;
    };
    return { audio, key: () => {}, closed: () => {} };
  });
  const control = (path: string, body: object) =>
    fetch(`${phones.url}/control/phones${path}`, { method: 'PUT', body: JSON.stringify(body) });
  const behaviour = { type: 'answer', afterMs: 0, turns: [], hangsUp: false };
  await control(`/${encodeURIComponent(TO)}`, { behaviour });
  const shown = async () =>
    (await (await fetch(`${phones.url}/control/phones/webhooks`)).json()) as {
      readonly webhooks: readonly { readonly parameters: Record<string, string> }[];
      readonly faults: readonly { readonly code: number }[];
    };
  const ask = (method: string, path: string, form: Record<string, string> | URLSearchParams | null = null) =>
    fetch(`${proxy.url}/2010-04-01/Accounts/${ACCOUNT}${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}` },
      ...(form === null ? {} : { body: new URLSearchParams(form) }),
    });
  const log = rememberingLog();
  return {
    phone: parley.telephony.phone,
    events: parley.events,
    exchanges: proxy.exchanges,
    failures,
    connected,
    ask,
    /** A call whose audio flows. */
    async talk(): Promise<ProviderCallId> {
      const before = connected.times;
      const callId = await parley.telephony.phone.dial(ORDER);
      await until(() => connected.times > before, { everyMs: 5, what: 'audio' });
      return callId;
    },
    /** Enough for a recording. */
    async hear(): Promise<void> {
      const before = connected.frames;
      await until(() => connected.frames > before + 15, { everyMs: 5, what: 'sound' });
    },
    async spoken(): Promise<readonly string[]> {
      const state = (await (await fetch(`${phones.url}/control/phones`)).json()) as PhonesState;
      return state.phones.find(({ number }) => number === TO)?.lastSpoken ?? [];
    },
    faults: async () => (await shown()).faults.map(({ code }) => code),
    webhooks: async () => (await shown()).webhooks.map(({ parameters }) => parameters),
    /** Gives a phone an owner, who has it verified. */
    own: (number: string) => control(`/${encodeURIComponent(number)}`, { behaviour, owner: 'Ben' }),
    /** Where streams are told to connect; null for where they reach us. */
    streamTo(url: string | null): void {
      streamUrl = url;
    },
    checkAccount: () =>
      checkTelephony({
        accountSid: ACCOUNT,
        authToken: AUTH_TOKEN,
        number: PARLEY_NUMBER as PhoneNumber,
        apiUrl: proxy.url,
        clock: systemClock,
        log,
      }),
    async close() {
      await phones.close();
      await parley.close();
      await proxy.close();
    },
  };
};

describe('requests to the phone network and its answers', () => {
  let setup: Setup;
  beforeAll(async () => {
    setup = await open();
  });
  afterAll(() => setup.close());

  it('are as the specification has them, nothing unknown and nothing missing', async () => {
    const { phone, exchanges } = setup;
    const { signal } = new AbortController();
    expect(await setup.checkAccount()).toMatchObject({
      account: 'active',
      trial: false,
      number: { voice: true },
    });
    const callId = await setup.talk();
    expect(await until(() => phone.find(ORDER, 0), { everyMs: 5 })).toBe(callId);
    expect(await phone.fetchCall(callId)).toEqual({ state: 'answered' });
    const recordingId = await phone.startRecording(LEG, callId);
    expect(await phone.fetchRecordingState(recordingId)).toBe('running');
    await setup.ask('GET', `/Calls/${callId}/Recordings.json`);
    await setup.ask('GET', `/Recordings.json?CallSid=${callId}`);
    const before = setup.connected.times;
    expect(await phone.sendKeys(LEG, callId, '123')).toBe(true);
    await until(() => setup.connected.times > before, { everyMs: 5, what: 'audio after the keys' });
    expect(await setup.spoken()).toEqual(['Keys: 123']);
    expect(await phone.redirectCall(LEG, callId)).toBe(true);
    await setup.hear();
    await phone.stopRecording(callId, recordingId);
    await until(async () => (await phone.fetchRecordingState(recordingId)) === 'ready', { everyMs: 5 });
    for await (const chunk of (await phone.openRecording(recordingId, { signal })).bytes) void chunk;
    await phone.deleteRecording(recordingId);
    await phone.deleteRecording(recordingId);
    await phone.hangUp(callId);
    await phone.hangUp(callId);
    expect(await phone.redirectCall(LEG, callId)).toBe(false);
    expect(await phone.fetchCall(UNKNOWN_CALL)).toBeNull();
    setup.failures.set(['phone-trial-account']);
    expect(await faultOf(phone.dial(ORDER))).toMatchObject({ code: 'call-refused' });
    setup.failures.set([]);
    expect(await faultOf(phone.startRecording(LEG, callId))).toMatchObject({ code: 'call-refused' });

    const specified = exchanges.filter((exchange) => !isMedia(exchange));
    expect(specified.length).toBeGreaterThan(15);
    expect(specified.flatMap((exchange) => checkExchange(exchange, LEFT_OUT))).toEqual([]);
    expect(new Set(specified.map(operationOf))).toEqual(
      new Set([
        'GET /2010-04-01/Accounts/{Sid}.json',
        'GET /2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers.json',
        'POST /2010-04-01/Accounts/{AccountSid}/Calls.json',
        'GET /2010-04-01/Accounts/{AccountSid}/Calls.json',
        'GET /2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json',
        'POST /2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json',
        'POST /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Recordings.json',
        'GET /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Recordings.json',
        'POST /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}/Recordings/{Sid}.json',
        'GET /2010-04-01/Accounts/{AccountSid}/Recordings.json',
        'GET /2010-04-01/Accounts/{AccountSid}/Recordings/{Sid}.json',
        'DELETE /2010-04-01/Accounts/{AccountSid}/Recordings/{Sid}.json',
      ]),
    );
  });
});

/** Each rule of README.md, by an exchange that is refused and one that is taken. */
describe('rules of the phone network that no schema has', () => {
  let setup: Setup;
  beforeAll(async () => {
    setup = await open();
  });
  afterEach(() => setup.failures.set([]));
  afterAll(() => setup.close());

  const call = { To: TO, From: PARLEY_NUMBER, Url: 'https://parley.example/voice' };
  const codeOf = async (response: Response): Promise<number | null> =>
    response.ok ? null : ((await response.json()) as { code: number }).code;
  const recordingOf = async (callId: ProviderCallId, form: Record<string, string> = {}): Promise<string> =>
    ((await (await setup.ask('POST', `/Calls/${callId}/Recordings.json`, form)).json()) as { sid: string })
      .sid;

  it('a call lasts four hours at most', async () => {
    expect(await codeOf(await setup.ask('POST', '/Calls.json', { ...call, TimeLimit: '14401' }))).toBe(
      20_001,
    );
    const taken = await setup.ask('POST', '/Calls.json', { ...call, TimeLimit: '14400' });
    expect(taken.status).toBe(201);
    await setup.phone.hangUp(((await taken.json()) as { sid: ProviderCallId }).sid);
  });

  it('a recording of one channel cannot be fetched as two', async () => {
    const callId = await setup.talk();
    const [mono, dual] = [
      await recordingOf(callId, { RecordingChannels: 'mono' }),
      await recordingOf(callId, { RecordingChannels: 'dual', Trim: 'do-not-trim' }),
    ];
    await setup.hear();
    await setup.phone.hangUp(callId);
    const fetchDual = (sid: string) => setup.ask('GET', `/Recordings/${sid}.wav?RequestedChannels=2`);
    await until(async () => (await fetchDual(dual)).ok, { everyMs: 5, what: 'the recording' });
    const refused = await fetchDual(mono);
    expect([refused.status, await codeOf(refused)]).toEqual([400, 16_113]);
  });

  it('the answer to a new call has no date yet', async () => {
    const created = await setup.ask('POST', '/Calls.json', call);
    const { sid, date_created } = (await created.json()) as { sid: ProviderCallId; date_created: unknown };
    expect(date_created).toBeNull();
    const dateOf = async () =>
      ((await (await setup.ask('GET', `/Calls/${sid}.json`)).json()) as { date_created: string | null })
        .date_created;
    expect(await until(dateOf, { everyMs: 5, what: 'its date' })).toMatch(/\+0000$/);
    await setup.phone.hangUp(sid);
  });

  it('a recording shows as processing or completed, and is deleted once it is completed only', async () => {
    const callId = await setup.talk();
    const sid = await recordingOf(callId, { RecordingChannels: 'dual', Trim: 'do-not-trim' });
    await setup.hear();
    const statusOf = async () =>
      ((await (await setup.ask('GET', `/Recordings/${sid}.json`)).json()) as { status: string }).status;
    const remove = () => setup.ask('DELETE', `/Recordings/${sid}.json`);
    expect(await statusOf()).toBe('processing');
    const refused = await remove();
    expect([refused.status, await codeOf(refused)]).toEqual([400, 20_009]);
    await setup.phone.hangUp(callId);
    await until(async () => (await statusOf()) === 'completed', { everyMs: 5, what: 'the recording' });
    const listed = await setup.ask('GET', `/Calls/${callId}/Recordings.json`);
    const { recordings } = (await listed.json()) as { recordings: { status: string }[] };
    expect(recordings.map(({ status }) => status)).toEqual(['completed']);
    expect((await remove()).status).toBe(204);
  });

  it('events of a recording are one value with spaces, and of several values the last one counts', async () => {
    for (const [events, reported] of [
      [['in-progress', 'completed'], ['completed']],
      [['in-progress completed'], ['in-progress', 'completed']],
    ] as const) {
      const callId = await setup.talk();
      const form = new URLSearchParams({
        RecordingStatusCallback: 'http://127.0.0.1:9/',
        Trim: 'do-not-trim',
      });
      for (const event of events) form.append('RecordingStatusCallbackEvent', event);
      const response = await setup.ask('POST', `/Calls/${callId}/Recordings.json`, form);
      const { sid } = (await response.json()) as { sid: string };
      await setup.hear();
      await setup.phone.hangUp(callId);
      const statuses = async () =>
        (await setup.webhooks()).flatMap(({ RecordingSid, RecordingStatus }) =>
          RecordingSid === sid ? [RecordingStatus] : [],
        );
      await until(async () => (await statuses()).includes('completed'), { everyMs: 5, what: 'a webhook' });
      expect(await statuses()).toEqual(reported);
    }
  });

  it('REST lags the webhooks: 21220 just after an answer is passing, and our recording starts', async () => {
    let nowMs = Date.now();
    const lagging = await open({ restLagMs: 700, nowMs: () => nowMs });
    const callId = await lagging.talk();
    const first = await lagging.ask('POST', `/Calls/${callId}/Recordings.json`, {});
    expect(await codeOf(first)).toBe(21_220);
    const starting = lagging.phone.startRecording(LEG, callId);
    const refusals = () => lagging.exchanges.filter(({ status }) => status === 400).length;
    await until(() => refusals() > 1, { everyMs: 5, what: 'a refusal' });
    nowMs += 700;
    expect(await starting).toMatch(/^RE/);
    await lagging.close();
  });

  it('a trial account carries no call of ours', async () => {
    setup.failures.set(['phone-trial-account']);
    expect(await setup.checkAccount()).toMatchObject({ trial: true });
    expect(await codeOf(await setup.ask('POST', '/Calls.json', call))).toBe(21_219);
    await setup.own(TO);
    const callId = await setup.phone.dial(ORDER);
    const codes = () => setup.faults();
    await until(async () => (await codes()).includes(10_002), { everyMs: 5, what: 'a stripped stream' });
    const fault = await faultOf(setup.phone.startRecording(LEG, callId));
    expect(fault.userMessage).toMatch(/is a trial/);
    await setup.phone.hangUp(callId);
  });

  it('media streams go to wss on port 443 only', async () => {
    const before = setup.connected.times;
    setup.failures.set(['phone-stream-wss-only:1']);
    const callId = await setup.phone.dial(ORDER);
    await until(async () => (await setup.faults()).includes(31_922), {
      everyMs: 5,
      what: 'a refused stream',
    });
    expect(setup.connected.times).toBe(before);
    setup.streamTo('https://parley.invalid');
    setup.failures.set(['phone-stream-wss-only:1']);
    await setup.phone.redirectCall(LEG, callId);
    // Tried, where there is no one.
    await until(async () => (await setup.faults()).includes(31_920), { everyMs: 5, what: 'an attempt' });
    setup.streamTo(null);
    await setup.phone.hangUp(callId);
  });

  it('upgrades are signed with or without a slash at the end, and not otherwise', async () => {
    for (const mode of [[], ['phone-stream-signed-with-slash']]) {
      setup.failures.set(mode);
      await setup.phone.hangUp(await setup.talk());
    }
  });

  it('a stream has its id for a name, and reports how it went', async () => {
    setup.failures.set(['phone-stream-fails:1']);
    const callId = await setup.phone.dial(ORDER);
    const failed = await until(
      async () =>
        (await setup.webhooks()).find(
          ({ StreamEvent, CallSid }) => StreamEvent === 'stream-error' && CallSid === callId,
        ),
      { everyMs: 5, what: 'stream-error' },
    );
    expect(failed).toMatchObject({
      StreamName: failed.StreamSid,
      StreamError: expect.stringMatching(/Timeout/),
    });
    await until(() => setup.events.handleEvent.mock.calls.some(([, , { type }]) => type === 'audio-failed'), {
      everyMs: 5,
      what: 'the report',
    });
    await setup.phone.hangUp(callId);
    const well = await setup.talk();
    await setup.phone.hangUp(well);
    const eventsOf = async () =>
      (await setup.webhooks()).flatMap(({ StreamEvent, CallSid }) =>
        CallSid === well && StreamEvent ? [StreamEvent] : [],
      );
    await until(async () => (await eventsOf()).length === 2, { everyMs: 5, what: 'both reports' });
    expect(await eventsOf()).toEqual(['stream-started', 'stream-stopped']);
  });
});
