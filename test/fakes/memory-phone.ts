import { wavOf } from '../../scripts/wav.ts';
import type { AnsweredBy, LegEnding } from '../../src/core/calls/types.ts';
import { AppError } from '../../src/core/error.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../../src/core/ids.ts';
import type {
  CallInstruction,
  Clock,
  DialRequest,
  LegAudioInput,
  Phone,
  PhoneEvent,
  PhoneEvents,
} from '../../src/core/ports.ts';

/** One phone's call, as whoever holds the phone knows it. What a test does to a call that has ended changes nothing. */
export interface MemoryCall {
  readonly callId: ProviderCallId;
  /** Of a phone that called us, null until an answer names its leg. */
  readonly legId: LegId | null;
  readonly number: PhoneNumber;
  /** Null for a phone that called us. */
  readonly order: DialRequest | null;
  readonly state: 'ringing' | 'answered' | 'ended';
  /** The sentences that were spoken to it, whole ones only. */
  readonly spoken: readonly string[];
  /** The audio frames it was played. */
  readonly played: readonly Uint8Array[];
  /** Its audio flows. */
  readonly connected: boolean;

  answer(by?: AnsweredBy): void;
  /** Instead of answering. */
  refuse(ending: 'busy' | 'no-answer' | 'failed', reason?: string): void;
  press(key: string): void;
  /** Mulaw at 8 kHz; follows without a gap on what it said before. Lost while its audio does not flow. */
  say(mulaw: Uint8Array): void;
  /** Its audio breaks off, and the phone is still there. */
  breakAudio(): void;
  hangUp(): void;
}

export interface MemoryPhone extends Phone {
  /** Who is asked what a phone does, and notified of what happens. */
  attach(events: PhoneEvents): void;
  /** Oldest first. */
  readonly calls: readonly MemoryCall[];
  /** The newest call with this phone. */
  callWith(number: PhoneNumber): MemoryCall;
  /** A phone calls our number, and enters `digits` when it is asked for a PIN. */
  dialIn(number: PhoneNumber, digits?: string): MemoryCall;
  /** What `unavailableReason` returns from now on. */
  setUnavailable(sentence: string | null): void;
  /** The next call of `method` fails. */
  failNext(method: Exclude<keyof Phone, 'unavailableReason'>, error: AppError): void;
}

export interface MemoryPhoneTimings {
  /** To speak one sentence. */
  readonly sentenceMs: number;
  /** From an answered call to whether a person or a machine answered. */
  readonly detectMs: number;
  /** From the end of a recording until it is ready. */
  readonly processingMs: number;
  /** How long a caller may take to enter a PIN. */
  readonly pinMs: number;
  /** From the end of a phone's audio until its hanging up is noticed, when the phone called us. */
  readonly lookupDelayMs: number;
}

const DEFAULT_TIMINGS: MemoryPhoneTimings = {
  sentenceMs: 2_000,
  detectMs: 3_000,
  processingMs: 1_000,
  pinMs: 8_000,
  lookupDelayMs: 1_500,
};

const APOLOGY: CallInstruction = { next: 'hang-up', say: ['Sorry, something went wrong on our side.'] };

/** The Phone port without a network: phones do what a test has them do, and what the flows answer, on `clock`. */
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
        (one) => one.order !== null && one.number === order.to && one.createdAtMs >= sinceMs,
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
    async redirectCall(_legId, callId) {
      fail('redirectCall');
      const call = callOf(callId);
      if (call === undefined || call.state !== 'answered') return false;
      call.redirect();
      return true;
    },
    async findRecording(callId) {
      fail('findRecording');
      const running = [...network.recordings.values()].find(
        (one) => one.call.callId === callId && one.state === 'running' && !one.stopped,
      );
      return running?.id ?? null;
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
      network.recordings.delete(recordingId);
    },
  };
};

interface Recording {
  readonly id: RecordingId;
  readonly legId: LegId;
  readonly call: Call;
  state: 'running' | 'ready' | 'absent';
  stopped: boolean;
}

interface Network {
  readonly clock: Clock;
  readonly timings: MemoryPhoneTimings;
  events: PhoneEvents | null;
  readonly recordings: Map<RecordingId, Recording>;
}

class Call implements MemoryCall {
  readonly callId: ProviderCallId;
  readonly number: PhoneNumber;
  readonly order: DialRequest | null;
  readonly createdAtMs: number;
  readonly spoken: string[] = [];
  readonly played: Uint8Array[] = [];
  legId: LegId | null;
  state: 'ringing' | 'answered' | 'ended' = 'ringing';
  ending: { readonly how: LegEnding; readonly reason: string | null } | null = null;
  readonly #network: Network;
  readonly #ended = new AbortController();
  /** Aborted when the phone leaves what it does: it was redirected, or the call ended. */
  #instructions = new AbortController();
  #audio: { readonly input: LegAudioInput; readonly over: () => void } | null = null;
  #saidMs = 0;
  #onKey: ((key: string) => void) | null = null;
  #delivered: Promise<unknown> = Promise.resolve();

  constructor(network: Network, about: Pick<MemoryCall, 'callId' | 'number' | 'order'>) {
    this.#network = network;
    this.callId = about.callId;
    this.number = about.number;
    this.order = about.order;
    this.legId = about.order?.legId ?? null;
    this.createdAtMs = network.clock.nowMs();
  }

  get connected(): boolean {
    return this.#audio !== null;
  }

  ring(): void {
    const { clock } = this.#network;
    // The order is answered before anything is reported of the call.
    clock.after(0, () => {
      if (this.state === 'ringing') this.#notify({ type: 'ringing' });
    });
    clock.after(this.order!.ringTimeoutMs, () => {
      if (this.state === 'ringing') this.end('no-answer');
    });
  }

  answer(by: AnsweredBy = 'person'): void {
    if (this.state !== 'ringing') return;
    const { clock, timings } = this.#network;
    this.state = 'answered';
    this.#notify({ type: 'answered' });
    clock.after(this.order!.maxDurationMs, () => this.end('hung-up'));
    if (this.order!.detectMachine) {
      clock.after(timings.detectMs, () => {
        if (this.state === 'answered') this.#notify({ type: 'answered-by', by });
      });
    }
    const { legId } = this.order!;
    const progress = { noticePlayed: false, attempts: 0 };
    void this.#follow((events) => events.answered(legId, this.callId, progress));
  }

  beginIncoming(digits: string | null): void {
    this.state = 'answered';
    const call = { callId: this.callId, from: this.number };
    void this.#follow((events) => events.dialledIn(call), digits);
  }

  refuse(ending: 'busy' | 'no-answer' | 'failed', reason?: string): void {
    if (this.state === 'ringing')
      this.end(ending, ending === 'failed' ? (reason ?? 'The call failed.') : null);
  }

  press(key: string): void {
    if (this.state !== 'answered') return;
    if (this.#onKey !== null) this.#onKey(key);
    else this.#audio?.input.key(key);
  }

  say(mulaw: Uint8Array): void {
    this.#audio?.input.audio(mulaw, this.#saidMs);
    this.#saidMs += mulaw.length / 8;
  }

  breakAudio(): void {
    this.#endAudio('broken');
  }

  hangUp(): void {
    this.end('hung-up');
  }

  redirect(): void {
    const legId = this.legId!;
    const progress = { noticePlayed: true, attempts: 0 };
    void this.#follow((events) => events.answered(legId, this.callId, progress));
  }

  record(legId: LegId): RecordingId {
    const id =
      `RE${String(this.#network.recordings.size + 1).padStart(4, '0')}${this.callId.slice(6)}` as RecordingId;
    this.#network.recordings.set(id, { id, legId, call: this, state: 'running', stopped: false });
    return id;
  }

  stopRecording(id: RecordingId): void {
    const recording = this.#network.recordings.get(id);
    if (recording === undefined || recording.stopped) return;
    recording.stopped = true;
    this.#network.clock.after(this.#network.timings.processingMs, () => {
      if (!this.#network.recordings.has(id)) return;
      recording.state = 'ready';
      this.#notify({ type: 'recording-ready', recordingId: id }, recording.legId);
    });
  }

  end(how: LegEnding, reason: string | null = null): void {
    if (this.state === 'ended') return;
    const wasConnected = this.connected;
    this.state = 'ended';
    this.ending = { how, reason };
    this.#ended.abort();
    this.#instructions.abort();
    this.#endAudio('ended');
    for (const recording of this.#network.recordings.values()) {
      if (recording.call === this) this.stopRecording(recording.id);
    }
    if (this.order !== null) this.#notify({ type: 'ended', how, reason });
    // The network knows no leg of who called us; the adapter finds out after the audio ended.
    else if (wasConnected) {
      this.#network.clock.after(this.#network.timings.lookupDelayMs, () =>
        this.#notify({ type: 'ended', how, reason }),
      );
    }
  }

  /** One after the other, whatever becomes of each. */
  #notify(event: PhoneEvent, legId = this.legId): void {
    const { events } = this.#network;
    if (events === null || legId === null) return;
    this.#delivered = this.#delivered
      .then(() => events.handleEvent(legId, this.callId, event))
      .catch(() => {});
  }

  /** Does what the flows answer, until they hang up. What the phone did before is left at once. */
  async #follow(
    first: (events: PhoneEvents) => Promise<CallInstruction>,
    digits: string | null = null,
  ): Promise<void> {
    this.#instructions.abort();
    this.#endAudio('ended');
    const leaving = new AbortController();
    this.#instructions = leaving;
    const { signal } = leaving;
    let ask = first;
    for (;;) {
      const instruction = await this.#ask(ask);
      if (signal.aborted) return;
      const next = await this.#obey(instruction, signal, digits).catch(() => null);
      if (signal.aborted) return;
      if (next === null) return this.end('hung-up');
      ask = next;
    }
  }

  async #ask(ask: (events: PhoneEvents) => Promise<CallInstruction>): Promise<CallInstruction> {
    try {
      const { events } = this.#network;
      return events === null ? APOLOGY : await ask(events);
    } catch {
      return APOLOGY;
    }
  }

  /** Answers what is asked next; null when the phone is to hang up. Rejects when it left. */
  async #obey(
    instruction: CallInstruction,
    signal: AbortSignal,
    digits: string | null,
  ): Promise<((events: PhoneEvents) => Promise<CallInstruction>) | null> {
    const { clock, timings } = this.#network;
    switch (instruction.next) {
      case 'hang-up':
        await this.#listen(instruction.say, signal);
        return null;
      case 'wait': {
        const { legId, progress } = instruction;
        await this.#listen(instruction.say, signal);
        await clock.sleep(instruction.forMs, signal);
        return (events) => events.answered(legId, this.callId, progress);
      }
      case 'ask-pin': {
        await this.#listen(instruction.say, signal);
        if (digits === null) await clock.sleep(timings.pinMs, signal);
        const call = { callId: this.callId, from: this.number };
        return (events) => events.pinEntered(call, digits ?? '', instruction.attempt);
      }
      case 'connect': {
        const { legId, broken } = instruction;
        this.legId = legId;
        const key = await this.#listenForKey(instruction.say, signal);
        if (key !== null) return (events) => events.keyPressed(legId, this.callId, key);
        await this.#connect(legId, signal);
        for (const pauseMs of broken.pausesMs) {
          await this.#listen(broken.say, signal);
          await clock.sleep(pauseMs, signal);
        }
        return (events) => events.answered(legId, this.callId, { noticePlayed: true, attempts: 0 });
      }
    }
  }

  async #listen(sentences: readonly string[], signal: AbortSignal): Promise<void> {
    for (const sentence of sentences) {
      await this.#network.clock.sleep(this.#network.timings.sentenceMs, signal);
      this.spoken.push(sentence);
    }
  }

  /** A key ends the listening. */
  async #listenForKey(sentences: readonly string[], signal: AbortSignal): Promise<string | null> {
    const pressed = Promise.withResolvers<string>();
    const stop = new AbortController();
    this.#onKey = pressed.resolve;
    try {
      const listened = this.#listen(sentences, AbortSignal.any([signal, stop.signal]));
      return await Promise.race([listened.then(() => null), pressed.promise]);
    } finally {
      this.#onKey = null;
      stop.abort();
    }
  }

  /** Resolves when the audio is over, or the flows do not take it. */
  async #connect(legId: LegId, signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    let isOver = false;
    const end = (): void => {
      isOver = true;
      over.resolve();
    };
    const input = await this.#network.events!.connect(legId, this.callId, {
      play: (mulaw) => {
        if (!isOver) this.played.push(mulaw.slice());
      },
      // Perhaps before `connect` resolves.
      removed: () => (this.#audio?.over === end ? this.#endAudio('ended') : end()),
    });
    if (input === null) return;
    if (signal.aborted || isOver) {
      input.closed('ended');
      return;
    }
    this.#saidMs = 0;
    this.#audio = { input, over: end };
    await over.promise;
  }

  #endAudio(how: 'ended' | 'broken'): void {
    const audio = this.#audio;
    this.#audio = null;
    audio?.over();
    audio?.input.closed(how);
  }
}
