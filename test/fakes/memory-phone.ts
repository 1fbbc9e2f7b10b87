import { wavOf } from '../../scripts/wav.ts';
import { AppError } from '../../src/core/error.ts';
import type { PhoneNumber, ProviderCallId, RecordingId } from '../../src/core/ids.ts';
import type { CallRecording, Clock, Phone, PhoneEvents } from '../../src/core/ports.ts';
import { Call, type MemoryCall, type MemoryPhoneTimings, type Network } from './memory-call.ts';

export interface MemoryPhone extends Phone {
  /** The flows, which instruct phones and are notified of events. */
  attach(events: PhoneEvents): void;
  /** Oldest first. */
  readonly calls: readonly MemoryCall[];
  /** The newest call with this phone. */
  callWith(number: PhoneNumber): MemoryCall;
  /** A phone calls our number, and enters `digits` at the prompt for a PIN. */
  dialIn(number: PhoneNumber, digits?: string): MemoryCall;
  /** What the network has recorded and not deleted. */
  recordings(): readonly CallRecording[];
  /** The network loses a recording. */
  loseRecording(id: RecordingId): void;
  /** What `unavailableReason` returns from now on. */
  setUnavailable(sentence: string | null): void;
  /** The next call of `method` fails. */
  failNext(method: Exclude<keyof Phone, 'unavailableReason'>, error: AppError): void;
}

const DEFAULT_TIMINGS: MemoryPhoneTimings = {
  sentenceMs: 2_000,
  detectMs: 3_000,
  processingMs: 1_000,
  pinMs: 8_000,
  lookupDelayMs: 1_500,
  listedAfterMs: 1_000,
};

/** The Phone port without a network: phones act as a test has them act, and as the flows instruct them, on `clock`. */
export const createMemoryPhone = (options: {
  readonly clock: Clock;
  readonly timings?: Partial<MemoryPhoneTimings>;
}): MemoryPhone => {
  const network: Network = {
    clock: options.clock,
    timings: { ...DEFAULT_TIMINGS, ...options.timings },
    events: null,
    recordings: new Map(),
  };
  const calls: Call[] = [];
  const failures = new Map<string, AppError[]>();
  let missing: string | null = null;
  let number = 0;

  const nextCallId = (): ProviderCallId => {
    number += 1;
    return `CA${String(number).padStart(32, '0')}` as ProviderCallId;
  };
  const fail = (method: string): void => {
    const error = failures.get(method)?.shift();
    if (error !== undefined) throw error;
  };
  const callOf = (callId: ProviderCallId): Call | undefined => calls.find((call) => call.callId === callId);
  const isListed = (createdAtMs: number): boolean =>
    options.clock.nowMs() >= createdAtMs + network.timings.listedAfterMs;
  const refused = (userMessage: string): AppError =>
    new AppError({ code: 'call-refused', retryable: false, userMessage });

  return {
    calls,
    attach(events) {
      network.events = events;
    },
    callWith(phoneNumber) {
      const call = calls.findLast((one) => one.number === phoneNumber);
      if (call === undefined) throw new Error(`no call with ${phoneNumber}`);
      return call;
    },
    dialIn(phoneNumber, digits) {
      const call = new Call(network, { callId: nextCallId(), number: phoneNumber, order: null });
      calls.push(call);
      call.beginIncoming(digits ?? null);
      return call;
    },
    recordings: () => [...network.recordings.values()].map(({ id, state }) => ({ id, state })),
    loseRecording: (id) => void network.recordings.delete(id),
    setUnavailable(sentence) {
      missing = sentence;
    },
    failNext(method, error) {
      failures.set(method, [...(failures.get(method) ?? []), error]);
    },

    unavailableReason: () => missing,
    async dial(order) {
      fail('dial');
      if (missing !== null) throw refused(missing);
      const call = new Call(network, { callId: nextCallId(), number: order.to, order });
      calls.push(call);
      call.ring();
      return call.callId;
    },
    async find(order, sinceMs) {
      fail('find');
      const call = calls.find(
        (one) =>
          one.order !== null &&
          one.number === order.to &&
          one.createdAtMs >= sinceMs &&
          isListed(one.createdAtMs),
      );
      return call?.callId ?? null;
    },
    async fetchCall(callId) {
      fail('fetchCall');
      const call = callOf(callId);
      if (call === undefined) return null;
      return call.ending === null
        ? { state: call.state === 'answered' ? 'answered' : 'ringing' }
        : { state: 'ended', ...call.ending };
    },
    async hangUp(callId) {
      fail('hangUp');
      const call = callOf(callId);
      call?.end(call.state === 'answered' ? 'hung-up' : 'cancelled');
    },
    async redirectCall(_legId, callId, progress = { noticePlayed: true, attempts: 0, connects: 0 }) {
      fail('redirectCall');
      const call = callOf(callId);
      if (call === undefined || call.state !== 'answered') return false;
      call.redirect(progress);
      return true;
    },
    async sendKeys(_legId, callId, keys) {
      fail('sendKeys');
      const call = callOf(callId);
      if (call === undefined || call.state !== 'answered') return false;
      call.keys += keys;
      call.redirect({ noticePlayed: true, attempts: 0, connects: 0 });
      return true;
    },
    async recordingsOf(callId) {
      fail('recordingsOf');
      return [...network.recordings.values()]
        .filter(({ call, createdAtMs }) => call.callId === callId && isListed(createdAtMs))
        .map(({ id, state }) => ({ id, state }));
    },
    async startRecording(legId, callId) {
      fail('startRecording');
      const call = callOf(callId);
      if (call === undefined || call.state !== 'answered') throw refused('The call has ended.');
      return call.record(legId);
    },
    async stopRecording(callId, recordingId) {
      fail('stopRecording');
      callOf(callId)?.stopRecording(recordingId);
    },
    async fetchRecordingState(recordingId) {
      fail('fetchRecordingState');
      return network.recordings.get(recordingId)?.state ?? null;
    },
    async openRecording(recordingId, { signal }) {
      fail('openRecording');
      if (signal.aborted)
        throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'Stopped.' });
      if (network.recordings.get(recordingId)?.state !== 'ready') {
        throw new AppError({
          code: 'recording-gone',
          retryable: false,
          userMessage: 'There is no recording.',
        });
      }
      const wav = wavOf(Buffer.alloc(4 * 8_000), { sampleRateHz: 8_000, channels: 2 });
      return {
        name: 'call.wav',
        sizeBytes: wav.length,
        bytes: (async function* () {
          yield wav;
        })(),
      };
    },
    async deleteRecording(recordingId) {
      fail('deleteRecording');
      if (network.recordings.get(recordingId)?.state === 'running') throw refused('It is not complete.');
      network.recordings.delete(recordingId);
    },
  };
};
