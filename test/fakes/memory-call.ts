import type { AnsweredBy, LegEnding } from '../../src/core/calls/types.ts';
import type { LegId, PhoneNumber, ProviderCallId, RecordingId } from '../../src/core/ids.ts';
import type {
  AnswerProgress,
  CallInstruction,
  Clock,
  DialRequest,
  LegAudioInput,
  PhoneEvent,
  PhoneEvents,
} from '../../src/core/ports.ts';

/** One phone's call, from the phone's own end. Once it has ended, whatever a test does changes nothing. */
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
  /** The keys that were pressed towards it. */
  readonly keys: string;
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
  /** Its audio ends in order, and the phone is still there. */
  endAudio(): void;
  hangUp(): void;
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
  /** From the start of a call or a recording until lists have it. */
  readonly listedAfterMs: number;
}

const APOLOGY: CallInstruction = { next: 'hang-up', say: ['Sorry, something went wrong on our side.'] };

/** What calls and their recordings share. */
export interface Network {
  readonly clock: Clock;
  readonly timings: MemoryPhoneTimings;
  events: PhoneEvents | null;
  readonly recordings: Map<RecordingId, Recording>;
}

interface Recording {
  readonly id: RecordingId;
  readonly legId: LegId;
  readonly call: Call;
  readonly createdAtMs: number;
  state: 'running' | 'ready' | 'absent';
  stopped: boolean;
}

/** A call, and what its phone does. */
export class Call implements MemoryCall {
  readonly callId: ProviderCallId;
  readonly number: PhoneNumber;
  readonly order: DialRequest | null;
  readonly createdAtMs: number;
  readonly spoken: string[] = [];
  readonly played: Uint8Array[] = [];
  keys = '';
  legId: LegId | null;
  state: 'ringing' | 'answered' | 'ended' = 'ringing';
  ending: { readonly how: LegEnding; readonly reason: string | null } | null = null;
  readonly #network: Network;
  /** Aborted when the current instruction is abandoned: the phone was redirected, or the call ended. */
  #instructions = new AbortController();
  #audio: { readonly input: LegAudioInput; readonly over: () => void } | null = null;
  #abandonConnecting: (() => void) | null = null;
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
    const progress = { noticePlayed: false, attempts: 0, connects: 0 };
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
    this.#abandonConnecting?.();
    this.#endAudio('broken');
  }

  endAudio(): void {
    this.#endAudio('ended');
  }

  hangUp(): void {
    this.end('hung-up');
  }

  redirect(progress: AnswerProgress): void {
    const legId = this.legId!;
    void this.#follow((events) => events.answered(legId, this.callId, progress));
  }

  record(legId: LegId): RecordingId {
    const id =
      `RE${String(this.#network.recordings.size + 1).padStart(4, '0')}${this.callId.slice(6)}` as RecordingId;
    const createdAtMs = this.#network.clock.nowMs();
    this.#network.recordings.set(id, {
      id,
      legId,
      call: this,
      createdAtMs,
      state: 'running',
      stopped: false,
    });
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

  /** Follows the flows' instructions until the call ends. An earlier instruction is abandoned at once. */
  async #follow(
    first: (events: PhoneEvents) => Promise<CallInstruction>,
    digits: string | null = null,
  ): Promise<void> {
    this.#instructions.abort();
    this.#endAudio('ended');
    const abandoning = new AbortController();
    this.#instructions = abandoning;
    const { signal } = abandoning;
    let request = first;
    for (;;) {
      const instruction = await this.#request(request);
      if (signal.aborted) return;
      const next = await this.#obey(instruction, signal, digits).catch(() => null);
      if (signal.aborted) return;
      if (next === null) return this.end('hung-up');
      request = next;
    }
  }

  async #request(request: (events: PhoneEvents) => Promise<CallInstruction>): Promise<CallInstruction> {
    try {
      const { events } = this.#network;
      return events === null ? APOLOGY : await request(events);
    } catch {
      return APOLOGY;
    }
  }

  /** Returns the next request; null when the phone is to hang up. Rejects once the phone was redirected. */
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
        const { legId, broken, progress } = instruction;
        this.legId = legId;
        const key = await this.#listenForKey(instruction.say, signal);
        if (key !== null) return (events) => events.keyPressed(legId, this.callId, key);
        await this.#connect(legId, signal);
        for (const pauseMs of broken.pausesMs) {
          await this.#listen(broken.say, signal);
          await clock.sleep(pauseMs, signal);
        }
        return (events) => events.answered(legId, this.callId, progress);
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
    this.#abandonConnecting = end;
    const accepted = this.#network.events!.connect(legId, this.callId, {
      play: (mulaw) => {
        if (!isOver) this.played.push(mulaw.slice());
      },
      // Perhaps before `connect` resolves.
      removed: () => (this.#audio?.over === end ? this.#endAudio('ended') : end()),
    });
    const input = await Promise.race([accepted, over.promise.then(() => null)]);
    this.#abandonConnecting = null;
    if (input === null || signal.aborted || isOver) {
      void accepted.then((late) => late?.closed('ended')).catch(() => {});
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
