import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PhoneBehaviour, PhonesState } from '../../sandbox/phones/control/contract.ts';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import { type Phones, startPhones } from '../../sandbox/phones/server.ts';
import type { LegId, PhoneNumber, RecordingId } from '../../src/core/ids.ts';
import type { LegAudioInput, LegAudioOutput, PhoneEvent } from '../../src/core/ports.ts';
import { until } from '../support/until.ts';
import { ACCOUNT, AUTH_TOKEN, type House, LEG, openHouse, rememberingLog } from './support.ts';

/** Both ends were written from the vendor's documents; here they meet. */
const TO = '+442079460199' as PhoneNumber;
const CALLER_ID = PARLEY_NUMBER as PhoneNumber;
/** Rings for longer than a busy machine takes to decode what its person says, which is done before it is answered. */
const ORDER = { legId: LEG, to: TO, ringTimeoutMs: 60_000, maxDurationMs: 600_000, detectMachine: true };
const TONE = Uint8Array.from({ length: 160 }, (_, at) => (at % 8 < 4 ? 0x10 : 0x90));

let phones: Phones;
let house: House;
beforeEach(async () => {
  phones = await startPhones({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    parleyNumber: CALLER_ID,
    incomingUrl: () => `${house.url}/telephony/incoming`,
    timing: {
      charactersPerSecond: 500,
      ringAfterMs: 1,
      quietMs: 100,
      longestWaitMs: 300,
      detectMs: 20,
      greetingMs: 100,
      processingMs: 1,
    },
    log: rememberingLog(),
  });
  house = await openHouse({
    itself: true,
    apiUrl: phones.url,
    callerId: CALLER_ID,
    pace: { lookAfterMs: 50 },
  });
});
afterEach(async () => {
  await phones.close();
  await house.close();
});

const ask = async (method: string, path: string, body: unknown = {}): Promise<void> => {
  const response = await fetch(`${phones.url}/control/phones/${encodeURIComponent(TO)}${path}`, {
    method,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
};
const behave = (behaviour: PhoneBehaviour) => ask('PUT', '', { behaviour });
const person = (more: object = {}): PhoneBehaviour => ({
  type: 'answer',
  afterMs: 0,
  turns: [],
  hangsUp: false,
  ...more,
});
const events = (): PhoneEvent[] => house.calls.handleEvent.mock.calls.map(([, , event]) => event);
const eventOf = <Type extends PhoneEvent['type']>(type: Type) =>
  until(() => events().find((event) => event.type === type), { what: type }) as Promise<
    Extract<PhoneEvent, { type: Type }>
  >;

/** Of 16-bit samples. */
const loudest = (wav: Buffer, channel: number, channels = 2): number => {
  let most = 0;
  for (let at = 44 + 2 * channel; at + 1 < wav.length; at += 2 * channels)
    most = Math.max(most, Math.abs(wav.readInt16LE(at)));
  return most;
};
/** ITU-T G.711. */
const loudestOf = (mulaw: Uint8Array): number =>
  Math.max(...Array.from(mulaw, (code) => ((((~code & 0x0f) << 3) + 132) << ((~code >> 4) & 7)) - 132));

/** The flows have a place for the telephone as soon as it is answered. */
const place = (say: readonly string[] = []) => {
  const ear = { audio: vi.fn<LegAudioInput['audio']>(), key: vi.fn(), closed: vi.fn() };
  const lines: LegAudioOutput[] = [];
  const broken = { say: ['The line broke.'], pausesMs: [1_000] };
  const connect = (legId: LegId) => ({ next: 'connect', legId, say, url: house.url, broken }) as const;
  house.calls.answered.mockImplementation(async (legId) => connect(legId));
  house.calls.connect.mockImplementation(async (_leg, _call, line) => {
    lines.push(line);
    return ear;
  });
  return { ear, lines, connect };
};

describe('with the telephone network of the local workspace', () => {
  it('a person answers, is heard and hears, is recorded, and hangs up', async () => {
    await behave(person({ turns: ['ben-1'], hangsUp: true }));
    const { ear, lines } = place(['This call is recorded.']);
    const { phone } = house.telephony;
    expect(phone.unavailableReason()).toBeNull();
    const sinceMs = Date.now();
    const callId = await phone.dial(ORDER);
    expect(await phone.find(ORDER, sinceMs)).toBe(callId);
    const line = await until(() => lines[0]);
    const recordingId = await phone.startRecording(LEG, callId);
    expect(await phone.fetchRecordingState(recordingId)).toBe('running');
    for (let frame = 0; frame < 25; frame += 1) line.play(TONE);
    expect(await phone.fetchCall(callId)).toEqual({ state: 'answered' });

    await eventOf('ringing');
    await eventOf('answered');
    expect((await eventOf('answered-by')).by).toBe('person');
    expect(await eventOf('ended')).toEqual({ type: 'ended', how: 'hung-up', reason: null });
    expect((await eventOf('recording-ready')).recordingId).toBe(recordingId);
    expect(new Set(house.calls.handleEvent.mock.calls.map(([leg, call]) => `${leg} ${call}`))).toEqual(
      new Set([`${LEG} ${callId}`]),
    );
    const heard = ear.audio.mock.calls;
    expect(heard.length).toBeGreaterThan(50);
    const times = heard.map(([, atMs]) => atMs);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(heard.some(([mulaw]) => mulaw.some((code) => (~code & 0x7f) > 64))).toBe(true);
    expect(ear.closed).toHaveBeenCalledOnce();

    const { bytes, sizeBytes } = await phone.openRecording(recordingId, {
      signal: new AbortController().signal,
    });
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const wav = Buffer.concat(chunks);
    expect(wav.length).toBe(sizeBytes);
    expect({ code: wav.readUInt16LE(20), channels: wav.readUInt16LE(22) }).toEqual({ code: 1, channels: 2 });
    // Its own voice on channel 0; what was played to it, which is louder than any voice, on channel 1.
    expect(loudest(wav, 0)).toBeGreaterThan(1_000);
    expect(loudest(wav, 1)).toBe(loudestOf(TONE));
    await phone.deleteRecording(recordingId);
    await phone.deleteRecording(recordingId);
    expect(await phone.fetchRecordingState(recordingId)).toBeNull();
    await phone.stopRecording(callId, recordingId as RecordingId);
    await phone.hangUp(callId);
    expect(await phone.fetchCall(callId)).toEqual({ state: 'ended', how: 'hung-up', reason: null });
  });

  it.each<[PhoneBehaviour, object]>([
    [{ type: 'busy' }, { how: 'busy', reason: null }],
    [{ type: 'no-answer' }, { how: 'no-answer', reason: null }],
    [{ type: 'unreachable' }, { how: 'failed', reason: expect.stringMatching(/\w.*\.$/) }],
  ])('nobody answers: %j', async (behaviour, ended) => {
    await behave(behaviour);
    await house.telephony.phone.dial({ ...ORDER, ringTimeoutMs: 1_000 });
    expect(await eventOf('ended')).toMatchObject(ended);
    expect(house.calls.answered).not.toHaveBeenCalled();
  });

  it('a machine answers', async () => {
    await behave({ type: 'voicemail', afterMs: 0 });
    place();
    await house.telephony.phone.dial(ORDER);
    expect((await eventOf('answered-by')).by).toBe('machine');
  });

  it('a telephone that rings is hung up', async () => {
    await behave({ type: 'ring' });
    const callId = await house.telephony.phone.dial(ORDER);
    await eventOf('ringing');
    await house.telephony.phone.hangUp(callId);
    await house.telephony.phone.hangUp(callId);
    await eventOf('ended');
    expect(await house.telephony.phone.fetchCall(callId)).toMatchObject({ state: 'ended' });
  });

  it('a key is pressed while the notice is spoken, and the call goes on', async () => {
    await behave(person({ keys: '9' }));
    const { lines, connect } = place(['This call is recorded. '.repeat(40)]);
    house.calls.keyPressed.mockImplementation(async (legId) => ({ ...connect(legId), say: ['All right.'] }));
    const callId = await house.telephony.phone.dial(ORDER);
    await until(() => lines.length === 1);
    expect(house.calls.keyPressed).toHaveBeenCalledExactlyOnceWith(LEG, callId, '9');
  });

  it('the sound breaks off, the telephone asks what now, and is connected anew', async () => {
    await behave(person());
    const { ear, lines } = place();
    const callId = await house.telephony.phone.dial(ORDER);
    (await until(() => lines[0])).removed();
    await until(() => lines.length === 2);
    expect(house.calls.answered.mock.calls.map(([, , so]) => so)).toEqual([
      { noticePlayed: false, attempts: 0 },
      { noticePlayed: true, attempts: 0 },
    ]);
    await until(() => ear.audio.mock.calls.length > 20);
    house.calls.answered.mockResolvedValue({ next: 'hang-up', say: ['Goodbye.'] });
    lines[1]!.removed();
    expect(await eventOf('ended')).toMatchObject({ how: 'hung-up' });
    expect(await house.telephony.phone.fetchCall(callId)).toMatchObject({ state: 'ended' });
  });

  it('is brought back from where it waits, and out of the middle of its sound', async () => {
    await behave(person({ turns: ['ben-1'] }));
    const { ear, lines } = place();
    // Nobody would ask for hours.
    const patient = { say: ['The line broke.'], pausesMs: [3_600_000] };
    house.calls.answered.mockImplementation(async (legId, _call, { noticePlayed: told }) => {
      const say = told ? ['Again.'] : [];
      return { next: 'connect', legId, say, url: house.url, broken: patient };
    });
    const { phone } = house.telephony;
    const callId = await phone.dial(ORDER);
    (await until(() => lines[0])).removed();
    const spoken = async (): Promise<readonly string[]> => {
      const response = await fetch(`${phones.url}/control/phones`);
      const { phones: all } = (await response.json()) as PhonesState;
      return all.find(({ number }) => number === TO)?.call?.spoken ?? [];
    };
    await until(async () => (await spoken()).at(-1) === 'The line broke.');
    expect(await phone.redirectCall(LEG, callId)).toBe(true);
    await until(() => lines.length === 2);
    expect(await phone.redirectCall(LEG, callId)).toBe(true);
    await until(() => lines.length === 3);
    expect(await spoken()).toEqual(['The line broke.', 'Again.', 'Again.']);
    // What was left behind takes nothing from what came after it: sound goes both ways.
    expect(ear.closed).toHaveBeenLastCalledWith('ended');
    const before = ear.audio.mock.calls.length;
    await until(() => ear.audio.mock.calls.slice(before).some(([mulaw]) => loudestOf(mulaw) > 1_000), {
      timeoutMs: 20_000,
      what: 'the telephone is heard again',
    });
    for (let frame = 0; frame < 25; frame += 1) lines[2]!.play(TONE);
    await until(async () => {
      const response = await fetch(`${phones.url}/control/phones/${encodeURIComponent(TO)}/received.wav`);
      return loudest(Buffer.from(await response.arrayBuffer()), 0, 1) === loudestOf(TONE);
    });
    await phone.hangUp(callId);
    expect(await phone.redirectCall(LEG, callId)).toBe(false);
  });

  it('somebody rings us, enters a PIN, and hangs up', async () => {
    await behave(person());
    const { lines, connect } = place();
    house.calls.pinEntered.mockImplementation(async (_call, digits) =>
      digits === '735194' ? connect('inbound' as LegId) : { next: 'hang-up', say: ['No.'] },
    );
    await ask('POST', '/call', { to: CALLER_ID, keys: '735194#' });
    await until(() => lines.length === 1);
    const [call, digits, attempt] = house.calls.pinEntered.mock.calls[0]!;
    expect({ from: call.from, digits, attempt }).toEqual({ from: TO, digits: '735194', attempt: 1 });
    await ask('POST', '/hang-up');
    expect(await eventOf('ended')).toMatchObject({ how: 'hung-up' });
    expect(house.calls.handleEvent.mock.calls[0]![0]).toBe('inbound');
  });
});
