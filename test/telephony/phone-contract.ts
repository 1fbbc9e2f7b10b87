import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LegId, PhoneNumber, RecordingId } from '../../src/core/ids.ts';
import type { LegAudioInput, LegAudioOutput, Phone, PhoneEvent } from '../../src/core/ports.ts';
import { type fakePhoneEvents, LEG } from './support.ts';

/** The phone that is called, and that calls us. */
export const TO = '+442079460199' as PhoneNumber;
const ORDER = { legId: LEG, to: TO, ringTimeoutMs: 60_000, maxDurationMs: 600_000, detectMachine: true };
const AGAIN = { noticePlayed: true, attempts: 0, connects: 1 };
/** Louder than any voice. */
export const TONE = Uint8Array.from({ length: 160 }, (_, at) => (at % 8 < 4 ? 0x10 : 0x90));

/** What the phone does when it rings. Someone who answers goes on speaking when `speaks`. */
export type Behaviour =
  | { readonly type: 'answer'; readonly speaks?: boolean; readonly keys?: string; readonly hangsUp?: boolean }
  | { readonly type: 'busy' | 'no-answer' | 'unreachable' | 'voicemail' | 'ring' };

/** A phone network with one phone in it, and Parley's way to it. */
export interface PhoneSubject {
  readonly phone: Phone;
  /** The flows' side: what the network requests and reports. */
  readonly events: ReturnType<typeof fakePhoneEvents>;
  /** Where the audio of phones connects. */
  readonly url: string;
  behave(behaviour: Behaviour): Promise<void>;
  /** The phone's own end of its current call. */
  hangUp(): Promise<void>;
  /** The phone calls our number, and enters digits, which end with #, at the prompt. */
  dialIn(digits: string): Promise<void>;
  /** The sentences that were spoken in its current call. */
  spoken(): Promise<readonly string[]>;
  /** Whether `TONE` reached the phone. */
  heardTone(): Promise<boolean>;
  /** Lets time pass until `check` holds, and answers what it answered. */
  until<T>(check: () => T | Promise<T>, what?: string): Promise<NonNullable<Exclude<T, false>>>;
  close(): Promise<void>;
}

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

/** What flows may rely on, of any phone network. */
export const describePhone = (open: () => Promise<PhoneSubject>): void => {
  let subject: PhoneSubject;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  const reported = (): PhoneEvent[] => subject.events.handleEvent.mock.calls.map(([, , event]) => event);
  const eventOf = <Type extends PhoneEvent['type']>(type: Type) =>
    subject.until(() => reported().find((event) => event.type === type), type) as Promise<
      Extract<PhoneEvent, { type: Type }>
    >;
  const connectionAt = (index: number): Promise<LegAudioOutput> =>
    subject.until(() => outputs[index], `connection ${index + 1}`);

  let outputs: LegAudioOutput[];
  let input: { [Key in keyof LegAudioInput]: ReturnType<typeof vi.fn<LegAudioInput[Key]>> };
  /** The flows take in the phone as soon as it is answered. */
  const takeIn = (say: readonly string[] = [], pausesMs: readonly number[] = [1_000]) => {
    outputs = [];
    input = { audio: vi.fn(), key: vi.fn(), closed: vi.fn() };
    const broken = { say: ['The connection was lost.'], pausesMs };
    const connect = (legId: LegId) =>
      ({ next: 'connect', legId, say, url: subject.url, progress: AGAIN, broken }) as const;
    subject.events.answered.mockImplementation(async (legId, _call, { noticePlayed }) => ({
      ...connect(legId),
      say: noticePlayed ? ['Again.'] : say,
    }));
    subject.events.connect.mockImplementation(async (_leg, _call, output) => {
      outputs.push(output);
      return input;
    });
    return connect;
  };

  describe('a phone that is called', () => {
    it('is answered, talks both ways, is recorded, and hangs up', async () => {
      const { phone, events } = subject;
      await subject.behave({ type: 'answer', speaks: true, hangsUp: true });
      takeIn(['This call is recorded.']);
      expect(phone.unavailableReason()).toBeNull();
      expect(await phone.find(ORDER, Number.MAX_SAFE_INTEGER)).toBeNull();
      const callId = await phone.dial(ORDER);
      const output = await connectionAt(0);
      expect(await subject.until(() => phone.find(ORDER, 0), 'a listed call')).toBe(callId);
      expect(await subject.spoken()).toEqual(['This call is recorded.']);
      expect(events.answered).toHaveBeenCalledExactlyOnceWith(LEG, callId, {
        noticePlayed: false,
        attempts: 0,
        connects: 0,
      });
      const recordingId = await phone.startRecording(LEG, callId);
      expect(await phone.fetchRecordingState(recordingId)).toBe('running');
      const running = { id: recordingId, state: 'running' };
      await subject.until(async () => (await phone.recordingsOf(callId)).length > 0, 'a listed recording');
      expect(await phone.recordingsOf(callId)).toEqual([running]);
      expect(await errorOf(phone.deleteRecording(recordingId))).toMatchObject({ code: 'call-refused' });
      for (let frame = 0; frame < 25; frame += 1) output.play(TONE);
      expect(await phone.fetchCall(callId)).toEqual({ state: 'answered' });
      await subject.until(() => subject.heardTone());

      expect((await eventOf('answered-by')).by).toBe('person');
      expect(await eventOf('ended')).toEqual({ type: 'ended', how: 'hung-up', reason: null });
      expect((await eventOf('recording-ready')).recordingId).toBe(recordingId);
      expect(reported().map(({ type }) => type)).toEqual(expect.arrayContaining(['ringing', 'answered']));
      for (const [leg, call] of events.handleEvent.mock.calls) expect([leg, call]).toEqual([LEG, callId]);
      const times = input.audio.mock.calls.map(([, atMs]) => atMs);
      expect(times.length).toBeGreaterThan(20);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(input.audio.mock.calls.some(([mulaw]) => mulaw.some((code) => (~code & 0x7f) > 64))).toBe(true);
      expect(input.closed).toHaveBeenCalledOnce();

      expect(await phone.fetchRecordingState(recordingId)).toBe('ready');
      const { bytes, sizeBytes } = await phone.openRecording(recordingId, {
        signal: new AbortController().signal,
      });
      const wav = Buffer.concat(await Array.fromAsync(bytes));
      expect(wav.length).toBe(sizeBytes);
      expect({ code: wav.readUInt16LE(20), channels: wav.readUInt16LE(22) }).toEqual({
        code: 1,
        channels: 2,
      });
      await phone.deleteRecording(recordingId);
      await phone.deleteRecording(recordingId);
      expect(await phone.fetchRecordingState(recordingId)).toBeNull();
      await expect(
        phone.openRecording(recordingId, { signal: new AbortController().signal }),
      ).rejects.toMatchObject({ code: 'recording-gone', retryable: false });
      await phone.stopRecording(callId, recordingId);
      await phone.hangUp(callId);
      expect(await phone.fetchCall(callId)).toEqual({ state: 'ended', how: 'hung-up', reason: null });
      await expect(phone.startRecording(LEG, callId)).rejects.toMatchObject({ code: 'call-refused' });
    });

    it.each<[Behaviour, object]>([
      [{ type: 'busy' }, { how: 'busy', reason: null }],
      [{ type: 'no-answer' }, { how: 'no-answer', reason: null }],
      [{ type: 'unreachable' }, { how: 'failed', reason: expect.stringMatching(/\w.*\.$/) }],
    ])('is not answered: %j', async (behaviour, ended) => {
      await subject.behave(behaviour);
      const callId = await subject.phone.dial({ ...ORDER, ringTimeoutMs: 1_000 });
      expect(await eventOf('ended')).toMatchObject(ended);
      expect(await subject.phone.fetchCall(callId)).toMatchObject({ state: 'ended' });
      expect(subject.events.answered).not.toHaveBeenCalled();
    });

    it('is answered by a machine', async () => {
      await subject.behave({ type: 'voicemail' });
      takeIn();
      await subject.phone.dial(ORDER);
      expect((await eventOf('answered-by')).by).toBe('machine');
    });

    it('is hung up while it rings, any number of times', async () => {
      await subject.behave({ type: 'ring' });
      const callId = await subject.phone.dial(ORDER);
      await eventOf('ringing');
      await subject.phone.hangUp(callId);
      await subject.phone.hangUp(callId);
      expect(await eventOf('ended')).toMatchObject({ how: 'cancelled' });
      expect(await subject.phone.fetchCall(callId)).toMatchObject({ state: 'ended' });
      expect(await subject.phone.redirectCall(LEG, callId)).toBe(false);
    });

    it('presses a key while the notice is spoken, and the call goes on', async () => {
      await subject.behave({ type: 'answer', keys: '9' });
      const connect = takeIn(['This call is recorded. '.repeat(40)]);
      subject.events.keyPressed.mockImplementation(async (legId) => ({
        ...connect(legId),
        say: ['All right.'],
      }));
      const callId = await subject.phone.dial(ORDER);
      await connectionAt(0);
      expect(subject.events.keyPressed).toHaveBeenCalledExactlyOnceWith(LEG, callId, '9');
    });

    it('requests an instruction when its audio ends, which may be to hang up', async () => {
      await subject.behave({ type: 'answer', speaks: true });
      takeIn();
      const callId = await subject.phone.dial(ORDER);
      (await connectionAt(0)).removed();
      const second = await connectionAt(1);
      expect(input.closed).toHaveBeenCalledExactlyOnceWith('ended');
      expect(subject.events.answered.mock.calls.map(([, , progress]) => progress)).toEqual([
        { noticePlayed: false, attempts: 0, connects: 0 },
        AGAIN,
      ]);
      await subject.until(() => input.audio.mock.calls.length > 20);
      subject.events.answered.mockResolvedValue({ next: 'hang-up', say: ['Goodbye.'] });
      second.removed();
      expect(await eventOf('ended')).toMatchObject({ how: 'hung-up' });
      expect(await subject.phone.fetchCall(callId)).toMatchObject({ state: 'ended' });
    });

    it('waits as instructed, and then requests an instruction', async () => {
      await subject.behave({ type: 'answer' });
      takeIn();
      const progress = { noticePlayed: false, attempts: 1, connects: 0 };
      subject.events.answered.mockImplementationOnce(async (legId) => ({
        next: 'wait',
        legId,
        say: ['One moment.'],
        forMs: 1_000,
        progress,
      }));
      const callId = await subject.phone.dial(ORDER);
      await connectionAt(0);
      expect(subject.events.answered.mock.calls.at(-1)).toEqual([LEG, callId, progress]);
      expect(await subject.spoken()).toEqual(['One moment.']);
    });

    it('is redirected from a pause, and out of the middle of its audio', async () => {
      const { phone } = subject;
      await subject.behave({ type: 'answer', speaks: true });
      takeIn([], [3_600_000]);
      const callId = await phone.dial(ORDER);
      (await connectionAt(0)).removed();
      await subject.until(async () => (await subject.spoken()).at(-1) === 'The connection was lost.');
      expect(await phone.redirectCall(LEG, callId)).toBe(true);
      await connectionAt(1);
      expect(await phone.redirectCall(LEG, callId)).toBe(true);
      const third = await connectionAt(2);
      expect(await subject.spoken()).toEqual(['The connection was lost.', 'Again.', 'Again.']);
      expect(input.closed).toHaveBeenLastCalledWith('ended');
      const before = input.audio.mock.calls.length;
      await subject.until(() => input.audio.mock.calls.length > before, 'audio from the phone');
      for (let frame = 0; frame < 25; frame += 1) third.play(TONE);
      await subject.until(() => subject.heardTone());
      await phone.hangUp(callId);
      expect(await phone.redirectCall(LEG, callId)).toBe(false);
    });
  });

  it('a phone calls us, enters a PIN, and hangs up', async () => {
    await subject.behave({ type: 'answer' });
    const connect = takeIn();
    subject.events.pinEntered.mockImplementation(async (_call, digits) =>
      digits === '735194' ? connect('inbound-leg' as LegId) : { next: 'hang-up', say: ['No.'] },
    );
    await subject.dialIn('735194#');
    await connectionAt(0);
    const [call, digits, attempt] = subject.events.pinEntered.mock.calls[0]!;
    expect({ from: call.from, digits, attempt }).toEqual({ from: TO, digits: '735194', attempt: 1 });
    await subject.hangUp();
    expect(await eventOf('ended')).toMatchObject({ how: 'hung-up' });
    expect(subject.events.handleEvent.mock.calls[0]![0]).toBe('inbound-leg');
  });

  it('a call that the network does not know is nothing to hang up or redirect', async () => {
    const unknown = `CA${'9'.repeat(32)}` as Awaited<ReturnType<Phone['dial']>>;
    expect(await subject.phone.fetchCall(unknown)).toBeNull();
    await subject.phone.hangUp(unknown);
    expect(await subject.phone.redirectCall(LEG, unknown)).toBe(false);
    expect(await subject.phone.recordingsOf(unknown)).toEqual([]);
    expect(await subject.phone.fetchRecordingState(`RE${'9'.repeat(32)}` as RecordingId)).toBeNull();
  });
};
