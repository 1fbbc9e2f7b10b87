import type { LiveOptions, LiveState, LiveStream, SpeechCaption } from '../../core/ports.ts';
import { Captions } from './captions.ts';
import { type Connection, type ConnectionEnd, openConnection } from './connection.ts';
import type { PoolWaiter } from './connection-pool.ts';
import { waitBeforeMs } from './pace.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { ShownState } from './shown-state.ts';
import type { StreamParts } from './stream-parts.ts';
import { Timeline } from './timeline.ts';
import type { EngineResults } from './wire.ts';

/** A few breaks in a row are the weather; this many are for whoever runs Parley to know. */
const FAILURES_TO_WARN = 5;
/** To eight minutes, when an engine may be silent for 30 s at first. */
const MOST_DOUBLINGS = 4;

/** A connection, and how much of the tape it has been sent. */
interface Playing {
  readonly connection: Connection;
  /** The position of its first sample: the engine counts its seconds from here. */
  readonly base: number;
  /** The number of the next item to send. */
  next: number;
  /** The position after the last sample that was sent. */
  sent: number;
  /** It was asked for its last finals; the seat is given back when it has ended. */
  finishing: boolean;
}

/**
 * One speaker's stream over as many connections as it takes. What is said goes onto the tape; whatever connection
 * there is plays it from where the engine's last final ended; what becomes final leaves the tape.
 */
export class Stream implements LiveStream, PoolWaiter {
  readonly #parts: StreamParts;
  readonly #options: LiveOptions;
  readonly #bytesPerSample: number;
  readonly #tape: ReplayBuffer;
  readonly #timeline: Timeline;
  readonly #captions: Captions;
  readonly #whenEnded = Promise.withResolvers<void>();
  readonly #linger: NodeJS.Timeout;
  readonly #state: ShownState;
  #seated = false;
  #playing: Playing | null = null;
  #connectTimer: NodeJS.Timeout | undefined;
  #closeTimer: NodeJS.Timeout | undefined;
  /** In a row: since the engine last answered anything. */
  #failures = 0;
  #retryAfterMs: number | null = null;
  #lostMs = 0;
  #closing = false;
  lastAudioMs: number;

  constructor(options: LiveOptions, parts: StreamParts) {
    this.#parts = parts;
    this.#options = options;
    this.#bytesPerSample = options.audio.encoding === 'linear16' ? 2 : 1;
    this.#tape = new ReplayBuffer(this.#bytesPerSample);
    this.#timeline = new Timeline(options.audio.sampleRateHz);
    this.#captions = new Captions(options.audio.sampleRateHz, this.#timeline);
    this.#state = new ShownState(parts.pace.delayedAfterMs, (state) =>
      options.onState(state, { lostMs: this.#lostMs }),
    );
    this.lastAudioMs = parts.nowMs();
    this.#linger = setTimeout(() => this.#finish(), parts.lingerMs);
  }

  /** Resolves when the stream is over, for whatever reason. */
  get whenEnded(): Promise<void> {
    return this.#whenEnded.promise;
  }

  get state(): LiveState {
    return this.#state.now;
  }

  send(audio: Uint8Array, atMs: number): void {
    if (this.#closing || this.#state.now === 'ended') return;
    this.lastAudioMs = this.#parts.nowMs();
    this.#timeline.add(this.#tape.add(audio, this.lastAudioMs), atMs);
    this.#linger.refresh();
    this.#keepWithinLimit();
    this.#play();
  }

  flush(): void {
    if (this.#closing || this.#state.now === 'ended') return;
    this.#tape.mark();
    this.#play();
  }

  close(): Promise<void> {
    if (!this.#closing && this.#state.now !== 'ended') {
      this.#closing = true;
      this.#closeTimer = setTimeout(() => {
        const pendingMs = this.#msOf(this.#tape.end - this.#captions.settled);
        this.#parts.log.warn({ pendingMs }, 'speech: live stream closed before its last finals came');
        this.#end();
      }, this.#parts.pace.closeWithinMs);
      this.#play();
    }
    return this.whenEnded;
  }

  seated(): void {
    this.#seated = true;
    const waitMs = waitBeforeMs(this.#failures, this.#retryAfterMs, this.#parts.pace, this.#parts.random);
    this.#connectTimer = setTimeout(() => this.#connect(), waitMs);
  }

  leave(): void {
    if (this.#playing?.finishing) return;
    const speaks = this.#parts.nowMs() - this.lastAudioMs < this.#parts.pace.idleAfterMs;
    if (this.#playing?.connection.takesAudio && !speaks) {
      this.#finish();
      return;
    }
    // Asking for the last finals now would cut a word in two: all since the last final is said again later.
    this.#playing?.connection.abandon();
    this.#giveSeatBack();
  }

  #connect(): void {
    const { apiKey, pace, url } = this.#parts;
    this.#countLoss();
    // Its speaker may have been silent for longer than this while it could not be had.
    this.#linger.refresh();
    const base = Math.max(this.#captions.settled, this.#tape.start);
    const connection = openConnection(
      {
        url,
        apiKey,
        bytesPerSecond: this.#options.audio.sampleRateHz * this.#bytesPerSample,
        patience: 2 ** Math.min(this.#failures, MOST_DOUBLINGS),
        pace,
      },
      {
        onOpen: () => this.#play(),
        onRoom: () => this.#play(),
        onResults: (results) => this.#hear(results),
        onEnd: (end) => this.#connectionEnded(end),
      },
    );
    this.#playing = { connection, base, next: this.#tape.numberAt(base), sent: base, finishing: false };
  }

  /** Sends what there is to send, as far as there is a connection for it; else sees to it that there will be one. */
  #play(): void {
    const playing = this.#playing;
    if (playing?.connection.takesAudio) this.#sendTo(playing);
    const allSent = playing !== null && this.#tape.item(playing.next) === null;
    this.#state.behind(!allSent && !this.#tape.isEmpty);
    if (!this.#seated && !this.#tape.isEmpty) this.#parts.seats.ask(this);
    if (!this.#closing) return;
    if (playing === null && this.#tape.isEmpty) this.#end();
    else if (allSent) this.#finish();
  }

  #sendTo(playing: Playing): void {
    const { connection } = playing;
    for (let item = this.#tape.item(playing.next); item !== null; item = this.#tape.item(playing.next)) {
      if (!connection.hasRoom) return;
      playing.next += 1;
      const { bytes, end, position } = this.#tape.from(item, playing.base);
      if (bytes === null) connection.finalize();
      else connection.sendAudio(bytes);
      this.#parts.tally.sentMs += this.#msOf(end - position);
      playing.sent = end;
    }
  }

  #hear(results: EngineResults): void {
    const playing = this.#playing;
    if (playing === null) return;
    this.#failures = 0;
    this.#retryAfterMs = null;
    const caption = this.#captions.hear(results, playing.base, playing.sent);
    if (caption?.words.length) this.#noteDelay(playing.base + this.#samplesOf(results.endS));
    this.#tell(caption);
    this.#forgetSettled();
  }

  #noteDelay(end: number): void {
    const addedMs = this.#tape.addedMs(end - 1);
    if (addedMs !== null) this.#parts.onCaptionDelay(this.#parts.nowMs() - addedMs);
  }

  #forgetSettled(): void {
    this.#tape.forgetBefore(this.#captions.settled);
    this.#timeline.forgetBefore(this.#captions.settled);
    // The mark of a pause goes with the audio before it, also when it could not be sent yet.
    if (this.#playing !== null) this.#playing.next = Math.max(this.#playing.next, this.#tape.firstNumber);
  }

  /** Ends the connection in order, with finals for all it was sent. Does nothing while there is none, or it opens. */
  #finish(): void {
    if (!this.#playing?.connection.takesAudio) return;
    this.#playing.finishing = true;
    this.#playing.connection.finish();
  }

  #connectionEnded(end: ConnectionEnd): void {
    const playing = this.#playing;
    this.#playing = null;
    if (end.kind === 'refused') {
      this.#parts.log.error({ ...end.fault }, 'speech: the engine refuses live streams');
      this.#end();
      return;
    }
    if (end.kind === 'finished' && playing !== null) {
      this.#tell(this.#captions.settle(playing.sent));
      this.#forgetSettled();
    }
    if (end.kind === 'broken') this.#noteFailure(end);
    // One that was to end may have been somebody else's turn, so its seat is free even if it broke.
    if (playing?.finishing || this.#tape.isEmpty) this.#giveSeatBack();
    else this.seated();
    this.#play();
  }

  #noteFailure({ fault, retryAfterMs }: Extract<ConnectionEnd, { kind: 'broken' }>): void {
    this.#failures += 1;
    this.#parts.tally.reconnects += 1;
    this.#retryAfterMs = retryAfterMs;
    const level = this.#failures === FAILURES_TO_WARN ? 'warn' : 'info';
    const fields = { ...fault, failures: this.#failures };
    this.#parts.log[level](fields, 'speech: live connection broke; the audio is kept');
  }

  #giveSeatBack(): void {
    clearTimeout(this.#connectTimer);
    this.#playing = null;
    this.#seated = false;
    this.#parts.seats.release(this);
    if (!this.#tape.isEmpty) this.#parts.seats.ask(this);
  }

  /** Gives up the oldest audio when the engine has been away for longer than is kept; in lumps, to tell of it seldom. */
  #keepWithinLimit(): void {
    const most = this.#samplesOf(this.#parts.pace.keepAudioMs / 1000);
    if (this.#tape.end - this.#tape.start <= most) return;
    this.#tape.forgetBefore(this.#tape.end - 0.99 * most);
    const playing = this.#playing;
    // Sent and not yet answered: it is lost only if this connection breaks, and is counted then.
    if (playing !== null && playing.sent >= this.#tape.start) return;
    this.#countLoss();
    if (playing === null) return;
    // A connection so far behind would be sent audio with a hole in it, and its times would be wrong.
    playing.connection.abandon();
    this.#playing = null;
    this.seated();
  }

  /** What is neither final nor on the tape any more will never be heard. */
  #countLoss(): void {
    const lost = this.#tape.start - this.#captions.settled;
    if (lost <= 0) return;
    if (this.#lostMs === 0) {
      this.#parts.log.error({ keptMs: this.#parts.pace.keepAudioMs }, 'speech: live audio is being lost');
    }
    this.#lostMs += this.#msOf(lost);
    this.#parts.tally.lostMs += this.#msOf(lost);
    this.#tell(this.#captions.settle(this.#tape.start));
    this.#forgetSettled();
    this.#state.set('delayed');
  }

  #tell(caption: SpeechCaption | null): void {
    if (caption === null) return;
    if (caption.isFinal) this.#parts.tally.finals += 1;
    this.#options.onCaption(caption);
  }

  #end(): void {
    if (this.#state.now === 'ended') return;
    clearTimeout(this.#linger);
    clearTimeout(this.#closeTimer);
    this.#playing?.connection.abandon();
    this.#state.set('ended');
    this.#tape.forgetBefore(Number.POSITIVE_INFINITY);
    this.#giveSeatBack();
    this.#whenEnded.resolve();
  }

  #samplesOf(seconds: number): number {
    return Math.round(seconds * this.#options.audio.sampleRateHz);
  }

  #msOf(samples: number): number {
    return Math.round((samples * 1000) / this.#options.audio.sampleRateHz);
  }
}
