import type { CancelTimer, LiveOptions, LiveState, LiveStream, SpeechCaption } from '../../core/ports.ts';
import { Captions } from './captions.ts';
import type { ConnectionEnd } from './connection.ts';
import type { PoolWaiter } from './connection-pool.ts';
import { Failures } from './failures.ts';
import { captionLeftover } from './leftover.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import type { SharedParts } from './shared.ts';
import { StateNotifier } from './state-notifier.ts';
import { Timeline } from './timeline.ts';
import { bytesPerSample, openTransmission, type Transmission } from './transmission.ts';
import { UnansweredPause } from './unanswered-pause.ts';
import type { Asked, EngineResults } from './wire.ts';

/**
 * One speaker's stream over any number of connections. Audio goes into the replay buffer; each connection is sent it
 * from the end of the engine's last final on; what has become final leaves the buffer.
 */
export class Stream implements LiveStream, PoolWaiter {
  readonly #options: LiveOptions;
  readonly #asked: Asked;
  readonly #shared: SharedParts;
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
  readonly #failures: Failures;
  readonly #pause: UnansweredPause;
  #lostMs = 0;
  /** The speaker has said nothing since `flush`. */
  #paused = false;
  #closing = false;
  /** What is left is being transcribed as a recording. */
  #leaving = false;
  lastAudioMs: number;

  constructor(options: LiveOptions, shared: SharedParts) {
    this.#options = options;
    this.#asked = { live: options, hints: shared.hints(), mipOptOut: shared.mipOptOut };
    this.#shared = shared;
    this.#buffer = new ReplayBuffer(bytesPerSample(options.audio));
    this.#timeline = new Timeline(options.audio.sampleRateHz);
    this.#captions = new Captions(options.audio.sampleRateHz, this.#timeline);
    this.#notifier = new StateNotifier(
      shared.timings.delayedAfterMs,
      (state) => options.onState(state, { lostMs: this.#lostMs }),
      shared.clock,
    );
    this.#failures = new Failures(shared);
    this.#pause = new UnansweredPause(shared, options.audio.sampleRateHz, (position) =>
      this.#settleShown(position),
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

  get isSilent(): boolean {
    const { clock, timings } = this.#shared;
    const isQuiet = this.#paused || clock.monotonicMs() - this.lastAudioMs >= timings.idleAfterMs;
    return isQuiet && (this.#buffer.isEmpty || this.#transmission?.isComplete === true);
  }

  send(audio: Uint8Array, atMs: number): void {
    if (this.#closing || this.state === 'ended') return;
    this.#paused = false;
    this.lastAudioMs = this.#shared.clock.monotonicMs();
    this.#timeline.add(this.#buffer.add(audio, this.lastAudioMs), atMs);
    this.#restartIdleTimer();
    this.#keepWithinLimit();
    this.#transmit();
  }

  flush(): void {
    if (this.#closing || this.state === 'ended') return;
    this.#paused = true;
    this.#buffer.mark();
    this.#transmit();
  }

  close(): Promise<void> {
    if (!this.#closing && this.state !== 'ended') {
      this.#closing = true;
      const { clock, timings } = this.#shared;
      this.#cancelClose = clock.after(timings.closeTimeoutMs, () => this.#takeLeftover());
      const unsent = this.#buffer.end - (this.#transmission?.sent ?? this.#captions.settled);
      if (this.#msOf(unsent) > timings.farBehindMs) this.#takeLeftover();
      else this.#transmit();
    }
    return this.whenEnded;
  }

  queued(): void {
    this.#granted = false;
  }

  granted(): void {
    this.#granted = true;
    this.#connectLater();
  }

  preempt(): void {
    if (this.#transmission?.isFinishing) return;
    if (this.#transmission?.isOpen && this.isSilent) {
      this.#transmission.finish();
      return;
    }
    // Finals now would cut a word in two. All audio since the last final is sent again later.
    this.#abandon();
    this.#release();
  }

  #connectLater(): void {
    this.#cancelConnect = this.#shared.clock.after(this.#failures.reconnectDelayMs, () => this.#connect());
  }

  #connect(): void {
    this.#countLoss();
    // The speaker may have been silent for longer than this while there was no connection.
    this.#restartIdleTimer();
    this.#transmission = openTransmission(
      { asked: this.#asked, patience: this.#failures.patience },
      { buffer: this.#buffer, from: Math.max(this.#captions.settled, this.#buffer.start) },
      {
        onOpen: () => this.#transmit(),
        onDrain: () => this.#transmit(),
        onResults: (results) => this.#handleResults(results),
        onEnd: (end) => this.#handleEnd(end),
      },
      this.#shared,
    );
  }

  /** Sends what can be sent; else sees to it that there will be a connection. */
  #transmit(): void {
    const transmission = this.#transmission;
    if (transmission !== null) {
      this.#shared.counters.sentMs += this.#msOf(transmission.send());
      if (transmission.toldPause > this.#captions.settled) this.#pause.told(transmission.toldPause);
    }
    const allSent = transmission?.isComplete === true;
    this.#notifier.setBehind(!allSent && !this.#buffer.isEmpty);
    if (this.#leaving) return;
    if (!this.#granted && !this.#buffer.isEmpty) this.#shared.pool.acquire(this);
    if (!this.#closing) return;
    if (transmission === null && this.#buffer.isEmpty) this.#end();
    else if (allSent) transmission?.finish();
  }

  #handleResults(results: EngineResults): void {
    const transmission = this.#transmission;
    if (transmission === null) return;
    this.#failures.reset();
    const { base, sent } = transmission;
    const caption = this.#captions.apply(results, base, sent);
    const end = base + Math.round(results.endS * this.#options.audio.sampleRateHz);
    this.#pause.reported(end);
    const addedMs = caption?.words.length ? this.#buffer.addedMs(end - 1) : null;
    if (addedMs !== null) this.#shared.onCaptionDelay(this.#shared.clock.monotonicMs() - addedMs);
    this.#show(caption);
  }

  /** Shows a caption, and forgets what is settled by it. */
  #show(caption: SpeechCaption | null): void {
    if (caption !== null) {
      if (caption.isFinal) this.#shared.counters.finals += 1;
      this.#options.onCaption(caption);
    }
    this.#buffer.forgetBefore(this.#captions.settled);
    this.#timeline.forgetBefore(this.#captions.settled);
    this.#transmission?.skipForgotten();
    this.#pause.settled(this.#captions.settled);
  }

  #settleShown(position: number): void {
    this.#show(this.#captions.settleShown(position));
    this.#transmit();
  }

  #handleEnd(end: ConnectionEnd): void {
    const transmission = this.#transmission;
    this.#transmission = null;
    this.#pause.forget();
    if (end.kind === 'refused') {
      this.#shared.log.error({ ...end.fault }, 'speech: the engine refuses live streams');
      this.#lose(this.#buffer.end);
      this.#end();
      return;
    }
    if (end.kind === 'finished' && transmission !== null) {
      this.#show(this.#captions.settle(transmission.sent));
    }
    const { pool } = this.#shared;
    if (end.kind === 'broken') this.#failures.add(end);
    if (pool.connectionEnded(this, end)) return;
    // A connection that was finishing may have been preempted, so it is released even if it broke.
    if (transmission?.isFinishing || this.#buffer.isEmpty) this.#release();
    else this.#connectLater();
    this.#transmit();
  }

  #release(): void {
    this.#cancelConnect?.();
    this.#transmission = null;
    this.#granted = false;
    this.#shared.pool.release(this);
    if (!this.#buffer.isEmpty && !this.#leaving) this.#shared.pool.acquire(this);
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
    this.#abandon();
    this.#connectLater();
  }

  /** Audio that is neither final nor buffered is lost. */
  #countLoss(): void {
    if (this.#buffer.start <= this.#captions.settled) return;
    const { log, timings } = this.#shared;
    const { maxBufferedMs } = timings;
    if (this.#lostMs === 0) log.error({ maxBufferedMs }, 'speech: live audio is being lost');
    this.#lose(this.#buffer.start);
    this.#notifier.set('delayed');
  }

  /** What is not final before this position will have no words. */
  #lose(until: number): void {
    const lostMs = this.#msOf(Math.max(0, until - this.#captions.settled));
    this.#lostMs += lostMs;
    this.#shared.counters.lostMs += lostMs;
    this.#show(this.#captions.settle(until));
  }

  /** Has what is left transcribed as a recording, and ends. */
  #takeLeftover(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#cancelClose?.();
    this.#abandon();
    this.#release();
    const from = Math.max(this.#captions.settled, this.#buffer.start);
    const left = { from, buffer: this.#buffer, captions: this.#captions };
    void captionLeftover(left, this.#asked, this.#shared, (caption) => this.#show(caption)).then((isDone) => {
      if (!isDone) this.#lose(this.#buffer.end);
      this.#end();
    });
  }

  #abandon(): void {
    this.#pause.forget();
    if (this.#transmission === null) return;
    this.#transmission.abandon();
    this.#transmission = null;
    this.#shared.pool.connectionEnded(this, null);
  }

  #restartIdleTimer(): void {
    this.#cancelIdle?.();
    this.#cancelIdle = this.#shared.clock.after(this.#shared.lingerMs, () => this.#transmission?.finish());
  }

  #end(): void {
    if (this.state === 'ended') return;
    this.#cancelIdle?.();
    this.#cancelClose?.();
    this.#abandon();
    this.#notifier.set('ended');
    this.#buffer.forgetBefore(Number.POSITIVE_INFINITY);
    this.#release();
    this.#whenEnded.resolve();
  }

  #msOf(samples: number): number {
    return Math.round((samples * 1000) / this.#options.audio.sampleRateHz);
  }
}
