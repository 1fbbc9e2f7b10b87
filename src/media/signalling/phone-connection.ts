import type { LegId } from '../../core/ids.ts';
import type { Clock, LegAudioOutput, Log } from '../../core/ports.ts';
import { backoffMs, retry } from '../../core/retry.ts';
import type { Phone } from '../phones/phone.ts';

/** After no worker took the phone's audio; opening it waits by itself for a worker that starts again. */
const BACKOFF = { firstMs: 500, longestMs: 8_000 };
/** A minute and a half with its waits: the person on the phone hears nothing meanwhile. */
const MAX_ATTEMPTS = 15;

interface PhoneConnectionOptions {
  readonly legId: LegId;
  /** Adds its audio to the room. */
  readonly openAudio: (options: { readonly paused: boolean; readonly lost: () => void }) => Promise<Phone>;
  /** Starts to play the room's mix to it; returns what stops that. */
  readonly startMix: (output: LegAudioOutput) => () => void;
  readonly mediaChanged: (media: Phone | null) => void;
  /** Its audio could not be added in the end. */
  readonly gaveUp: () => void;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}

/** A phone's side of its participant: the output to its leg, and its audio in the room, which survives its worker. */
export class PhoneConnection {
  readonly #options: PhoneConnectionOptions;
  #output: LegAudioOutput | null = null;
  #stopMix: () => void = () => {};
  #media: Phone | null = null;
  #muted = false;
  readonly #closing = new AbortController();

  constructor(options: PhoneConnectionOptions) {
    this.#options = options;
  }

  get legId(): LegId {
    return this.#options.legId;
  }

  /** Plays to this output from now on. Returns whether it is still the current one. */
  attach(output: LegAudioOutput): () => boolean {
    this.#stopMix();
    this.#output = output;
    this.#stopMix = this.#options.startMix(output);
    return () => this.#output === output;
  }

  /** Resolves after the first attempt to add its audio to the room; further attempts follow by themselves. */
  async connect(): Promise<void> {
    const attempted = Promise.withResolvers<void>();
    void this.#connectWithRetries(attempted.resolve);
    await attempted.promise;
  }

  receive(mulaw: Uint8Array, atMs: number): void {
    this.#media?.receive(mulaw, atMs);
  }

  /** Also after its audio moves to another worker. */
  async setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    await this.#applyMuted();
  }

  /** Closes, and tells the leg that it was removed. */
  remove(): void {
    const output = this.#output;
    this.close();
    output?.removed();
  }

  /** Idempotent. */
  close(): void {
    this.#closing.abort();
    this.#output = null;
    this.#stopMix();
    this.#media?.close();
    this.#media = null;
  }

  async #connectWithRetries(attempted: () => void): Promise<void> {
    const { clock, log, gaveUp } = this.#options;
    const { signal } = this.#closing;
    try {
      await retry(() => this.#openAudio().finally(attempted), {
        clock,
        signal,
        waitAfter(error, attempt) {
          log.warn({ err: error, attempt }, 'the audio of a phone is not in its room yet');
          return attempt < MAX_ATTEMPTS ? backoffMs(attempt, BACKOFF) : null;
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error }, 'a phone is removed: its audio could not be added to the room');
      gaveUp();
    }
  }

  async #openAudio(): Promise<void> {
    const { openAudio, mediaChanged } = this.#options;
    const { signal } = this.#closing;
    if (signal.aborted) return;
    const lost = (): void => {
      this.#media = null;
      mediaChanged(null);
      void this.connect();
    };
    const media = await openAudio({ paused: this.#muted, lost });
    if (signal.aborted) {
      media.close();
      return;
    }
    this.#media = media;
    mediaChanged(media);
    await this.#applyMuted();
  }

  /** The host may have muted it while its audio was opened. */
  async #applyMuted(): Promise<void> {
    const producer = this.#media?.sent.get('microphone')?.producer;
    if (producer === undefined || producer.paused === this.#muted) return;
    await (this.#muted ? producer.pause() : producer.resume());
    this.#options.mediaChanged(this.#media);
  }
}
