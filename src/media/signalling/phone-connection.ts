import type { LegId } from '../../core/ids.ts';
import type { Clock, LegAudioOutput, Log } from '../../core/ports.ts';
import type { Phone } from '../phones/phone.ts';

/** After no worker took the phone's audio; opening it waits by itself for a worker that starts again. */
const RETRY_AFTER_MS = 500;

interface PhoneConnectionOptions {
  readonly legId: LegId;
  /** Adds its audio to the room. */
  readonly openAudio: (options: { readonly paused: boolean; readonly lost: () => void }) => Promise<Phone>;
  /** Starts to play the room's mix to it; returns what stops that. */
  readonly startMix: (output: LegAudioOutput) => () => void;
  readonly mediaChanged: (media: Phone | null) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A phone's side of its participant: the output to its leg, and its audio in the room, which survives its worker. */
export class PhoneConnection {
  readonly #options: PhoneConnectionOptions;
  #output: LegAudioOutput | null = null;
  #stopMix: () => void = () => {};
  #media: Phone | null = null;
  #muted = false;
  #closed = false;

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
    if (!(await this.#tryToConnect())) void this.#retryConnect();
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
    this.#closed = true;
    this.#output = null;
    this.#stopMix();
    this.#media?.close();
    this.#media = null;
  }

  async #retryConnect(): Promise<void> {
    do await this.#options.clock.sleep(RETRY_AFTER_MS);
    while (!(await this.#tryToConnect()));
  }

  /** False when it has to be tried again. */
  async #tryToConnect(): Promise<boolean> {
    if (this.#closed) return true;
    const { openAudio, mediaChanged, log } = this.#options;
    try {
      const lost = (): void => {
        this.#media = null;
        mediaChanged(null);
        void this.connect();
      };
      const media = await openAudio({ paused: this.#muted, lost });
      if (this.#closed) {
        media.close();
        return true;
      }
      this.#media = media;
      mediaChanged(media);
      await this.#applyMuted();
      return true;
    } catch (error) {
      if (!this.#closed) log.warn({ err: error }, 'the audio of a phone is not in its room yet');
      return this.#closed;
    }
  }

  /** The host may have muted it while its audio was opened. */
  async #applyMuted(): Promise<void> {
    const producer = this.#media?.sent.get('microphone')?.producer;
    if (producer === undefined || producer.paused === this.#muted) return;
    await (this.#muted ? producer.pause() : producer.resume());
    this.#options.mediaChanged(this.#media);
  }
}
