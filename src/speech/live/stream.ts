import type { CancelTimer, LiveOptions, LiveState, LiveStream, SpeechCaption } from '../../core/ports.ts';
import { Captions } from './captions.ts';
import { type ConnectionEnd, openConnection } from './connection.ts';
import type { PoolWaiter } from './connection-pool.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import type { SharedParts } from './shared.ts';
import { StateNotifier } from './state-notifier.ts';
import { Timeline } from './timeline.ts';
import { reconnectDelayMs } from './timings.ts';
import { Transmission } from './transmission.ts';
import type { EngineResults } from './wire.ts';

/** A few failures in a row happen; this many are logged as a warning. */
const FAILURES_TO_WARN = 5;
/** To eight minutes, when an engine may be stalled for 30 s at first. */
const MAX_DOUBLINGS = 4;

/**
 * One speaker's stream over any number of connections. Audio goes into the replay buffer; each connection is sent it
 * from the end of the engine's last final on; what has become final leaves the buffer.
 */
export class Stream implements LiveStream, PoolWaiter {
  readonly #options: LiveOptions;
  readonly #url: string;
  readonly #shared: SharedParts;
  readonly #bytesPerSample: number;
  readonly #buffer: ReplayBuffer;
  readonly #timeline: Timeline;
  readonly #captions: Captions;
  readonly #notifier: StateNotifier;
  readonly #whenEnded = Promise.withResolvers<void>();
  #granted = false;
  #transmission: Transmission | null = null;
  #cancelIdle: CancelTimer | null = null;
  #cancelConnect: CancelTimer | null = null;
  #cancelClose: CancelTimer | null = null;
  /** In a row: since the engine last returned anything. */
  #failures = 0;
  #retryAfterMs: number | null = null;
  #lostMs = 0;
  #closing = false;
  lastAudioMs: number;

  constructor(options: LiveOptions, url: string, shared: SharedParts) {
    this.#options = options;
    this.#url = url;
    this.#shared = shared;
    this.#bytesPerSample = options.audio.encoding === 'linear16' ? 2 : 1;
    this.#buffer = new ReplayBuffer(this.#bytesPerSample);
    this.#timeline = new Timeline(options.audio.sampleRateHz);
    this.#captions = new Captions(options.audio.sampleRateHz, this.#timeline);
    this.#notifier = new StateNotifier(
      shared.timings.delayedAfterMs,
      (state) => options.onState(state, { lostMs: this.#lostMs }),
      shared.clock,
    );
    this.lastAudioMs = shared.clock.monotonicMs();
  }

  /** Resolves when the stream has ended, for whatever reason. */
  get whenEnded(): Promise<void> {
    return this.#whenEnded.promise;
  }

  get state(): LiveState {
    return this.#notifier.state;
  }

  send(audio: Uint8Array, atMs: number): void {
    if (this.#closing || this.state === 'ended') return;
    this.lastAudioMs = this.#shared.clock.monotonicMs();
    this.#timeline.add(this.#buffer.add(audio, this.lastAudioMs), atMs);
    this.#restartIdleTimer();
    this.#keepWithinLimit();
    this.#transmit();
  }

  flush(): void {
    if (this.#closing || this.state === 'ended') return;
    this.#buffer.mark();
    this.#transmit();
  }

  close(): Promise<void> {
    if (!this.#closing && this.state !== 'ended') {
      this.#closing = true;
      this.#cancelClose = this.#shared.clock.after(this.#shared.timings.closeTimeoutMs, () => {
        const pendingMs = this.#msOf(this.#buffer.end - this.#captions.settled);
        this.#shared.log.warn({ pendingMs }, 'speech: live stream closed without its last finals');
        this.#end();
      });
      this.#transmit();
    }
    return this.whenEnded;
  }

  granted(): void {
    this.#granted = true;
    this.#connectLater();
  }

  preempt(): void {
    const { clock, timings } = this.#shared;
    if (this.#transmission?.isFinishing) return;
    const speaks = clock.monotonicMs() - this.lastAudioMs < timings.idleAfterMs;
    if (this.#transmission?.isOpen && !speaks) {
      this.#transmission.finish();
      return;
    }
    // Finals now would cut a word in two. All audio since the last final is sent again later.
    this.#transmission?.abandon();
    this.#release();
  }

  #connectLater(): void {
    const { clock, random, timings } = this.#shared;
    const delayMs = reconnectDelayMs(this.#failures, this.#retryAfterMs, timings, random);
    this.#cancelConnect = clock.after(delayMs, () => this.#connect());
  }

  #connect(): void {
    const { apiKey, clock, createConnection, timings } = this.#shared;
    this.#countLoss();
    // The speaker may have been silent for longer than this while there was no connection.
    this.#restartIdleTimer();
    const connection = openConnection(
      {
        url: this.#url,
        apiKey,
        bytesPerSecond: this.#options.audio.sampleRateHz * this.#bytesPerSample,
        patience: 2 ** Math.min(this.#failures, MAX_DOUBLINGS),
        timings,
        createConnection,
        clock,
      },
      {
        onOpen: () => this.#transmit(),
        onDrain: () => this.#transmit(),
        onResults: (results) => this.#handleResults(results),
        onEnd: (end) => this.#handleEnd(end),
      },
    );
    const base = Math.max(this.#captions.settled, this.#buffer.start);
    this.#transmission = new Transmission(connection, this.#buffer, base);
  }

  /** Sends what can be sent; else sees to it that there will be a connection. */
  #transmit(): void {
    const transmission = this.#transmission;
    if (transmission !== null) this.#shared.counters.sentMs += this.#msOf(transmission.send());
    const allSent = transmission?.isComplete === true;
    this.#notifier.setBehind(!allSent && !this.#buffer.isEmpty);
    if (!this.#granted && !this.#buffer.isEmpty) this.#shared.pool.acquire(this);
    if (!this.#closing) return;
    if (transmission === null && this.#buffer.isEmpty) this.#end();
    else if (allSent) transmission?.finish();
  }

  #handleResults(results: EngineResults): void {
    const transmission = this.#transmission;
    if (transmission === null) return;
    this.#failures = 0;
    this.#retryAfterMs = null;
    const { base, sent } = transmission;
    const caption = this.#captions.apply(results, base, sent);
    if (caption?.words.length) {
      this.#measureDelay(base + Math.round(results.endS * this.#options.audio.sampleRateHz));
    }
    this.#emit(caption);
    this.#forgetSettled();
  }

  #measureDelay(end: number): void {
    const addedMs = this.#buffer.addedMs(end - 1);
    if (addedMs !== null) this.#shared.onCaptionDelay(this.#shared.clock.monotonicMs() - addedMs);
  }

  #forgetSettled(): void {
    this.#buffer.forgetBefore(this.#captions.settled);
    this.#timeline.forgetBefore(this.#captions.settled);
    this.#transmission?.skipForgotten();
  }

  #handleEnd(end: ConnectionEnd): void {
    const transmission = this.#transmission;
    this.#transmission = null;
    if (end.kind === 'refused') {
      this.#shared.log.error({ ...end.fault }, 'speech: the engine refuses live streams');
      this.#end();
      return;
    }
    if (end.kind === 'finished' && transmission !== null) {
      this.#emit(this.#captions.settle(transmission.sent));
      this.#forgetSettled();
    }
    if (end.kind === 'broken') this.#countFailure(end);
    // A connection that was finishing may have been preempted, so it is released even if it broke.
    if (transmission?.isFinishing || this.#buffer.isEmpty) this.#release();
    else this.#connectLater();
    this.#transmit();
  }

  #countFailure({ fault, retryAfterMs }: Extract<ConnectionEnd, { kind: 'broken' }>): void {
    this.#failures += 1;
    this.#shared.counters.reconnects += 1;
    this.#retryAfterMs = retryAfterMs;
    const level = this.#failures === FAILURES_TO_WARN ? 'warn' : 'info';
    this.#shared.log[level](
      { ...fault, failures: this.#failures },
      'speech: live connection lost; audio is buffered',
    );
  }

  #release(): void {
    this.#cancelConnect?.();
    this.#transmission = null;
    this.#granted = false;
    this.#shared.pool.release(this);
    if (!this.#buffer.isEmpty) this.#shared.pool.acquire(this);
  }

  /** Drops the oldest audio of an engine that is away for too long; a hundredth at once, to notify seldom. */
  #keepWithinLimit(): void {
    const buffer = this.#buffer;
    const limit = (this.#shared.timings.maxBufferedMs * this.#options.audio.sampleRateHz) / 1000;
    if (buffer.end - buffer.start <= limit) return;
    buffer.forgetBefore(buffer.end - 0.99 * limit);
    const transmission = this.#transmission;
    // What was sent and not answered is lost only if this connection breaks, and is counted then.
    if (transmission !== null && transmission.sent >= buffer.start) return;
    this.#countLoss();
    if (transmission === null) return;
    // With a hole in its audio, the engine's times would be wrong.
    transmission.abandon();
    this.#transmission = null;
    this.#connectLater();
  }

  /** Audio that is neither final nor buffered is lost. */
  #countLoss(): void {
    const lost = this.#buffer.start - this.#captions.settled;
    if (lost <= 0) return;
    if (this.#lostMs === 0) {
      const { maxBufferedMs } = this.#shared.timings;
      this.#shared.log.error({ maxBufferedMs }, 'speech: live audio is being lost');
    }
    this.#lostMs += this.#msOf(lost);
    this.#shared.counters.lostMs += this.#msOf(lost);
    this.#emit(this.#captions.settle(this.#buffer.start));
    this.#forgetSettled();
    this.#notifier.set('delayed');
  }

  #emit(caption: SpeechCaption | null): void {
    if (caption === null) return;
    if (caption.isFinal) this.#shared.counters.finals += 1;
    this.#options.onCaption(caption);
  }

  #restartIdleTimer(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = this.#shared.clock.after(this.#shared.lingerMs, () => this.#transmission?.finish());
  }

  #end(): void {
    if (this.state === 'ended') return;
    this.#cancelIdle?.();
    this.#cancelClose?.();
    this.#transmission?.abandon();
    this.#notifier.set('ended');
    this.#buffer.forgetBefore(Number.POSITIVE_INFINITY);
    this.#release();
    this.#whenEnded.resolve();
  }

  #msOf(samples: number): number {
    return Math.round((samples * 1000) / this.#options.audio.sampleRateHz);
  }
}
