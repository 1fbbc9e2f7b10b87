import type { Clock, Log } from '../../../src/core/ports.ts';
import { pause } from '../../common/pause.ts';
import { FRAME_MS } from '../audio/mulaw.ts';
import type { Behaviours } from '../handset/behaviour.ts';
import type { Handset } from '../handset/handset.ts';
import { newSid } from '../ids.ts';
import type { CustomerCall, HandsetCall, TwimlCall } from '../live-call.ts';
import type { RunTwiml } from '../twiml/run.ts';
import { type CallAudio, openCallAudio } from './call-audio.ts';
import { KeyInput } from './key-input.ts';
import type { DetectMachine } from './machine-detection.ts';
import type { CallRecord, CallRequest, CallStatus, TwimlSource } from './record.ts';
import type { Recordings } from './recordings.ts';
import type { CreateStatusCallbacks, StatusCallbacks } from './status-callbacks.ts';

/** What happens to a call besides its own state. */
export interface CallParts {
  readonly runTwiml: RunTwiml;
  readonly behaviours: Behaviours;
  readonly detectMachine: DetectMachine;
  readonly statusCallbacks: CreateStatusCallbacks;
  readonly recordings: Recordings;
  /** From the request until the phone rings. */
  readonly ringAfterMs: number;
  /** No call is longer. */
  readonly longestMs: () => number;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** How soon a person presses the first key after being asked. */
const KEYS_AFTER_MS = 400;

/** A call between one phone and the network, from its request until it has ended. */
export class Call implements HandsetCall, TwimlCall, CustomerCall {
  readonly record: CallRecord;
  readonly spoken: string[] = [];
  readonly #parts: CallParts;
  readonly #request: CallRequest;
  readonly #handset: Handset;
  readonly #callbacks: StatusCallbacks;
  readonly #ended = new AbortController();
  readonly #pickedUp = new AbortController();
  readonly #answered = Promise.withResolvers<void>();
  readonly #greetingOver = Promise.withResolvers<void>();
  readonly #keys = new KeyInput();
  #audio: CallAudio | null = null;
  #connected = false;
  /** Aborts the document that runs. */
  #document = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(parts: CallParts, request: CallRequest, handset: Handset, direction: CallRecord['direction']) {
    const nowMs = parts.clock.nowMs();
    const status = direction === 'inbound' ? 'ringing' : 'queued';
    this.#parts = parts;
    this.#request = request;
    this.#handset = handset;
    this.record = {
      sid: newSid('CA'),
      to: request.to,
      from: request.from,
      direction,
      createdAtMs: nowMs,
      status,
      history: [{ status, atMs: nowMs }],
      updatedAtMs: nowMs,
      startedAtMs: direction === 'inbound' ? nowMs : null,
      answeredAtMs: null,
      endedAtMs: null,
      answeredBy: null,
    };
    this.#callbacks = parts.statusCallbacks(this.record, request.statusCallback);
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }
  get audio(): CallAudio | null {
    return this.#audio;
  }
  get wantsKeys(): boolean {
    return this.#keys.wanted;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get sinceMs(): number {
    return this.record.answeredAtMs ?? this.record.createdAtMs;
  }
  get answered(): Promise<void> {
    return this.#answered.promise;
  }

  /** The phone of an outbound call rings. */
  async ring(): Promise<void> {
    const { behaviours, clock, log, ringAfterMs } = this.#parts;
    // The request is answered before any callback is sent.
    await pause(clock, 0, this.signal);
    if (this.signal.aborted) return;
    this.record.startedAtMs = clock.nowMs();
    this.#callbacks.send('initiated');
    await pause(clock, ringAfterMs, this.signal);
    if (this.signal.aborted) return;
    const { behaviour } = this.#handset;
    if (behaviour.type === 'unreachable') return this.#end('failed');
    if (behaviour.type === 'busy' || this.#handset.call !== null) return this.#end('busy');
    this.#handset.begin(this);
    this.#enter('ringing');
    this.#callbacks.send('ringing');
    void this.#stopRingingInTime();
    await behaviours.whenCalled(this.#handset, this).catch((error: unknown) => {
      log.error({ err: error }, 'phones: a phone could not follow its behaviour');
      this.#end('failed');
    });
  }

  async #stopRingingInTime(): Promise<void> {
    const signal = AbortSignal.any([this.signal, this.#pickedUp.signal]);
    await pause(this.#parts.clock, this.#request.ringTimeoutMs, signal);
    if (this.record.status === 'ringing') this.#end('no-answer');
  }

  /** Runs the TwiML of a call that was answered, or that the network receives. */
  async run(): Promise<void> {
    const { detection, source } = this.#request;
    if (detection !== null) {
      const isVoicemail = this.#handset.behaviour.type === 'voicemail';
      const greetingOver = this.#greetingOver.promise;
      const detected = this.#parts.detectMachine(this, detection, { isVoicemail, greetingOver });
      if (detection.callback === null) await detected;
    }
    if (!this.signal.aborted) await this.#runTwiml(source);
  }

  /** Runs documents until none is left, then hangs up. The document before is aborted. */
  async #runTwiml(source: TwimlSource): Promise<void> {
    this.#document.abort();
    this.#document = new AbortController();
    const signal = AbortSignal.any([this.#document.signal, this.signal]);
    // The document before releases the audio and the keys first.
    const run = (): Promise<void> => this.#parts.runTwiml(this, source, signal);
    this.#running = this.#running.then(run, run);
    await this.#running;
    if (!signal.aborted) this.#end('completed');
  }

  answer(): void {
    if (this.record.status !== 'ringing' || this.signal.aborted) return;
    this.#pickedUp.abort();
    this.record.answeredAtMs = this.#parts.clock.nowMs();
    const audio = openCallAudio(() => this.#handset.nextFrame(), this.#parts.clock);
    audio.onFrame(({ received }) => this.#handset.receive(received));
    const limitMs = Math.min(this.#request.timeLimitMs, this.#parts.longestMs());
    void audio.wait(limitMs, this.signal).then(() => this.#end('completed'));
    this.#audio = audio;
    this.#enter('in-progress');
    this.#answered.resolve();
    if (this.record.direction === 'inbound') return;
    this.#callbacks.send('answered');
    if (this.#request.record !== null) this.#parts.recordings.start(this, this.#request.record);
    void this.run();
  }

  hangUp(): void {
    if (this.record.status === 'in-progress') this.#end('completed');
    else this.#end(this.record.direction === 'inbound' ? 'canceled' : 'busy');
  }

  press(keys: string): void {
    this.#keys.press(keys);
  }

  pressWhenAsked(keys: string): void {
    this.#keys.pressWhenAsked(keys);
  }

  endGreeting(): void {
    this.#greetingOver.resolve();
  }

  reject(status: 'busy' | 'no-answer'): void {
    this.#end(status);
  }

  showSpoken(text: string): void {
    this.spoken.push(text);
    this.#parts.onChange();
  }

  onKey(listener: ((key: string) => void) | null, asked = false): void {
    const keys = this.#keys.listen(listener, asked);
    this.#parts.onChange();
    if (keys === '') return;
    void this.#audio?.wait(KEYS_AFTER_MS - FRAME_MS, this.signal).then(() => this.press(keys));
  }

  setConnected(connected: boolean): void {
    this.#connected = connected;
    this.#parts.onChange();
  }

  stop(status: 'completed' | 'canceled'): boolean {
    if (this.signal.aborted) return false;
    if (this.record.status !== 'in-progress') this.#end('canceled');
    else if (status === 'completed') this.#end('completed');
    else return false;
    return true;
  }

  redirect(source: TwimlSource): boolean {
    if (this.record.status !== 'in-progress') return false;
    void this.#runTwiml(source);
    return true;
  }

  setStatusCallback(callback: CallRequest['statusCallback']): void {
    this.#callbacks.setTarget(callback);
  }

  #enter(status: CallStatus): void {
    const atMs = this.#parts.clock.nowMs();
    this.record.status = status;
    this.record.history.push({ status, atMs });
    this.record.updatedAtMs = atMs;
    this.#parts.onChange();
  }

  #end(status: CallStatus): void {
    if (this.signal.aborted) return;
    this.record.endedAtMs = this.#parts.clock.nowMs();
    this.#enter(status);
    this.#ended.abort();
    this.#audio?.close();
    this.#greetingOver.resolve();
    this.#answered.resolve();
    if (this.#handset.call === this) this.#handset.call = null;
    this.#callbacks.send('completed');
    this.#parts.onChange();
  }
}
